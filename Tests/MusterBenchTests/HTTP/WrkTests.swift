import Testing

@testable import MusterBench

@Suite("wrk")
struct WrkTests {
    private static let output = """
        Running 2s test @ http://127.0.0.1:40000/
          1 threads and 32 connections
          Thread Stats   Avg      Stdev     Max   +/- Stdev
            Latency   432.13us   96.41us   3.27ms   88.32%
            Req/Sec    73.85k     2.85k   77.50k    85.00%
          147023 requests in 2.00s, 47.12MB read
        Requests/sec:  73482.62
        Transfer/sec:     23.55MB
        """

    @Test("says how many answers a second there were")
    func rate() {
        #expect(Wrk.rate(in: Self.output) == 73_482.62)
    }

    @Test("is not believed when it tells of failures, or of nothing")
    func failed() {
        #expect(Wrk.rate(in: "") == nil)
        #expect(Wrk.rate(in: Self.output + "\n  Non-2xx or 3xx responses: 12") == nil)
        #expect(Wrk.rate(in: "  Socket errors: connect 0, read 1\n" + Self.output) == nil)
    }
}
