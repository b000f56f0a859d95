public import MusterCore

/// Where the time comes from, and how to wait for it.
public protocol WallClock: Sendable {
    /// The moment it is.
    func now() -> Timestamp

    /// Waits for `duration`; throws `CancellationError` at once when the task is cancelled.
    func sleep(for duration: Duration) async throws
}
