extension PlanReason {
    /// What would change it: what a person could do, or what it waits for; nil where nothing is held back.
    public var remedy: String? {
        switch self {
        case .demandUnknown: "It ends when the task source answers with numbers that are new enough."
        case .held(let hold): hold.remedy
        case .heldBack(let held): "More slots of \(held.limit), or tasks that end and give theirs back."
        case .minimum: "A smaller minCapacity lets idle workers go."
        case .scheduled(_, _, let until): until == nil ? "Another schedule of the pool." : nil
        case .scheduleUnknown: "The files of those time zones on this machine (tzdata), or other zones."
        case .maximum: "A larger maxCapacity."
        case .roomTaken:
            "It ends when these workers are gone, and after stoppingTimeout they no longer count; a larger "
                + "maxCapacity would let others start meanwhile."
        case .throttled:
            "It ends by itself; higher quotas of the provider's calls, or fewer callers of the same account."
        case .resting: "A launch that succeeds then ends it; other launch configs take its share meanwhile."
        case .unavailable: "Other instance types, zones or markets in the launch config, or more quota."
        case .probing: "It ends with the answer to that launch."
        case .recovering:
            "Each of its instances that comes, or of a new one each worker, lets it be tried with more."
        case .allSuspended: "muster launch-config resume, once what kept its workers from work is mended."
        case .noRoom: "Another launch config, or larger bounds of those there are."
        case .braked: "A larger instancesPerHour of the pool, or time."
        case .idleUnknown: "A task source that says which workers are idle."
        case .headroom(_, let source), .kept(_, let source): source.remedy
        case .freedFirst: "A larger waitValue of the pool, or anticipate.freed: false."
        case .wantedForDemand, .surplus, .assumed: nil
        }
    }
}

extension PoolSnapshot.Hold {
    fileprivate var remedy: String {
        switch self {
        case .frozen: "muster unfreeze"
        case .paused: "muster pool resume"
        case .deleted: "A new definition of the pool."
        case .noProvider: "The provider in muster.yaml, or another providerId of the pool."
        case .providerMoved:
            "Point the provider back in muster.yaml, and give the new place a provider of its own; or, when the old "
                + "place is gone for good, muster provider forget."
        case .needsService: "A muster serve that runs, or registration: none."
        case .madeByHand: "muster worker create"
        }
    }
}

extension HeadroomSource {
    fileprivate var remedy: String {
        switch self {
        case .learned: "A smaller waitValue of the pool, or headroom: none."
        case .own: "A smaller headroom of the pool."
        case .scheduled: "Another schedule of the pool."
        }
    }
}
