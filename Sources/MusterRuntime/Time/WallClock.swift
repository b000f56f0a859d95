public import MusterCore

/// Where the time comes from, and how to wait for it.
public protocol WallClock: Sendable {
    /// The moment it is, by a clock that people and services set.
    func now() -> Timestamp

    /// The time on a clock that nobody sets. Where it began means nothing, only differences do.
    func uptime() -> Duration

    /// Waits for `duration`, whatever is done to the clock; throws `CancellationError` at once when the task is
    /// cancelled.
    func sleep(for duration: Duration) async throws
}
