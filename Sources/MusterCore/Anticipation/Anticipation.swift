/// How a pool prepares for work that has not come yet. Each part can be switched off.
public struct Anticipation: Hashable, Sendable {
    /// Whether tasks that running workers will have taken before a new one could come launch none.
    public var countsOnFreed = true
    /// Whether idle workers are kept for as long as recent work justifies it, rather than for a fixed time.
    public var keepsByNeed = true
    /// Room beyond what waits and runs.
    public var headroom = Headroom.auto
    /// How many hours of an idle worker an hour of a waiting task is worth.
    public var waitValue = DecisionPolicy.waitValue

    /// The usual way: all of it.
    public init() {}

    /// Nothing is anticipated: the plain formula.
    public static let off: Anticipation = {
        var off = Anticipation()
        off.countsOnFreed = false
        off.keepsByNeed = false
        off.headroom = .none
        return off
    }()

    /// Whether anything depends on what has been learned.
    public var isLearning: Bool { countsOnFreed || keepsByNeed || headroom == .auto }

    /// The part of the cases to be ready for.
    ///
    /// With an hour of waiting worth w hours of idling, the expected cost is least when a worker more is idle in
    /// w of w + 1 cases: the newsvendor's critical ratio (Arrow, Harris and Marschak 1951).
    public var coverage: Double { waitValue / (waitValue + 1) }

    /// The same for keeping what is there: who ends a worker that is needed again pays its boot besides the wait.
    public var keepingCoverage: Double {
        let value = waitValue * DecisionPolicy.keepingWorth
        return value / (value + 1)
    }

    /// How long an idle worker is kept that nothing justifies: the pool's idle time, or less where need decides.
    public func idleTime(_ lifecycle: Lifecycle) -> Duration {
        keepsByNeed ? min(lifecycle.idleTimeout, DecisionPolicy.leastIdleTime) : lifecycle.idleTimeout
    }

    /// Room beyond what waits and runs.
    public enum Headroom: Hashable, Sendable {
        /// As much as recent bursts justify.
        case auto
        /// None.
        case none
        /// So much capacity.
        case fixed(Int)
        /// A part of what waits and runs, in per cent.
        case percent(Double)
    }
}
