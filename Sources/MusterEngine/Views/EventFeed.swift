import MusterCore
import MusterRuntime

/// Wakes those who wait for the next event.
///
/// They read the outbox themselves: what wakes them is the store's signal, which comes after the commit.
public final class EventFeed: Sendable {
    private struct State {
        var generation: UInt64 = 0
        var waiters: [UInt64: WakeSignal] = [:]
        var lastWaiter: UInt64 = 0
        var isClosed = false
    }

    private let context: EngineContext
    private let state = Locked(State())

    init(_ context: EngineContext) { self.context = context }

    /// How often it has woken people; to be read before the outbox is.
    public var generation: UInt64 { state.withLock { $0.generation } }

    /// How long somebody may wait at most.
    public var longestWait: Duration { context.policy.longestWait }

    /// Waits until there may be an event that a look at `generation` did not see, for `bound` at most, or until
    /// the task is cancelled; not at all once the engine stops.
    public func wait(after generation: UInt64, for bound: Duration) async {
        let signal = WakeSignal()
        let waiter = state.withLock { state -> UInt64? in
            guard !state.isClosed, state.generation == generation else { return nil }
            state.lastWaiter += 1
            state.waiters[state.lastWaiter] = signal
            return state.lastWaiter
        }
        guard let waiter else { return }
        await signal.wait(for: bound, clock: context.clock)
        state.withLock { $0.waiters[waiter] = nil }
    }

    /// How many wait.
    package var waiting: Int { state.withLock { $0.waiters.count } }

    /// Whether nobody is let wait any more.
    public var isClosed: Bool { state.withLock { $0.isClosed } }

    /// There is an event.
    func wake() { wakeAll { $0.generation += 1 } }

    /// Lets everybody go.
    func close() { wakeAll { $0.isClosed = true } }

    private func wakeAll(_ change: (inout State) -> Void) {
        let waiters = state.withLock { state in
            change(&state)
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.wake() }
    }
}
