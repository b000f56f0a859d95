/// The decision about one pool: the same code for the engine, dry runs, the simulator and the tests.
public enum Decision {
    /// Makes a plan. Pure: the same snapshot, moment and numbers give the same plan.
    public static func plan(
        for snapshot: PoolSnapshot, now: Timestamp, using generator: inout some RandomNumberGenerator
    ) -> Plan {
        let capacity = Totals(snapshot.launchConfigs)
        var reasons: [PlanReason] = []
        let demand = snapshot.demand.fresh(at: now, within: snapshot.demandStaleness)
        let wanted = wanted(snapshot, demand, capacity, &reasons)
        let gap = gap(snapshot, wanted: wanted, capacity, &reasons)

        var selection = Selection(snapshot.launchConfigs, now: now)
        let room = max(0, snapshot.scale.maxCapacity - capacity.counted)
        let launches =
            gap > 0
            ? selection.launches(
                for: gap, within: room, instances: snapshot.brake?.left ?? .max, using: &generator) : []
        let toLaunch = launches.map(\.capacity).reduce(0, +)
        if let brake = snapshot.brake, selection.isBraked {
            reasons.append(.braked(instancesPerHour: brake.instancesPerHour, until: brake.loosensAt))
        }
        if gap > 0 { reasons += obstacles(snapshot, selection) }
        if isSuspended(snapshot) { reasons.append(.allSuspended) }
        if toLaunch < gap, !selection.isBraked { reasons.append(.noRoom(capacity: gap - toLaunch)) }

        return Plan(
            demand: demand, wanted: wanted, supply: capacity.supply, toLaunch: toLaunch, launches: launches,
            retirements: retirements(snapshot, demand, capacity, wanted: wanted, &reasons),
            weights: selection.weights, reasons: reasons)
    }

    /// What there is of all launch configs together.
    struct Totals {
        var supply = 0
        var running = 0
        var counted = 0

        init(_ configs: [LaunchConfigSnapshot]) {
            for index in configs.indices {
                supply += configs[index].capacity.supply
                running += configs[index].capacity[.running].capacity
                counted += configs[index].capacity.counted
            }
        }
    }

    /// `min(max, max(min, claimed + ceil(scalingRatio × startable)))`, and what is anticipated beyond it or less;
    /// the minimum alone when demand is unknown.
    private static func wanted(
        _ snapshot: PoolSnapshot, _ demand: Demand, _ capacity: Totals, _ reasons: inout [PlanReason]
    ) -> Int {
        let scale = snapshot.scale
        var wanted = 0
        switch demand {
        case .known(let pending, let claimed, _):
            let startable = max(0, pending - snapshot.notStartable)
            let asked = Int((scale.scalingRatio * Double(startable)).rounded(.up))
            reasons.append(.wantedForDemand(pending: pending, claimed: claimed))
            reasons += snapshot.heldBack.map { .heldBack($0) }
            if let assumption = snapshot.assumption { reasons.append(.assumed(assumption)) }
            wanted = anticipated(
                snapshot, claimed: claimed, asked: asked, running: capacity.running, &reasons)
        case .unknown(let reason):
            reasons.append(.demandUnknown(because: reason))
        }
        if let unknown = snapshot.scheduled?.unknown, !unknown.isEmpty {
            reasons.append(.scheduleUnknown(windows: unknown))
        }
        if wanted < snapshot.least {
            wanted = snapshot.least
            reasons.append(snapshot.reasonOfLeast)
        }
        if wanted > scale.maxCapacity {
            reasons.append(.maximum(scale.maxCapacity, wouldWant: wanted))
            wanted = scale.maxCapacity
        }
        return wanted
    }

    /// What is missing, in-flight capacity subtracted exactly once, within what the maximum leaves.
    private static func gap(
        _ snapshot: PoolSnapshot, wanted: Int, _ capacity: Totals, _ reasons: inout [PlanReason]
    ) -> Int {
        if let hold = snapshot.hold {
            reasons.append(.held(hold))
            return 0
        }
        let missing = max(0, wanted - capacity.supply)
        let room = max(0, snapshot.scale.maxCapacity - capacity.counted)
        if missing > room { reasons.append(.roomTaken(capacity.counted - capacity.supply)) }
        return min(missing, room)
    }

    /// The launch configs that rest or are closed, and those that could take no more than was allowed.
    private static func obstacles(_ snapshot: PoolSnapshot, _ selection: Selection) -> [PlanReason] {
        let weights = selection.weights
        return weights.indices.compactMap { place in
            guard weights.isHindered(at: place) else { return nil }
            let (id, weight) = (weights[place].id, weights[place].weight)
            if let until = weight.callsAgainAt { return .throttled(id, until: until) }
            if let until = weight.unavailableUntil {
                return .unavailable(id, until: until, because: snapshot.closure(of: id))
            }
            if let until = weight.restsUntil { return .resting(id, until: until) }
            guard let headroom = weight.headroom, selection.instances(at: place) >= headroom else {
                return nil
            }
            if weight.isProbe, weight.waitsUntil == nil { return .probing(id) }
            guard let allowance = weight.allowance else { return nil }
            return .recovering(id, allowance: allowance, until: weight.waitsUntil)
        }
    }

    private static func isSuspended(_ snapshot: PoolSnapshot) -> Bool {
        var isAnySuspended = false
        for config in snapshot.launchConfigs where !config.isArchived {
            guard config.isSuspended else { return false }
            isAnySuspended = true
        }
        return isAnySuspended
    }

    /// Idle workers beyond what the demand justifies, oldest first.
    ///
    /// The scaling ratio does not count here: a pool that launches late need not retire early. Nothing is
    /// retired for numbers while demand is unknown, and never what is wanted.
    private static func retirements(
        _ snapshot: PoolSnapshot, _ demand: Demand, _ capacity: Totals, wanted: Int,
        _ reasons: inout [PlanReason]
    ) -> [WorkerKey] {
        guard case .known(let pending, let claimed, _) = demand, snapshot.hold != .madeByHand else {
            return []
        }
        let needed = claimed + max(0, pending - snapshot.notStartable)
        let spare = snapshot.spare(beyond: needed)
        let justified = max(
            wanted, min(snapshot.scale.maxCapacity, max(snapshot.least, needed + spare.capacity)))
        let surplus = capacity.supply - justified
        if spare.capacity > 0, capacity.supply > max(wanted, needed) {
            reasons.append(.kept(min(spare.capacity, capacity.supply - needed), spare.source))
        }
        guard surplus > 0 else { return [] }
        reasons.append(.surplus(surplus))
        if !snapshot.isIdleKnown { reasons.append(.idleUnknown) }
        var left = surplus
        var retirements: [WorkerKey] = []
        for worker in snapshot.idle where worker.capacity <= left {
            left -= worker.capacity
            retirements.append(worker.key)
        }
        return retirements
    }
}
