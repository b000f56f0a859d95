import MusterCore

/// Google's rate quotas are of whole minutes of the clock: what is used up comes back all at once with the next.
enum QuotaWindow {
    /// How long until the next minute has begun, at Google's clock too.
    static func rest(at now: Timestamp) -> Duration {
        let minute: Int64 = 60_000
        let past = ((now.milliseconds % minute) + minute) % minute
        return .milliseconds(minute - past) + GooglePolicy.windowMargin
    }
}
