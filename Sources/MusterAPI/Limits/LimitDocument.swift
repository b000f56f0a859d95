public import MusterCore

/// A concurrency limit as it stands.
public struct LimitDocument: Codable, Hashable, Sendable {
    /// What pools and tasks refer to, whatever it is called.
    public var limitId: LimitID
    public var name: LimitName
    /// The pool whose own it is; absent for one that is shared.
    public var workerPoolId: PoolID?
    public var description: String
    /// How many there are.
    public var slots: Int
    /// Whether it holds anybody back.
    public var active: Bool
    /// `enqueue` or `cancel-new`.
    public var whenFull: ConcurrencyLimit.WhenFull
    /// How many slots come back in a second; absent for slots that are held and given back.
    public var slotsPerSecond: Double?
    /// How many slots are held.
    public var held: Int
    /// How many could be taken now; absent for a limit that is switched off.
    public var free: Int?
    public var created: Timestamp
    public var lastModified: Timestamp
    /// How many tasks wait that need a slot; absent in lists and in pools.
    public var waitingTasks: Int?
    /// How many wait in line for slots besides tasks; absent in lists and in pools.
    public var waitingHolders: Int?
    /// The pools that it is of; absent in lists and in pools.
    public var workerPools: [PoolID]?

    /// Makes a document.
    public init(_ limit: ConcurrencyLimit, held: Int, at now: Timestamp) {
        limitId = limit.id
        name = limit.name
        workerPoolId = limit.poolID
        description = limit.description
        slots = limit.slots
        active = limit.isActive
        whenFull = limit.whenFull
        slotsPerSecond = limit.rate?.slotsPerSecond
        self.held = held
        free = limit.isActive ? limit.free(held: held, at: now) : nil
        created = limit.createdAt
        lastModified = limit.modifiedAt
    }
}

/// Limits, by name, or a page of them.
public struct LimitsAnswer: PagedAnswer {
    public var limits: [LimitDocument]
    public var continuationToken: String?

    public var elements: [LimitDocument] { limits }

    public init(elements: [LimitDocument], continuationToken: String?) {
        limits = elements
        self.continuationToken = continuationToken
    }
}

/// Somebody who holds slots.
public struct LimitHolderDocument: Codable, Hashable, Sendable {
    /// `task:ID/RUN`, `task:ID`, or what it calls itself.
    public var holder: String
    public var slots: Int
    public var acquired: Timestamp
    /// When it ends unless it is renewed; absent for tasks, whose slots come back with their end.
    public var expires: Timestamp?

    /// Makes a document.
    public init(holder: String, slots: Int, acquired: Timestamp, expires: Timestamp?) {
        self.holder = holder
        self.slots = slots
        self.acquired = acquired
        self.expires = expires
    }
}

/// Those who hold slots of a limit, by name, or a page of them.
public struct LimitHoldersAnswer: PagedAnswer {
    public var holders: [LimitHolderDocument]
    public var continuationToken: String?

    public var elements: [LimitHolderDocument] { holders }

    public init(elements: [LimitHolderDocument], continuationToken: String?) {
        holders = elements
        self.continuationToken = continuationToken
    }
}

/// What a limit is to be: `POST /api/muster/v1/limits` makes one, `PATCH` changes what is named.
public struct LimitRequest: Codable, Sendable {
    public var name: LimitName?
    public var description: String?
    public var slots: Int?
    public var active: Bool?
    public var whenFull: ConcurrencyLimit.WhenFull?
    public var slotsPerSecond: Double?

    /// Makes a request.
    public init(
        name: LimitName? = nil, description: String? = nil, slots: Int? = nil, active: Bool? = nil,
        whenFull: ConcurrencyLimit.WhenFull? = nil, slotsPerSecond: Double? = nil
    ) {
        self.name = name
        self.description = description
        self.slots = slots
        self.active = active
        self.whenFull = whenFull
        self.slotsPerSecond = slotsPerSecond
    }
}
