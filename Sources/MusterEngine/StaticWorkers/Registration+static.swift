import MusterCore
import MusterStore

extension WriteTransaction {
    /// Registers a worker once more that a person made: its program was started again, or wants new credentials
    /// before those that it has end, which hold until then.
    ///
    /// - Throws: `Problem` `registration-refused` for one that is on its way out.
    func registerAgain(
        _ worker: inout Worker, nonce: String?, _ lifecycle: Lifecycle, at now: Timestamp
    ) async throws {
        let old = worker
        let end = lifecycle.credentialsEnd(of: old, from: now)
        let effect = worker.registerAgain(at: now, nonce: nonce, expiresAt: end)
        guard effect != .none else {
            throw Problem(.registrationRefused, "the worker cannot be registered: it is being ended")
        }
        try await save(worker, was: old, lookAt: worker.nextLook(lifecycle, at: now))
        if case .became(let type) = effect { try await publish(worker.event(type, at: now)) }
    }
}

extension Lifecycle {
    /// When the credentials end that a worker gets now: never after the worker itself.
    func credentialsEnd(of worker: Worker, from now: Timestamp) -> Timestamp {
        let end = now + reregistrationTimeout
        return worker.endsAt.map { min($0, end) } ?? end
    }
}
