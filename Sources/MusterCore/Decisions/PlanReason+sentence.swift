extension PlanReason {
    /// A word for programs.
    public var code: String {
        switch self {
        case .demandUnknown: "demand-unknown"
        case .held(.frozen): "frozen"
        case .held(.paused): "paused"
        case .held(.deleted): "deleted"
        case .held(.noProvider): "provider-unknown"
        case .held(.providerMoved): "provider-moved"
        case .held(.needsService): "needs-service"
        case .held(.madeByHand): "made-by-hand"
        case .wantedForDemand: "demand"
        case .heldBack: "held-back"
        case .minimum: "minimum"
        case .scheduled: "scheduled"
        case .scheduleUnknown: "schedule-unknown"
        case .maximum: "maximum"
        case .roomTaken: "room-taken"
        case .throttled: "throttled"
        case .resting: "resting"
        case .unavailable: "unavailable"
        case .probing: "probing"
        case .recovering: "recovering"
        case .allSuspended: "suspended"
        case .noRoom: "no-launch-config"
        case .braked: "braked"
        case .headroom: "headroom"
        case .freedFirst: "freed-first"
        case .kept: "kept"
        case .surplus: "surplus"
        case .idleUnknown: "idle-unknown"
        case .assumed(.claimsOnSupply): "totals-only"
        case .assumed(.noClaims): "no-claims"
        }
    }

    /// Windows as the subject of a sentence, with its verb.
    private static func windows(_ names: [String], _ one: String, _ many: String) -> String {
        switch names.count {
        case 0: "The schedule \(one)"
        case 1: "The window \(names[0]) \(one)"
        default: "The windows \(names.joined(separator: ", ")) \(many)"
        }
    }

    /// A sentence for people.
    public var sentence: String {
        switch self {
        case .demandUnknown(let reason):
            "Demand is unknown (\(reason)): only the minimum is kept, and nothing is retired for its number."
        case .held(.frozen): "Everything is frozen: nothing is launched."
        case .held(.paused(let until)):
            "The pool is paused\(until.map { " until \($0)" } ?? ""): nothing is launched."
        case .held(.deleted): "The pool has been deleted: nothing is launched."
        case .held(.noProvider(let id)):
            "The provider \(id) is not enabled in muster.yaml: nothing is launched."
        case .held(.providerMoved(let id, let from, let to)):
            "The provider \(id) points to \(to), and its instances are in \(from): nothing is launched."
        case .held(.needsService):
            "Its workers register, and no service runs that they could call: nothing is launched."
        case .held(.madeByHand): "Its workers are made by people: nothing is launched."
        case .wantedForDemand(let pending, let claimed):
            "\(pending) \(pending == 1 ? "task waits" : "tasks wait") and \(claimed) "
                + "\(claimed == 1 ? "is" : "are") claimed."
        case .heldBack(let held):
            "\(held.tasks) of them \(held.tasks == 1 ? "waits" : "wait") for the concurrency limit \(held.limit), "
                + "of which nothing is free: no worker is launched for \(held.tasks == 1 ? "it" : "them")."
        case .minimum(let least): "The minimum of \(least) is kept."
        case .scheduled(let least, let windows, let until):
            "\(Self.windows(windows, "keeps", "keep")) \(least)\(until.map { " until \($0)" } ?? "")."
        case .scheduleUnknown(let windows):
            "\(Self.windows(windows, "does", "do")) not count: the rules of the time zone cannot be read."
        case .maximum(let most, let wanted): "The maximum of \(most) is reached; \(wanted) would be wanted."
        case .roomTaken(let capacity):
            "Capacity of \(capacity) that no longer takes work still counts against the maximum."
        case .throttled(let config, let until):
            "The provider wants fewer calls for the launch config \(config): none of it is launched until \(until)."
        case .resting(let config, let until):
            "The launch config \(config) rests after failures until \(until)."
        case .unavailable(let config, let until, let reason):
            "The launch config \(config) has no offering that is available until \(until)"
                + "\(reason.isEmpty ? "" : ": \(reason)")."
        case .probing(let config):
            "No offering of the launch config \(config) was available: one of its instances is tried, and the "
                + "next when that has come or was refused."
        case .recovering(let config, let allowance, let until):
            "The launch config \(config) is new or recovers: it is tried with \(allowance) at a time"
                + "\(until.map { ", and the next is tried by \($0) at the latest" } ?? "")."
        case .allSuspended:
            "Every launch config of the pool is suspended, and so is the pool, until a person resumes one."
        case .noRoom(let capacity):
            "No launch config can take \(capacity) of what is missing: see the weights for why."
        case .braked(let count, let until):
            "The brake of \(count) instances per hour holds launches back\(until.map { " until \($0)" } ?? "")."
        case .idleUnknown: "Nobody says which workers are idle: none is retired for its number."
        case .assumed(.claimsOnSupply):
            "The source gives totals only: every claimed task is taken to be on a worker that is counted on."
        case .assumed(.noClaims):
            "The source does not say how many tasks are claimed: none is taken to be."
        case .headroom(let capacity, let source):
            "Capacity of \(capacity) is wanted beyond what waits and runs: \(source.clause)."
        case .freedFirst(let capacity, let lead, let until):
            "\(capacity) of the tasks that wait \(capacity == 1 ? "is" : "are") expected to be taken by running "
                + "workers before a new one could come, which takes \(lead.inWords): none is launched for "
                + "\(capacity == 1 ? "it" : "them")\(until.map { " until \($0)" } ?? "")."
        case .kept(let capacity, let source):
            "Idle capacity of \(capacity) is kept: \(source.clause)."
        case .surplus(let capacity):
            "There is \(capacity) more than is wanted; idle workers are retired first."
        }
    }
}

extension HeadroomSource {
    /// Why, as the end of a sentence.
    fileprivate var clause: String {
        switch self {
        case .learned(let lead):
            "work has lately risen by as much in the \(lead.inWords) that a worker takes to come"
        case .own: "the pool's headroom"
        case .scheduled(let windows) where windows.isEmpty: "the schedule's headroom"
        case .scheduled(let windows): "the headroom of the schedule, \(windows.joined(separator: ", "))"
        }
    }
}

extension Duration {
    /// Such as "45 s" or "2 min 10 s".
    fileprivate var inWords: String {
        let seconds = Int(inSeconds.rounded())
        guard seconds >= 120 else { return "\(seconds) s" }
        return seconds % 60 == 0 ? "\(seconds / 60) min" : "\(seconds / 60) min \(seconds % 60) s"
    }
}
