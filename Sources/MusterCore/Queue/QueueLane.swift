/// A part of a pool's queue: the tasks that wait for the same, so that either each of them could start or none.
public struct QueueLane: Hashable, Sendable {
    /// The limits of its tasks.
    public var limits: LimitSet
    /// The priority of its tasks where that goes across tenants; 0 where it does not, and then priorities count
    /// among a tenant's tasks alone.
    public var level: Int

    /// Names a lane.
    public init(limits: LimitSet, level: Int) {
        self.limits = limits
        self.level = level
    }
}

/// A tenant's tasks in a lane, as far as they have been looked at.
public struct QueuedTenant: Sendable {
    /// Whose they are.
    public var tenant: Tenant
    /// The number of its last turn; 0 for one that has never been served.
    public var turn: Int64
    /// Its first tasks there, the higher priority first, then the earlier one.
    public var heads: [QueueHead]
    /// Whether it may have more of them.
    public var isCutOff: Bool

    /// Makes a look at a tenant's tasks.
    public init(tenant: Tenant, turn: Int64, heads: [QueueHead], isCutOff: Bool) {
        self.tenant = tenant
        self.turn = turn
        self.heads = heads
        self.isCutOff = isCutOff
    }
}

/// A task that waits, as far as its turn depends on it.
public struct QueueHead: Hashable, Sendable {
    /// Its place in the order of submissions.
    public var sequence: Int64
    /// Its priority's rank.
    public var priority: Int
    /// About how large it is in an answer.
    public var bytes: Int
    /// When it was submitted.
    public var submittedAt: Timestamp
    /// Whether its deadline has passed, so that it is not handed out any more.
    public var isOverdue: Bool

    /// Makes a head.
    public init(sequence: Int64, priority: Int, bytes: Int, submittedAt: Timestamp, isOverdue: Bool) {
        self.sequence = sequence
        self.priority = priority
        self.bytes = bytes
        self.submittedAt = submittedAt
        self.isOverdue = isOverdue
    }
}

/// What is left of a limit.
public struct LimitRoom: Hashable, Sendable {
    /// How many slots are free.
    public var free: Int
    /// Slots that are kept for those who asked before a task: when they asked, and for how many.
    public var kept: [Kept]

    /// Slots that are kept.
    public struct Kept: Hashable, Sendable {
        /// Since when.
        public var since: Timestamp
        /// How many.
        public var slots: Int

        /// Makes a reservation.
        public init(since: Timestamp, slots: Int) {
            self.since = since
            self.slots = slots
        }
    }

    /// Room of a limit that holds nobody back.
    public static let unlimited = LimitRoom(free: .max)

    /// Makes room.
    public init(free: Int, kept: [Kept] = []) {
        self.free = free
        self.kept = kept
    }

    /// Gives up the slot that was kept for the first that reserved.
    mutating func giveUpReservation() {
        if let first = kept.firstIndex(where: { $0.since == LimitWaiter.ahead }) { kept.remove(at: first) }
    }

    /// Whether a task that was submitted at a moment may take a slot: those who asked before it come first.
    public func admits(submittedAt moment: Timestamp) -> Bool {
        free > kept.reduce(0) { $1.since <= moment ? $0 + $1.slots : $0 }
    }
}
