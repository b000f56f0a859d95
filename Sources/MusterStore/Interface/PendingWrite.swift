import MusterCore
import MusterRuntime

/// A write that waits for its turn. Touched by its engine alone once it has been handed over.
protocol PendingWrite: Sendable {
    /// Runs the body; false when it threw. What an earlier run gave is forgotten.
    func perform(in transaction: any WriteTransaction) async -> Bool
    /// What the body threw, if that was a problem.
    var problem: Problem? { get }
    /// Takes the body for one that threw `error`, unless it threw another.
    func refuse(_ error: any Error)
    /// It is committed: answers with what the body gave or threw.
    func succeed()
    /// It is not committed: answers with the body's own error, or else with `error`.
    func fail(_ error: any Error)
}

/// A write with the type of its result.
final class TypedWrite<Value: Sendable>: PendingWrite {
    private let body: @Sendable (any WriteTransaction) async throws -> Value
    private let continuation: CheckedContinuation<Value, any Error>
    private let outcome = Locked<Result<Value, any Error>?>(nil)

    init(
        body: @escaping @Sendable (any WriteTransaction) async throws -> Value,
        continuation: CheckedContinuation<Value, any Error>
    ) {
        self.body = body
        self.continuation = continuation
    }

    func perform(in transaction: any WriteTransaction) async -> Bool {
        do {
            let value = try await body(transaction)
            outcome.withLock { $0 = .success(value) }
            return true
        } catch {
            outcome.withLock { $0 = .failure(error) }
            return false
        }
    }

    var problem: Problem? {
        guard case .failure(let error) = outcome.withLock({ $0 }) else { return nil }
        return error as? Problem
    }

    func refuse(_ error: any Error) {
        outcome.withLock { outcome in
            if case .success = outcome { outcome = .failure(error) }
        }
    }

    func succeed() {
        continuation.resume(with: outcome.withLock { $0 } ?? .failure(CancellationError()))
    }

    func fail(_ error: any Error) {
        if case .failure(let own) = outcome.withLock({ $0 }) {
            continuation.resume(throwing: own)
        } else {
            continuation.resume(throwing: error)
        }
    }
}
