import MusterRuntime

/// Counts events, and lets tests wait for the nth of them.
final class Milestone: Sendable {
    private struct State {
        var count = 0
        var waiting: [(goal: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Locked(State())

    var count: Int { state.withLock { $0.count } }

    func pass() {
        let reached = state.withLock { state in
            state.count += 1
            let count = state.count
            let reached = state.waiting.filter { $0.goal <= count }.map(\.continuation)
            state.waiting.removeAll { $0.goal <= count }
            return reached
        }
        for continuation in reached { continuation.resume() }
    }

    /// Returns once the event has been there `goal` times.
    func reach(_ goal: Int) async {
        await withCheckedContinuation { continuation in
            let isReached = state.withLock { state in
                if state.count >= goal { return true }
                state.waiting.append((goal, continuation))
                return false
            }
            if isReached { continuation.resume() }
        }
    }
}
