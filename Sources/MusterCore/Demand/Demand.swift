/// How much work waits for a pool, as its task source told it.
public enum Demand: Hashable, Sendable {
    /// The numbers, and when they were true.
    case known(pending: Int, claimed: Int, observedAt: Timestamp)
    /// Nobody knows; never the same as none.
    case unknown(because: String)

    /// The same, or unknown when the numbers are too old to say anything of now.
    package func fresh(at now: Timestamp, within staleness: Duration = DecisionPolicy.demandStaleness)
        -> Demand
    {
        guard case .known(_, _, let observedAt) = self, now - observedAt > staleness else {
            return self
        }
        return .unknown(because: "the task source's numbers are from \(observedAt)")
    }
}
