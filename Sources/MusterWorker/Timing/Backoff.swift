import MusterCore

/// Waits between tries: twice as long each time up to a cap, each drawn from all of it ("full jitter"), so
/// that many who failed together do not try again together.
struct Backoff: Hashable, Sendable {
    /// The most that the first wait can be.
    let base: Duration
    /// The most that any wait can be.
    let cap: Duration

    /// The longest wait after `failures` failures in a row (1 or more).
    func bound(afterFailures failures: Int) -> Duration {
        min(cap, base * (1 << min(max(0, failures - 1), 30)))
    }

    /// A wait after `failures` failures in a row; not shorter than what the service asked for, as far as
    /// that is within the cap.
    func wait(afterFailures failures: Int, retryAfter: Duration? = nil, chance: Chance) -> Duration {
        let bound = self.bound(afterFailures: failures).milliseconds
        let drawn = Duration.milliseconds(chance.number(in: 0...bound))
        guard let retryAfter else { return drawn }
        return max(drawn, min(retryAfter, cap) + drawn / 2)
    }
}
