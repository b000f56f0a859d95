import Glibc
import Testing

@testable import MusterWorker

@Suite("The process's signals", .timeLimit(.minutes(3)))
struct WorkerSignalsTests {
    @Test("SIGHUP asks for the work limit to be read again")
    func reload() async throws {
        var signals = WorkerSignals.ofProcess().makeAsyncIterator()
        // Nothing tells when the handler is in place, and before it the signal would end this process.
        try #require(try await eventually { isCaught(SIGHUP) && isCaught(SIGTERM) && isCaught(SIGINT) })
        kill(getpid(), SIGHUP)
        #expect(await signals.next() == .reload)
    }

    private func isCaught(_ signal: Int32) -> Bool {
        var action = sigaction()
        return sigaction(signal, nil, &action) == 0 && action.__sigaction_handler.sa_handler != nil
    }
}
