/// What a pass decided about one pool, and why.
public struct Plan: Hashable, Sendable {
    /// How much work waits.
    public var demand: Demand
    /// The capacity that there should be.
    public var wanted: Int
    /// The capacity that there is, on its way included.
    public var supply: Int
    /// The capacity to launch.
    public var toLaunch: Int
    /// The launches that bring it, few and large.
    public var launches: [PlannedLaunch]
    /// The workers to retire because there are too many.
    public var retirements: [WorkerKey]
    /// What each launch config weighed, and why.
    public var weights: LaunchConfigWeights
    /// Why it is so, in the order decided.
    public var reasons: [PlanReason]

    /// When the first launch config may launch again that rests or waits; nil when nothing is missing or none
    /// does.
    public var restEnds: Timestamp? {
        reasons.compactMap { reason in
            switch reason {
            case .throttled(_, let until): until
            case .resting(_, let until): until
            case .unavailable(_, let until, _): until
            case .recovering(_, _, let until): until
            default: nil
            }
        }.min()
    }

    /// When it is no longer believed that running workers get through with what waits.
    public var beliefEnds: Timestamp? {
        reasons.compactMap { if case .freedFirst(_, _, let until) = $0 { until } else { nil } }.first
    }

    /// When the brake loosens, where it holds something back.
    public var brakeLoosens: Timestamp? {
        reasons.compactMap { if case .braked(_, let until) = $0 { until } else { nil } }.first
    }

    /// Whether more is there than is wanted, so that workers are retired as they idle.
    public var hasSurplus: Bool {
        reasons.contains { if case .surplus = $0 { true } else { false } }
    }
}

/// A launch that a plan asks for.
public struct PlannedLaunch: Hashable, Sendable {
    /// From what.
    public var launchConfigID: LaunchConfigID
    /// How many instances.
    public var count: Int
    /// How many tasks each of them runs at once.
    public var capacityPerInstance: Int

    /// Their capacity together.
    public var capacity: Int { count * capacityPerInstance }
}

/// A reason as a code with numbers; its sentence is made when a person looks.
public enum PlanReason: Hashable, Sendable {
    /// Demand could not be known: only the minimum is kept.
    case demandUnknown(because: String)
    /// Nothing is launched at all.
    case held(PoolSnapshot.Hold)
    /// So much is wanted for what waits and runs.
    case wantedForDemand(pending: Int, claimed: Int)
    /// A limit holds so many of the tasks that wait back.
    case heldBack(HeldBackTasks)
    /// The minimum decides.
    case minimum(Int)
    /// The pool's windows decide.
    case scheduled(minimum: Int, windows: [String], until: Timestamp?)
    /// Nobody knows whether these windows are open, so that they do not count.
    case scheduleUnknown(windows: [String])
    /// The maximum decides; without it so much would be wanted.
    case maximum(Int, wouldWant: Int)
    /// What is ending still counts against the maximum.
    case roomTaken(Int)
    /// A launch config's provider wants fewer calls.
    case throttled(LaunchConfigID, until: Timestamp)
    /// A launch config rests after failures, while others launch or nothing does.
    case resting(LaunchConfigID, until: Timestamp)
    /// None of a launch config's offerings is to be had.
    case unavailable(LaunchConfigID, until: Timestamp, because: String)
    /// None of a launch config's offerings was to be had, and one instance is on its way to find out.
    case probing(LaunchConfigID)
    /// A launch config that is new or recovers may be tried with no more for now.
    case recovering(LaunchConfigID, allowance: Int, until: Timestamp?)
    /// Every launch config that there is has been suspended.
    case allSuspended
    /// No launch config could take so much of what is to be launched.
    case noRoom(capacity: Int)
    /// The pool has asked for as many instances within the hour as it may.
    case braked(instancesPerHour: Int, until: Timestamp?)
    /// So much is wanted beyond what waits and runs, for what is expected while a worker boots.
    case headroom(Int, HeadroomSource)
    /// Running workers will have taken so many of the tasks that wait before a new one could; that is believed until
    /// then.
    case freedFirst(Int, lead: Duration, until: Timestamp?)
    /// So much idle capacity is kept, for work like the last hours' or on somebody's word.
    case kept(Int, HeadroomSource)
    /// More is there than is wanted.
    case surplus(Int)
    /// Nobody knows which of the workers are idle, so that none is retired for its number.
    case idleUnknown
    /// What the demand's source does not say.
    case assumed(PoolSnapshot.DemandAssumption)
}

/// On whose word there is room beyond what waits and runs.
public enum HeadroomSource: Hashable, Sendable {
    /// Work has risen by as much within the time that a worker takes to come.
    case learned(lead: Duration)
    /// The pool's definition says a number or a part.
    case own
    /// Open windows of the pool's schedule say it.
    case scheduled(windows: [String])
}
