public import MusterCore
public import MusterRuntime

/// A clock that does not let anybody wait: who sleeps moves it on by as much, and goes on.
///
/// For calls that wait between their tries, where a test is about what comes of them and not about when.
public final class HastyClock: WallClock {
    private let state: Locked<(now: Timestamp, uptime: Duration)>

    /// Starts at a moment; an arbitrary one unless the test says which.
    public init(at now: Timestamp = Timestamp(milliseconds: 1_800_000_000_000)) {
        state = Locked((now, .zero))
    }

    public func now() -> Timestamp { state.withLock { $0.now } }

    public func uptime() -> Duration { state.withLock { $0.uptime } }

    public func sleep(for duration: Duration) async throws {
        try Task.checkCancellation()
        advance(by: max(duration, .zero))
        await Task.yield()
    }

    /// Moves the time on.
    public func advance(by duration: Duration) {
        state.withLock { state in
            state.now = state.now + duration
            state.uptime += duration
        }
    }
}
