/// How many may do something at once, or how often.
public struct ConcurrencyLimit: Hashable, Sendable {
    /// What becomes of a task that is submitted while nothing is free.
    public enum WhenFull: String, CaseIterable, Codable, Sendable {
        /// It waits for its turn, and takes a slot when a worker claims it.
        case enqueue
        /// It takes a slot at its submission, or its submission is refused.
        case cancelNew = "cancel-new"
    }

    /// Slots that come back with time, and by nothing else.
    public struct Rate: Hashable, Sendable {
        /// How many come back in a second.
        public var slotsPerSecond: Double
        /// How many there were when they were last counted, which is when some were taken.
        public var tokens: Double
        /// When that was.
        public var countedAt: Timestamp

        /// Makes a rate.
        public init(slotsPerSecond: Double, tokens: Double, countedAt: Timestamp) {
            self.slotsPerSecond = slotsPerSecond
            self.tokens = tokens
            self.countedAt = countedAt
        }
    }

    /// What refers to it.
    public var id: LimitID
    /// What people call it.
    public var name: LimitName
    /// The pool whose own it is; nil for one that is shared.
    public var poolID: PoolID?
    /// What it is for.
    public var description: String
    /// How many there are.
    public var slots: Int
    /// Whether it holds anybody back. Holders are recorded all the same.
    public var isActive: Bool
    /// What becomes of tasks that find nothing free.
    public var whenFull: WhenFull
    /// Nil for slots that are held and given back.
    public var rate: Rate?
    /// When it was made.
    public var createdAt: Timestamp
    /// When it last changed.
    public var modifiedAt: Timestamp

    /// Makes a limit.
    public init(
        id: LimitID, name: LimitName, poolID: PoolID? = nil, description: String = "", slots: Int,
        isActive: Bool = true, whenFull: WhenFull = .enqueue, rate: Rate? = nil, createdAt: Timestamp,
        modifiedAt: Timestamp
    ) {
        self.id = id
        self.name = name
        self.poolID = poolID
        self.description = description
        self.slots = slots
        self.isActive = isActive
        self.whenFull = whenFull
        self.rate = rate
        self.createdAt = createdAt
        self.modifiedAt = modifiedAt
    }

    /// How many slots somebody could take now who needs no more than there are.
    ///
    /// - Parameter held: how many slots are held; does not matter to a rate.
    public func free(held: Int, at now: Timestamp) -> Int {
        guard isActive else { return .max }
        guard let rate else { return max(0, slots - held) }
        // What a rate of tenths adds up to is a whole number but for the last bits.
        return Int(rate.tokens(at: now, of: slots) + LimitPolicy.tokenTolerance)
    }

    /// Takes slots that come back with time; nothing for those that are given back.
    public mutating func spend(_ count: Int, at now: Timestamp) {
        guard let rate else { return }
        self.rate?.tokens = max(0, rate.tokens(at: now, of: slots) - Double(count))
        self.rate?.countedAt = max(now, rate.countedAt)
    }

    /// When so many slots will have come back, if nobody takes one; nil when they are there, or will never be.
    public func comesBack(_ count: Int, after now: Timestamp) -> Timestamp? {
        guard isActive, let rate, count <= slots, free(held: 0, at: now) < count else { return nil }
        let missing = Double(count) - rate.tokens(at: now, of: slots)
        let milliseconds = (missing / rate.slotsPerSecond * 1_000).rounded(.up)
        return max(now, rate.countedAt) + .milliseconds(Int64(min(milliseconds, 1e12)))
    }
}

extension ConcurrencyLimit.Rate {
    /// How many slots there are at a moment. Reckoned from when they were last taken, so that looking changes
    /// nothing.
    func tokens(at now: Timestamp, of slots: Int) -> Double {
        let elapsed = max(0, (now - countedAt).inSeconds)
        return min(Double(slots), tokens + elapsed * slotsPerSecond)
    }
}
