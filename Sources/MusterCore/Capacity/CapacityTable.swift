/// Tallies by bucket, of a launch config or of a whole pool.
///
/// A field for each bucket: a decision adds up hundreds of tables, and none of them is worth an allocation.
public struct CapacityTable: Hashable, Sendable {
    private var requested = CapacityTally.zero
    private var running = CapacityTally.zero
    private var suspected = CapacityTally.zero
    private var quarantined = CapacityTally.zero
    private var draining = CapacityTally.zero
    private var stopping = CapacityTally.zero
    private var overdue = CapacityTally.zero
    private var stopped = CapacityTally.zero

    /// Makes a table.
    public init(_ tallies: [Bucket: CapacityTally] = [:]) {
        for (bucket, tally) in tallies { self[bucket] = tally }
    }

    /// The tally of one bucket.
    public subscript(bucket: Bucket) -> CapacityTally {
        get {
            switch bucket {
            case .requested: requested
            case .running: running
            case .suspected: suspected
            case .quarantined: quarantined
            case .draining: draining
            case .stopping: stopping
            case .overdue: overdue
            case .stopped: stopped
            }
        }
        set {
            switch bucket {
            case .requested: requested = newValue
            case .running: running = newValue
            case .suspected: suspected = newValue
            case .quarantined: quarantined = newValue
            case .draining: draining = newValue
            case .stopping: stopping = newValue
            case .overdue: overdue = newValue
            case .stopped: stopped = newValue
            }
        }
    }

    /// What will do work: running, or on its way.
    public var supply: Int { requested.capacity + running.capacity }

    /// What counts against the maximum: everything but what is overdue or gone.
    public var counted: Int {
        supply + suspected.capacity + quarantined.capacity + draining.capacity + stopping.capacity
    }

    /// How many workers are not gone.
    public var living: Int { Bucket.allCases.filter { $0 != .stopped }.map { self[$0].workers }.reduce(0, +) }

    public static func + (left: CapacityTable, right: CapacityTable) -> CapacityTable {
        var sum = CapacityTable()
        for bucket in Bucket.allCases { sum[bucket] = left[bucket] + right[bucket] }
        return sum
    }
}
