import MusterRuntime

/// Counts events, and lets tests wait for the nth of them.
public final class Milestone: Sendable {
    private struct Waiting {
        let goal: Int
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var count = 0
        var tickets = 0
        var cancelled: Set<Int> = []
        var waiting: [Int: Waiting] = [:]
    }

    private let state = Locked(State())

    /// A count of nothing yet.
    public init() {}

    /// How often it has happened.
    public var count: Int { state.withLock { $0.count } }

    /// It has happened once more.
    public func pass() {
        let reached = state.withLock { state in
            state.count += 1
            let count = state.count
            let reached = state.waiting.filter { $0.value.goal <= count }
            for ticket in reached.keys { state.waiting[ticket] = nil }
            return reached.values.map(\.continuation)
        }
        for continuation in reached { continuation.resume() }
    }

    /// Returns once the event has been there `goal` times. Throws when the test is out of time, which
    /// cancels it: a test that waits for what never comes fails instead of hanging.
    public func reach(_ goal: Int) async throws {
        let ticket = state.withLock { state in
            state.tickets += 1
            return state.tickets
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let outcome: Result<Void, any Error>? = state.withLock { state in
                    if state.cancelled.contains(ticket) { return .failure(CancellationError()) }
                    if state.count >= goal { return .success(()) }
                    state.waiting[ticket] = Waiting(goal: goal, continuation: continuation)
                    return nil
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            let waiting = state.withLock { state in
                state.cancelled.insert(ticket)
                return state.waiting.removeValue(forKey: ticket)
            }
            waiting?.continuation.resume(throwing: CancellationError())
        }
    }
}
