import MusterCore

/// When claims are renewed.
enum RenewalTime {
    /// How long a claim that ends in `left` goes on unrenewed: within the first two thirds of that, never
    /// less than `WorkerPolicy.shortestRenewal`.
    static func wait(for left: Duration, chance: Chance) -> Duration {
        let share = chance.share(in: WorkerPolicy.renewalShare)
        let wait = Double(max(0, left.milliseconds)) * share
        return max(WorkerPolicy.shortestRenewal, .milliseconds(Int64(wait)))
    }
}
