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
    /// How many of the tasks that wait are held back by limits: they are not demand.
    public var notStartable = 0
    /// How many tasks each limit holds back.
    public var heldBack: [HeldBackTasks] = []
    /// Numbers older than this say nothing of now.
    public var demandStaleness = DecisionPolicy.demandStaleness
    /// What is assumed because the demand's source does not say it.
    public var assumption: DemandAssumption?
    /// How it prepares for work that has not come yet.
    public var anticipation = Anticipation()
    /// What is to be expected of its work, as far as it has been learned.
    public var outlook = DemandOutlook.unchanged
    /// How many more instances may be asked for, and when there will be more of them; nil without a brake.
    public var brake: Brake?
    /// What the pool's windows ask for; nil for a pool without any.
    public var scheduled: ScheduledFloor?
    /// Whether somebody knows which workers are idle.
    public var isIdleKnown = true
    /// What can be launched, and what is there of each. Archived ones with workers are among them.
    public var launchConfigs: [LaunchConfigSnapshot]
    /// Workers that hold no claim and have been idle for as long as the pool keeps idle ones, oldest first;
    /// bounded.
    public var idle: [IdleWorker]

    /// Makes a snapshot.
    public init(
        poolID: PoolID, scale: PoolScale, hold: Hold? = nil, demand: Demand,
        launchConfigs: [LaunchConfigSnapshot], brake: Brake? = nil, idle: [IdleWorker] = []
    ) {
        self.poolID = poolID
        self.scale = scale
        self.hold = hold
        self.demand = demand
        self.launchConfigs = launchConfigs
        self.brake = brake
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
        /// The pool's provider points elsewhere than where its instances are.
        case providerMoved(ProviderID, from: String, to: String)
        /// Its workers register, and nobody is there whom they could call.
        case needsService
        /// Its workers are made by people: none is launched, and none is retired for numbers.
        case madeByHand
    }

    /// The brake on instances per hour.
    public struct Brake: Hashable, Sendable {
        /// How many may be asked for within an hour.
        public var instancesPerHour: Int
        /// How many of them are left now.
        public var left: Int
        /// When the first of those that were asked for no longer counts; nil when none was.
        public var loosensAt: Timestamp?

        /// Makes a brake.
        public init(instancesPerHour: Int, asked: Int, first: Timestamp?) {
            self.instancesPerHour = instancesPerHour
            left = max(0, instancesPerHour - asked)
            loosensAt = first.map { $0 + DecisionPolicy.brakeWindow }
        }
    }

    /// What is assumed of a source that gives less than the queue knows.
    public enum DemandAssumption: Hashable, Sendable {
        /// That every claimed task is on a worker that is counted on.
        case claimsOnSupply
        /// That no task is claimed.
        case noClaims
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
    /// Until when its provider wants no calls for it; nil when it has not said.
    public var callsAgainAt: Timestamp?
    /// Whether its offerings are to be had.
    public var availability = Availability.open
    /// How many instances of it have been asked for of which nobody knows yet whether they come; nil for as many
    /// as are requested.
    public var unanswered: Int?

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
