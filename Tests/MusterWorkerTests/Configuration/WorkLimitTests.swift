import Testing

@testable import MusterWorker

@Suite("The work limit")
struct WorkLimitTests {
    @Test(
        "reads a number or unlimited, and nothing else",
        arguments: [
            ("8", WorkLimit.tasks(8)), (" 8\n", .tasks(8)), ("0", .tasks(0)), ("unlimited\n", .unlimited),
            ("1000000", .tasks(1_000_000)), ("1000001", nil), ("-1", nil), ("+1", nil), ("", nil),
            ("\n", nil),
            ("8 9", nil), ("many", nil), ("8.0", nil), ("99999999999999999999", nil),
        ] as [(String, WorkLimit?)])
    func reading(text: String, limit: WorkLimit?) {
        #expect(WorkLimit(text) == limit)
    }

    @Test("leaves room for what is missing, a batch at most")
    func room() {
        #expect(WorkLimit.tasks(8).room(beside: 0) == 8)
        #expect(WorkLimit.tasks(8).room(beside: 8) == 0)
        #expect(WorkLimit.tasks(2).room(beside: 8) == 0)
        #expect(WorkLimit.tasks(1_000).room(beside: 8) == WorkerPolicy.claimBatch)
        #expect(WorkLimit.unlimited.room(beside: 100_000) == WorkerPolicy.claimBatch)
    }
}
