/// Tallies by bucket, of a launch config or of a whole pool.
public struct CapacityTable: Hashable, Sendable {
    private var tallies: [Bucket: CapacityTally]

    /// Makes a table.
    public init(_ tallies: [Bucket: CapacityTally] = [:]) {
        self.tallies = tallies.filter { $0.value != .zero }
    }

    /// The tally of one bucket.
    public subscript(bucket: Bucket) -> CapacityTally {
        get { tallies[bucket] ?? .zero }
        set { tallies[bucket] = newValue == .zero ? nil : newValue }
    }

    /// What will do work: running, or on its way.
    public var supply: Int { self[.requested].capacity + self[.running].capacity }

    /// What counts against the maximum: everything but what is overdue or gone.
    public var counted: Int {
        Bucket.allCases.filter { $0 != .overdue && $0 != .stopped }.map { self[$0].capacity }.reduce(0, +)
    }

    /// How many workers are not gone.
    public var living: Int { Bucket.allCases.filter { $0 != .stopped }.map { self[$0].workers }.reduce(0, +) }

    public static func + (left: CapacityTable, right: CapacityTable) -> CapacityTable {
        CapacityTable(left.tallies.merging(right.tallies, uniquingKeysWith: +))
    }
}
