import MusterCore
import MusterRuntime

/// A clock that stands still until a test moves it.
final class SteppedClock: WallClock {
    private struct Sleeper {
        var begin: Timestamp
        var time: Duration
        var continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var now = Timestamp(milliseconds: 1_800_000_000_000)
        var lastID = 0
        var sleepers: [Int: Sleeper] = [:]
        var cancelled: Set<Int> = []
        var watchers: [Int: (time: ClosedRange<Duration>, continuation: CheckedContinuation<Void, Never>)] =
            [:]
    }

    private let state = Locked(State())

    func now() -> Timestamp { state.withLock { $0.now } }

    func sleep(for duration: Duration) async throws {
        let id = newID()
        let isOver = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (answer, heard) = state.withLock { state -> (Bool?, [CheckedContinuation<Void, Never>]) in
                    if state.cancelled.remove(id) != nil { return (false, []) }
                    if duration <= .zero { return (true, []) }
                    state.sleepers[id] = Sleeper(begin: state.now, time: duration, continuation: continuation)
                    let heard = state.watchers.filter { $0.value.time.contains(duration) }
                    for id in heard.keys { state.watchers[id] = nil }
                    return (nil, heard.values.map(\.continuation))
                }
                for watcher in heard { watcher.resume() }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                let sleeper = state.sleepers.removeValue(forKey: id)
                if sleeper == nil { state.cancelled.insert(id) }
                return sleeper?.continuation
            }
            sleeper?.resume(returning: false)
        }
        if !isOver { throw CancellationError() }
    }

    /// Moves the time on, and wakes who has slept for long enough.
    func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now = state.now + duration
            let due = state.sleepers.filter { state.now - $0.value.begin >= $0.value.time }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.map(\.continuation)
        }
        for continuation in due { continuation.resume(returning: true) }
    }

    /// Waits until somebody sleeps for a time within `time`, or the test runs out of time.
    func untilSleeping(for time: ClosedRange<Duration>) async {
        let id = newID()
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isThere = state.withLock { state in
                    if state.cancelled.remove(id) != nil { return true }
                    if state.sleepers.values.contains(where: { time.contains($0.time) }) { return true }
                    state.watchers[id] = (time, continuation)
                    return false
                }
                if isThere { continuation.resume() }
            }
        } onCancel: {
            let watcher = state.withLock { state in
                let watcher = state.watchers.removeValue(forKey: id)
                if watcher == nil { state.cancelled.insert(id) }
                return watcher?.continuation
            }
            watcher?.resume()
        }
    }

    /// Waits until somebody sleeps for exactly `time`.
    func untilSleeping(for time: Duration) async { await untilSleeping(for: time...time) }

    private func newID() -> Int {
        state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
    }
}
