/// Somebody who waits for slots in order: work that is not a task, or a task that has reserved.
public struct LimitWaiter: Hashable, Sendable {
    /// The moment that counts for tasks that have reserved: they come before all other tasks.
    public static let ahead = Timestamp(milliseconds: .min)

    /// Its place among those who wait.
    public var sequence: Int64
    /// The name under which it will hold the slots.
    public var holder: String
    /// The limits of which it waits for slots, in their order.
    public var limits: [LimitID]
    /// How many of each.
    public var slots: Int
    /// When it began to wait.
    public var askedAt: Timestamp
    /// The pool of a task that has reserved.
    public var poolID: PoolID?
    /// The sequence number of a task that has reserved.
    public var task: Int64?

    /// Makes a waiter.
    public init(
        sequence: Int64, holder: String, limits: [LimitID], slots: Int, askedAt: Timestamp,
        poolID: PoolID? = nil, task: Int64? = nil
    ) {
        self.sequence = sequence
        self.holder = holder
        self.limits = limits
        self.slots = slots
        self.askedAt = askedAt
        self.poolID = poolID
        self.task = task
    }

    /// Whether what comes free of its limits is kept for it before it can have all: tasks reserve when they have
    /// been unlucky for long, others do so by waiting for as long.
    func keeps(at now: Timestamp) -> Bool { task != nil || now - askedAt >= LimitPolicy.patience }
}

/// What those who wait in order leave to others.
public struct LimitLine: Sendable {
    /// Those who can have all that they wait for.
    public private(set) var ready: [LimitWaiter] = []
    /// What is kept of each limit for those who wait.
    public private(set) var kept: [LimitID: [LimitRoom.Kept]] = [:]
    /// What is free of each limit besides that.
    public private(set) var left: [LimitID: Int]

    /// Gives what is free to those who wait, in their order: all that they wait for, or else what is kept for
    /// them.
    ///
    /// - Parameters:
    ///   - waiters: in the order of their asking.
    ///   - free: how many slots of each limit are free; of a limit that is missing, as many as anybody wants.
    public init(_ waiters: some Sequence<LimitWaiter>, free: [LimitID: Int], at now: Timestamp) {
        left = free
        for waiter in waiters {
            let fits = waiter.limits.allSatisfy { left[$0, default: .max] >= waiter.slots }
            guard fits || waiter.keeps(at: now) else { continue }
            if fits { ready.append(waiter) }
            let since = waiter.task == nil ? waiter.askedAt : LimitWaiter.ahead
            for limit in waiter.limits {
                guard let free = left[limit], free != .max else { continue }
                let slots = min(free, waiter.slots)
                left[limit] = free - slots
                if slots > 0 { kept[limit, default: []].append(LimitRoom.Kept(since: since, slots: slots)) }
            }
        }
    }
}
