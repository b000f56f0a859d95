/// Wakes one waiter, now or as soon as it waits; several wakes before that are one.
public final class WakeSignal: Sendable {
    private struct State {
        var isSet = false
        var waiting: CheckedContinuation<Void, Never>?
    }

    private let state = Locked(State())

    /// Makes a signal that is not set.
    public init() {}

    /// Wakes the waiter.
    public func wake() {
        let waiting = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard let waiting = state.waiting else {
                state.isSet = true
                return nil
            }
            state.waiting = nil
            return waiting
        }
        waiting?.resume()
    }

    /// Waits for a wake, for `duration` at most, or until the task is cancelled. One waiter at a time.
    public func wait(for duration: Duration, clock: any WallClock) async {
        let timer = Task {
            try await clock.sleep(for: duration)
            self.wake()
        }
        defer { timer.cancel() }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isSet = state.withLock { state in
                    if state.isSet || Task.isCancelled {
                        state.isSet = false
                        return true
                    }
                    state.waiting = continuation
                    return false
                }
                if isSet { continuation.resume() }
            }
        } onCancel: {
            wake()
        }
    }
}
