import MusterHTTP
import MusterRuntime
import Testing

struct LatencyHistogramTests {
    @Test("a time is in the bin whose end it does not pass")
    func bins() {
        var histogram = LatencyHistogram()
        for milliseconds in [0, 5, 6, 1_000, 30_000, 30_001, 1_000_000] {
            histogram.add(.milliseconds(milliseconds))
        }
        histogram.add(.seconds(-1))
        #expect(histogram.counts == [3, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 2])
        #expect(histogram.count == 8)
        #expect(abs(histogram.sum - 1_061.012) < 1e-9)
    }

    @Test("quantiles are the ends of their bins")
    func quantiles() {
        var histogram = LatencyHistogram()
        #expect(histogram.quantile(0.5) == nil)
        for _ in 0..<99 { histogram.add(.milliseconds(20)) }
        histogram.add(.seconds(60))
        #expect(histogram.quantile(0) == 0.025)
        #expect(histogram.quantile(0.5) == 0.025)
        #expect(histogram.quantile(0.99) == 0.025)
        #expect(histogram.quantile(1) == 30)
    }

    @Test("two of them add up, and one survives being written and read")
    func sums() throws {
        var histogram = LatencyHistogram()
        histogram.add(.milliseconds(20))
        var other = LatencyHistogram()
        other.add(.seconds(2))
        histogram.add(other)
        #expect(histogram.count == 2)
        #expect(try JSON.decode(LatencyHistogram.self, from: JSON.encode(histogram)) == histogram)
        #expect(throws: (any Error).self) {
            try JSON.decode(LatencyHistogram.self, from: Array(#"{"counts":[1],"sum":1}"#.utf8))
        }
    }
}
