/// Everything that a decision about one pool is made from.
public struct PoolSnapshot: Hashable, Sendable {
    /// The pool.
    public var poolID: PoolID
    /// How large it may be.
    public var scale: PoolScale
    /// Why nothing may be launched at all, when that is so: paused, frozen, deleted.
    public var hold: Hold?
    /// How much work waits.
    public var demand: Demand
    /// What can be launched, and what is there of each. Archived ones with workers are among them.
    public var launchConfigs: [LaunchConfigSnapshot]
    /// Workers that hold no claim and have been idle for as long as the pool keeps idle ones, oldest first;
    /// bounded.
    public var idle: [IdleWorker]

    /// Makes a snapshot.
    public init(
        poolID: PoolID, scale: PoolScale, hold: Hold? = nil, demand: Demand,
        launchConfigs: [LaunchConfigSnapshot], idle: [IdleWorker] = []
    ) {
        self.poolID = poolID
        self.scale = scale
        self.hold = hold
        self.demand = demand
        self.launchConfigs = launchConfigs
        self.idle = idle
    }

    /// Why a pool launches nothing.
    public enum Hold: Hashable, Sendable {
        /// Everything is frozen.
        case frozen
        /// A person paused the pool.
        case paused(until: Timestamp?)
        /// The pool has been deleted.
        case deleted
        /// Nothing by the name of the pool's provider is enabled.
        case noProvider(ProviderID)
        /// The provider wants fewer calls.
        case backingOff(until: Timestamp)
    }
}

/// A launch config and what is there of it.
public struct LaunchConfigSnapshot: Hashable, Sendable {
    /// Its name.
    public var id: LaunchConfigID
    /// Weight, bounds and capacity per instance.
    public var settings: LaunchConfigSettings
    /// Whether a person stopped launching from it.
    public var pause: Pause?
    /// Whether Muster stopped launching from it.
    public var isSuspended: Bool
    /// Whether it has left the pool's definition.
    public var isArchived: Bool
    /// What is there of it, by bucket.
    public var capacity: CapacityTable
    /// How its launches have gone lately.
    public var health: Health

    /// Makes a snapshot.
    public init(
        id: LaunchConfigID, settings: LaunchConfigSettings, pause: Pause? = nil, isSuspended: Bool = false,
        isArchived: Bool = false, capacity: CapacityTable = CapacityTable(), health: Health
    ) {
        self.id = id
        self.settings = settings
        self.pause = pause
        self.isSuspended = isSuspended
        self.isArchived = isArchived
        self.capacity = capacity
        self.health = health
    }
}

/// A worker that could be retired for its number.
public struct IdleWorker: Hashable, Sendable {
    /// Its name.
    public var key: WorkerKey
    /// How many tasks it could run.
    public var capacity: Int

    /// Makes an idle worker.
    public init(key: WorkerKey, capacity: Int) {
        self.key = key
        self.capacity = capacity
    }
}
