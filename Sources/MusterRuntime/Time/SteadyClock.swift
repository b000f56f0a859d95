public import MusterCore

/// A clock that nobody sets: it says what another one said when it was made, and what has passed since.
///
/// For a process that lives on leases: setting the machine's clock must neither end them nor prolong them.
public struct SteadyClock: WallClock {
    private let clock: any WallClock
    private let madeAt: Timestamp
    private let uptimeThen: Duration

    /// Goes on from the moment that `clock` says.
    public init(_ clock: any WallClock = SystemClock()) {
        self.clock = clock
        madeAt = clock.now()
        uptimeThen = clock.uptime()
    }

    public func now() -> Timestamp { madeAt + (clock.uptime() - uptimeThen) }

    public func uptime() -> Duration { clock.uptime() }

    public func sleep(for duration: Duration) async throws { try await clock.sleep(for: duration) }
}
