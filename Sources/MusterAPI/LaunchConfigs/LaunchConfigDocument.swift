public import MusterCore

/// A launch config as it stands.
public struct LaunchConfigDocument: Codable, Sendable {
    public var workerPoolId: PoolID
    public var launchConfigId: LaunchConfigID
    public var isArchived: Bool
    public var weight: Double
    public var errorRatio: Double
    /// Why the weight is 0, when it is.
    public var excluded: String?
    /// Until when it rests after failures, when it does.
    public var restsUntil: Timestamp?
    /// Until when none of its offerings is available, when that is so.
    public var unavailableUntil: Timestamp?
    /// How many of its instances may be tried at a time while it is new or recovers; absent for no bound.
    public var allowance: Int?
    /// Why it has been suspended until a person resumes it, if it has.
    public var suspendedReason: String?
    public var isPaused: Bool
    /// Until when it is paused, if that ends by itself.
    public var pausedUntil: Timestamp?
    public var pauseReason: String?
    public var initialWeight: Double
    public var capacityPerInstance: Int
    public var maxCapacity: Int?
    public var created: Timestamp
    public var lastModified: Timestamp
    /// By bucket; empty ones are left out.
    public var capacity: [String: CapacityTally]
    /// What is launched; absent in lists.
    public var content: Document?

    /// Makes a document, without the content.
    public init(
        _ config: LaunchConfig, weight: LaunchConfigWeight, capacity: CapacityTable, at now: Timestamp
    ) {
        workerPoolId = config.poolID
        launchConfigId = config.id
        isArchived = config.archivedAt != nil
        self.weight = weight.weight
        errorRatio = weight.errorRatio
        excluded = weight.exclusion?.rawValue
        restsUntil = weight.restsUntil
        unavailableUntil = weight.unavailableUntil
        allowance = weight.allowance
        suspendedReason = config.suspension
        let pause = config.pause.flatMap { $0.holds(at: now) ? $0 : nil }
        isPaused = pause != nil
        pausedUntil = pause?.until
        pauseReason = pause?.reason
        initialWeight = config.definition.settings.initialWeight
        capacityPerInstance = config.definition.settings.capacityPerInstance
        maxCapacity = config.definition.settings.maxCapacity
        created = config.createdAt
        lastModified = config.modifiedAt
        self.capacity = capacity.byName
    }
}

/// A page of launch configs, by pool and name.
public struct LaunchConfigsAnswer: PagedAnswer {
    public var launchConfigs: [LaunchConfigDocument]
    public var continuationToken: String?

    public var elements: [LaunchConfigDocument] { launchConfigs }

    public init(elements: [LaunchConfigDocument], continuationToken: String?) {
        launchConfigs = elements
        self.continuationToken = continuationToken
    }
}
