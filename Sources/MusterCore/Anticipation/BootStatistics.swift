/// How long a launch config's workers take from the decision to launch them to their registration: a mean in which
/// the last ones count most.
public struct BootStatistics: Hashable, Sendable {
    /// Seconds.
    public private(set) var mean: Double
    /// How many it is the mean of; no more than make a difference.
    public private(set) var count: Int

    /// Nothing known, or as it was stored.
    public init(mean: Double = 0, count: Int = 0) {
        self.mean = mean
        self.count = count
    }

    /// Takes another worker's time into the mean.
    public mutating func add(_ duration: Duration) {
        count = min(count + 1, DecisionPolicy.bootsRemembered)
        mean += (max(0, duration.inSeconds) - mean) / Double(count)
    }

    /// How long a worker of these launch configs takes to come: the mean of those that may launch, by their weights.
    ///
    /// Where nothing is known of any of them, two minutes.
    public static func lead(of configs: [(boots: BootStatistics, weight: Double)]) -> Duration {
        let known = configs.filter { $0.boots.count > 0 && $0.weight > 0 }
        let weight = known.reduce(0) { $0 + $1.weight }
        guard weight > 0 else { return DecisionPolicy.unknownBoot }
        let mean = known.reduce(0) { $0 + $1.boots.mean * $1.weight } / weight
        return .milliseconds(Int64((mean * 1_000).rounded()))
    }
}
