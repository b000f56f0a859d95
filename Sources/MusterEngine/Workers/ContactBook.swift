import MusterCore
import MusterRuntime
import MusterStore

/// Who called when; written down together every few seconds.
///
/// A crash loses seconds of it, which harms nobody: deadlines start again after an outage.
final class ContactBook: Sendable {
    private let context: EngineContext
    private let calls = Locked<[WorkerKey: Timestamp]>([:])

    init(_ context: EngineContext) { self.context = context }

    /// Notes that a worker has called.
    func note(_ worker: WorkerKey) {
        let now = context.clock.now()
        calls.withLock { $0[worker] = now }
    }

    /// Writes down who has called since the last time.
    func write() async throws {
        let noted = calls.withLock { calls in
            defer { calls = [:] }
            return calls
        }
        guard !noted.isEmpty else { return }
        do {
            try await write(noted)
        } catch {
            // What has been noted since is later.
            calls.withLock { $0.merge(noted) { since, _ in since } }
            throw error
        }
    }

    private func write(_ noted: [WorkerKey: Timestamp]) async throws {
        // The clock may have been set back since: no contact is of the future.
        let now = context.clock.now()
        let noted = noted.mapValues { min($0, now) }
        try await context.write(
            in: .pools(Set(noted.keys.map(\.poolID))), reaching: .contactsNoted
        ) { transaction in
            for (key, at) in noted.sorted(by: { $0.key < $1.key }) {
                guard let old = try await transaction.worker(key), old.state != .stopped else { continue }
                if old.contactedAt == nil { try await transaction.hear(from: old, at: at) }
                var worker = old
                if case .became(let type) = worker.contact(at: at) {
                    try await transaction.save(worker, was: old, lookAt: at)
                    try await transaction.publish(worker.event(type, at: at))
                } else {
                    try await transaction.noteContact(of: key, at: at)
                }
            }
        }
    }
}
