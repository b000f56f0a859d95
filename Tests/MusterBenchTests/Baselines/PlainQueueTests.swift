import MusterTesting
import Testing

@testable import MusterBench

@Suite("Single rows of SQLite")
struct PlainQueueTests {
    @Test("are claimed once each, until there is none")
    func claims() throws {
        let folder = try TemporaryFolder()
        let queue = try PlainQueue(path: folder.path + "/plain.db", rows: 12)
        #expect(try queue.rate(of: 10) > 0)
        try queue.check()
        try queue.claim()
        try queue.claim()
        #expect(throws: (any Error).self) { try queue.claim() }
    }
}
