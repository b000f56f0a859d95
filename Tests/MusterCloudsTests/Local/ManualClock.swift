import MusterCore
import MusterRuntime

/// A clock that stands still until it is told to go on.
final class ManualClock: WallClock {
    private struct State {
        var now = Timestamp(milliseconds: 1_800_000_000_000)
        var lastID = 0
        var sleepers: [Int: (due: Timestamp, wake: CheckedContinuation<Void, any Error>)] = [:]
        var watchers: [(count: Int, wake: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Locked(State())

    func now() -> Timestamp { state.withLock { $0.now } }

    func sleep(for duration: Duration) async throws {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (wake: CheckedContinuation<Void, any Error>) in
                let watchers = state.withLock { state -> [CheckedContinuation<Void, Never>] in
                    if Task.isCancelled {
                        wake.resume(throwing: CancellationError())
                        return []
                    }
                    state.sleepers[id] = (state.now + duration, wake)
                    let count = state.sleepers.count
                    defer { state.watchers.removeAll { $0.count <= count } }
                    return state.watchers.filter { $0.count <= count }.map(\.wake)
                }
                for watcher in watchers { watcher.resume() }
            }
        } onCancel: {
            state.withLock { state in state.sleepers.removeValue(forKey: id)?.wake }?.resume(
                throwing: CancellationError())
        }
    }

    /// Waits until so many are asleep.
    func hasSleepers(_ count: Int) async {
        await withCheckedContinuation { wake in
            let isThere = state.withLock { state in
                if state.sleepers.count < count { state.watchers.append((count, wake)) }
                return state.sleepers.count >= count
            }
            if isThere { wake.resume() }
        }
    }

    /// How many are asleep.
    var sleepers: Int { state.withLock { $0.sleepers.count } }

    /// Lets time go by.
    func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now = state.now + duration
            let due = state.sleepers.filter { $0.value.due <= state.now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.map(\.wake)
        }
        for wake in due { wake.resume() }
    }
}
