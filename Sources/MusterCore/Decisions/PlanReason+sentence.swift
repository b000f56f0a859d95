extension PlanReason {
    /// A word for programs.
    public var code: String {
        switch self {
        case .demandUnknown: "demand-unknown"
        case .held(.frozen): "frozen"
        case .held(.paused): "paused"
        case .held(.deleted): "deleted"
        case .held(.noProvider): "provider-unknown"
        case .held(.backingOff): "throttled"
        case .held(.needsService): "needs-service"
        case .wantedForDemand: "demand"
        case .heldBack: "held-back"
        case .minimum: "minimum"
        case .maximum: "maximum"
        case .roomTaken: "room-taken"
        case .resting: "resting"
        case .unavailable: "unavailable"
        case .probing: "probing"
        case .recovering: "recovering"
        case .allSuspended: "suspended"
        case .noRoom: "no-launch-config"
        case .braked: "braked"
        case .surplus: "surplus"
        case .idleUnknown: "idle-unknown"
        case .assumed(.claimsOnSupply): "totals-only"
        case .assumed(.noClaims): "no-claims"
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
        case .held(.backingOff(let until)):
            "The provider wants fewer calls: nothing is launched until \(until)."
        case .held(.needsService):
            "Its workers register, and no service runs that they could call: nothing is launched."
        case .wantedForDemand(let pending, let claimed):
            "\(pending) \(pending == 1 ? "task waits" : "tasks wait") and \(claimed) "
                + "\(claimed == 1 ? "is" : "are") claimed."
        case .heldBack(let held):
            "\(held.tasks) of them \(held.tasks == 1 ? "waits" : "wait") for the concurrency limit \(held.limit), "
                + "of which nothing is free: no worker is launched for \(held.tasks == 1 ? "it" : "them")."
        case .minimum(let least): "The minimum of \(least) is kept."
        case .maximum(let most, let wanted): "The maximum of \(most) is reached; \(wanted) would be wanted."
        case .roomTaken(let capacity):
            "Capacity of \(capacity) that no longer takes work still counts against the maximum."
        case .resting(let config, let until):
            "The launch config \(config) rests after failures until \(until)."
        case .unavailable(let config, let until, let reason):
            "The launch config \(config) has no offering that is available until \(until)"
                + "\(reason.isEmpty ? "" : ": \(reason)")."
        case .probing(let config):
            "No offering of the launch config \(config) was available: one of its instances is tried, and the "
                + "next when that has come or was refused."
        case .recovering(let config, let allowance, let until):
            "The launch config \(config) is new or recovers: \(allowance) of its instances may be on their way"
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
        case .surplus(let capacity):
            "There is \(capacity) more than is wanted; idle workers are retired first."
        }
    }
}
