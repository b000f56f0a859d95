/// What a bucket holds.
public struct CapacityTally: Hashable, Codable, Sendable {
    /// How many workers; for launches that are not settled, how many were asked for.
    public var workers: Int
    /// Their capacity together.
    public var capacity: Int
    /// How many claims they hold.
    public var claimed: Int

    /// Makes a tally.
    public init(workers: Int = 0, capacity: Int = 0, claimed: Int = 0) {
        self.workers = workers
        self.capacity = capacity
        self.claimed = claimed
    }

    /// Nothing.
    public static let zero = CapacityTally()

    public static func + (left: CapacityTally, right: CapacityTally) -> CapacityTally {
        CapacityTally(
            workers: left.workers + right.workers, capacity: left.capacity + right.capacity,
            claimed: left.claimed + right.claimed)
    }

    public static prefix func - (tally: CapacityTally) -> CapacityTally {
        CapacityTally(workers: -tally.workers, capacity: -tally.capacity, claimed: -tally.claimed)
    }
}
