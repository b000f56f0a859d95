/// What a person says a pool should be; the shape is the worker-manager API's.
public struct PoolDefinition: Hashable, Sendable {
    /// The pool's name.
    public var id: PoolID
    /// Where its workers run.
    public var providerID: ProviderID
    /// What it is for.
    public var description: String
    /// Who is asked about it: an e-mail address, or nothing.
    public var owner: String
    /// Whether the owner is told of errors.
    public var emailOnError: Bool
    /// How large it may be.
    public var scale: PoolScale
    /// Where it is read how much work waits for it.
    public var source: TaskSource
    /// The times that its workers have.
    public var lifecycle: Lifecycle
    /// Whether an urgent task of one tenant comes before another tenant's turn.
    public var priorityAcrossTenants = false
    /// After so many workers in a row that ran and never came to work a launch config is suspended; 0 for never.
    public var suspendAfter = DecisionPolicy.silentBeforeSuspension
    /// How it prepares for work that has not come yet.
    public var anticipation = Anticipation()
    /// The times in which it is to have more than its work asks for.
    public var schedule: [ScheduleWindow] = []
    /// The limit that its tasks are subject to.
    public var limit: PoolLimit?
    /// What may be launched for it.
    public var launchConfigs: [LaunchConfigDefinition]

    /// Makes a definition of values that have been checked.
    public init(
        id: PoolID, providerID: ProviderID, description: String = "", owner: String = "",
        emailOnError: Bool = false, scale: PoolScale, source: TaskSource = .queue,
        lifecycle: Lifecycle = Lifecycle(), launchConfigs: [LaunchConfigDefinition]
    ) {
        self.id = id
        self.providerID = providerID
        self.description = description
        self.owner = owner
        self.emailOnError = emailOnError
        self.scale = scale
        self.source = source
        self.lifecycle = lifecycle
        self.launchConfigs = launchConfigs
    }
}

/// The limit that a pool's tasks are subject to, as its definition says it.
public enum PoolLimit: Hashable, Sendable, CustomStringConvertible {
    /// One of its own, of so many slots.
    case own(slots: Int, whenFull: ConcurrencyLimit.WhenFull = .enqueue)
    /// A shared one.
    case shared(LimitName)

    public var description: String {
        switch self {
        case .own(let slots, .enqueue): "\(slots)"
        case .own(let slots, let whenFull): "\(slots), \(whenFull.rawValue)"
        case .shared(let name): name.rawValue
        }
    }
}

/// How large a pool may be, in capacity.
public struct PoolScale: Hashable, Sendable {
    /// Kept even when nothing waits.
    public var minCapacity: Int
    /// Never exceeded; wins over the minimum.
    public var maxCapacity: Int
    /// How much capacity is wanted for each pending task, 0 to 1.
    public var scalingRatio: Double
    /// The pool's own brake: so many instances may be asked for within any hour; nil for the usual one.
    public var instancesPerHour: Int?

    /// The brake that holds: without one of its own, every slot of a pool may be replaced once a minute.
    public var brake: Int { instancesPerHour ?? maxCapacity * DecisionPolicy.replacementsPerHour }

    /// Makes a scale.
    public init(
        minCapacity: Int = 0, maxCapacity: Int, scalingRatio: Double = 1, instancesPerHour: Int? = nil
    ) {
        self.minCapacity = minCapacity
        self.maxCapacity = maxCapacity
        self.scalingRatio = scalingRatio
        self.instancesPerHour = instancesPerHour
    }
}
