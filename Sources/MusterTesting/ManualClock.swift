public import MusterCore
public import MusterRuntime

/// A clock that stands still until a test moves it, or sets it.
public final class ManualClock: WallClock {
    private struct Sleeper {
        let due: Duration
        let time: Duration
        let wake: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var now: Timestamp
        var uptime = Duration.zero
        var lastID = 0
        var sleepers: [Int: Sleeper] = [:]
        var cancelled: Set<Int> = []
        var watchers: [(test: @Sendable ([Duration]) -> Bool, wake: CheckedContinuation<Void, Never>)] = []
    }

    private let state: Locked<State>

    /// Starts at a moment; an arbitrary one unless the test says which.
    public init(at now: Timestamp = Timestamp(milliseconds: 1_800_000_000_000)) {
        state = Locked(State(now: now))
    }

    public func now() -> Timestamp { state.withLock { $0.now } }

    public func uptime() -> Duration { state.withLock { $0.uptime } }

    public func sleep(for duration: Duration) async throws {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        let isOver = await withTaskCancellationHandler {
            await withCheckedContinuation { wake in
                let (answer, heard) = state.withLock { state -> (Bool?, [CheckedContinuation<Void, Never>]) in
                    if state.cancelled.remove(id) != nil { return (false, []) }
                    if duration <= .zero { return (true, []) }
                    state.sleepers[id] = Sleeper(due: state.uptime + duration, time: duration, wake: wake)
                    return (nil, Self.heard(&state))
                }
                for watcher in heard { watcher.resume() }
                if let answer { wake.resume(returning: answer) }
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                let sleeper = state.sleepers.removeValue(forKey: id)
                if sleeper == nil { state.cancelled.insert(id) }
                return sleeper
            }
            sleeper?.wake.resume(returning: false)
        }
        if !isOver { throw CancellationError() }
    }

    /// Moves the time on, and wakes who has slept for long enough.
    public func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now = state.now + duration
            state.uptime += duration
            let due = state.sleepers.filter { $0.value.due <= state.uptime }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.map(\.wake)
        }
        for wake in due { wake.resume(returning: true) }
    }

    /// Sets the clock, as a person does who corrects it: no time passes, and nobody wakes.
    public func set(by difference: Duration) { state.withLock { $0.now = $0.now + difference } }

    /// Waits until somebody sleeps for a time within `times`.
    public func untilSleeping(for times: ClosedRange<Duration>) async {
        await until { $0.contains { times.contains($0) } }
    }

    /// Waits until somebody sleeps for exactly `time`.
    public func untilSleeping(for time: Duration) async { await untilSleeping(for: time...time) }

    /// Waits until so many are asleep.
    public func hasSleepers(_ count: Int) async { await until { $0.count >= count } }

    /// How many are asleep.
    public var sleepers: Int { state.withLock { $0.sleepers.count } }

    private func until(_ test: @escaping @Sendable ([Duration]) -> Bool) async {
        await withCheckedContinuation { wake in
            let isThere = state.withLock { state in
                if test(state.sleepers.values.map(\.time)) { return true }
                state.watchers.append((test, wake))
                return false
            }
            if isThere { wake.resume() }
        }
    }

    private static func heard(_ state: inout State) -> [CheckedContinuation<Void, Never>] {
        let times = state.sleepers.values.map(\.time)
        let heard = state.watchers.filter { $0.test(times) }.map(\.wake)
        state.watchers.removeAll { $0.test(times) }
        return heard
    }
}
