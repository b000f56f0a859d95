import MusterCore
import MusterHTTP
import MusterRuntime

/// The buckets of instances that some actions have beside that of requests, by region and action.
final class InstanceBuckets: Sendable {
    private let rates: [String: CallRate]
    private let clock: any WallClock
    private let buckets = Locked<[String: TokenBucket]>([:])

    /// - Parameter rates: by the action's name, where it is not what AWS publishes.
    init(_ rates: [String: CallRate], clock: any WallClock) {
        self.rates = rates
        self.clock = clock
    }

    /// Waits until an action may be asked for so many instances.
    ///
    /// - Throws: `call-held` at once when that would be after `deadline` (an uptime); `cancelled`.
    func take(_ count: Int, for action: String, in region: String, until deadline: Duration)
        async throws(Problem)
    {
        guard count > 0, let rate = rates[action] ?? EC2Rates.instanceRate(action) else { return }
        while true {
            let now = clock.uptime()
            let wait = buckets.withLock { buckets in
                let key = "\(region)/\(action)"
                var bucket = buckets[key] ?? TokenBucket(rate, at: now)
                defer { buckets[key] = bucket }
                return bucket.take(Double(count), at: now) ? .zero : bucket.wait(for: Double(count), at: now)
            }
            guard wait > .zero else { return }
            guard now + wait <= deadline else {
                throw Problem(
                    .callHeld,
                    "\(action) of \(count) instances was not sent: EC2 takes so many in \(region) again in \(wait)"
                )
            }
            do {
                try await clock.sleep(for: wait)
            } catch {
                throw Problem(.cancelled, "the call was cancelled by the caller")
            }
        }
    }
}
