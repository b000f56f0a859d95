/// What a policy came to on a workload, as programs read it.
public struct SimulationResult: Hashable, Sendable, Encodable {
    /// How long tasks waited, in seconds; what a task waited before several runs counts together.
    public struct Waits: Hashable, Sendable, Encodable {
        public var mean: Double
        public var p50: Double
        public var p95: Double
        public var p99: Double
    }

    /// The policy's name.
    public var policy: String
    /// The workload's name.
    public var trace: String
    /// What chance was drawn from.
    public var seed: UInt64
    /// How many tasks came.
    public var tasks: Int
    /// How many were not done when nothing went forward any more; left out when it is none.
    public var unfinished: Int?
    /// How long they waited.
    public var waitSeconds: Waits
    /// What was billed: hours of instances from the cloud's answer until they were gone.
    public var workerHours: Double
    /// How long the tasks ran that were done, each counted once.
    public var taskHours: Double
    /// Task hours by worker hours.
    public var utilisation: Double
    /// Instances asked for.
    public var launches: Int
    /// Instances asked for that were refused, or whose workers never registered.
    public var failedLaunches: Int
    /// Hours of registered workers that ran nothing.
    public var idleHours: Double
    /// How long after the end of a trouble its launch configs got their share of launches again, the longest of
    /// several; nil without such a trouble, or when that never came.
    public var recoverySeconds: Double?

    private enum CodingKeys: CodingKey {
        case policy, trace, seed, tasks, unfinished, waitSeconds, workerHours, taskHours, utilisation,
            launches,
            failedLaunches, idleHours, recoverySeconds
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(policy, forKey: .policy)
        try container.encode(trace, forKey: .trace)
        try container.encode(seed, forKey: .seed)
        try container.encode(tasks, forKey: .tasks)
        try container.encodeIfPresent(unfinished, forKey: .unfinished)
        try container.encode(waitSeconds, forKey: .waitSeconds)
        try container.encode(workerHours, forKey: .workerHours)
        try container.encode(taskHours, forKey: .taskHours)
        try container.encode(utilisation, forKey: .utilisation)
        try container.encode(launches, forKey: .launches)
        try container.encode(failedLaunches, forKey: .failedLaunches)
        try container.encode(idleHours, forKey: .idleHours)
        // Null rather than nothing, so that every answer has the same members.
        try container.encode(recoverySeconds, forKey: .recoverySeconds)
    }
}

extension SimulationResult.Waits {
    /// Of waits in milliseconds, in any order; percentiles by nearest rank.
    init(_ waits: [Int64]) {
        let sorted = waits.sorted()
        func percentile(_ percent: Int) -> Double {
            guard !sorted.isEmpty else { return 0 }
            return Double(sorted[max(0, (sorted.count * percent + 99) / 100 - 1)]) / 1_000
        }
        let sum = sorted.reduce(0, +)
        self.init(
            mean: sorted.isEmpty ? 0 : Double(sum) / Double(sorted.count) / 1_000, p50: percentile(50),
            p95: percentile(95), p99: percentile(99))
    }
}
