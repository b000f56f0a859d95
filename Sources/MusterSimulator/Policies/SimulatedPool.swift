public import MusterCore

/// The pool as a pass sees it.
public struct SimulatedPool: Sendable {
    /// What it should be.
    public var settings: SimulatedPoolSettings
    /// How many tasks wait.
    public var pending: Int
    /// How many tasks run on workers that are counted on.
    public var claimed: Int
    /// How many run on workers that the cloud has said it will take back.
    public var reclaimed: Int
    /// When the numbers of tasks were true.
    public var observedAt: Timestamp
    /// The launch configs, with what is there of each.
    public var configs: [SimulatedConfig]
    /// Those that hold no task, the longest idle first.
    public var idle: IdleLine
    /// All there ever were, by number: the newest last.
    let workers: [SimulatedWorker]

    /// How many tasks run and want a worker: those whose workers will be taken back run again.
    public var toFinish: Int { claimed + reclaimed }

    /// What there is of all launch configs together.
    public var capacity: CapacityTable { configs.reduce(CapacityTable()) { $0 + $1.capacity } }
}

/// A launch config of the pool, as a pass sees it.
public struct SimulatedConfig: Sendable {
    /// Its name.
    public let id: LaunchConfigID
    /// Weight, bounds and capacity per instance.
    public let settings: LaunchConfigSettings
    /// What is there of it, by bucket; capacity that the cloud was asked for and has not answered is requested.
    public var capacity = CapacityTable()

    init(id: LaunchConfigID, settings: LaunchConfigSettings) {
        self.id = id
        self.settings = settings
    }
}

/// What a policy hears of. Launch configs are named by their places in the pool.
public enum SimulatedEvent: Sendable {
    /// A task has come.
    case arrived
    /// A task has ended; how long it ran.
    case finished(after: Duration)
    /// The cloud has answered a call: so many instances are there.
    case accepted(config: Int, instances: Int)
    /// The cloud has answered a call: so many instances are refused.
    case refused(config: Int, instances: Int, error: CloudError)
    /// A worker has registered; how long after its instance was asked for.
    case registered(config: Int, after: Duration)
    /// A worker has not registered in time, or was lost before.
    case neverRegistered(config: Int)
    /// A registered worker is gone.
    case gone(config: Int)
}
