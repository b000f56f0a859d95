import MusterCore

/// What must hold of a plan.
enum PlanInvariant: String, CaseIterable {
    case closedSum = "what is launched is the sum of the launches, and every worker is counted once"
    case neverAbove = "nothing is launched above the maximum or a launch config's own bound"
    case neverBelow = "the minimum is kept while the maximum and the launch configs allow it"
    case subtractedOnce = "what is there and on its way is subtracted from what is wanted"
    case morePending = "with more pending nothing less is launched"
    case moreInFlight = "with more on its way nothing more is launched"
    case unknownDemand = "unknown demand launches for the minimum only and retires nothing"
    case braked = "no more instances are launched than the brake leaves"
    case weights = "weight is 0 only for what is paused, suspended, archived, set to 0 or full"
    case samePlan = "the same input gives the same plan, in whatever order its launch configs come"

    func holds(of planned: PlannedCase) -> Bool {
        switch self {
        case .closedSum: Self.isClosed(planned)
        case .neverAbove: Self.isWithinBounds(planned)
        case .neverBelow: Self.keepsMinimum(planned)
        case .subtractedOnce: Self.subtractsSupply(planned)
        case .morePending: Self.growsWithPending(planned)
        case .moreInFlight: Self.shrinksWithFlight(planned)
        case .unknownDemand: Self.waitsForDemand(planned)
        case .braked: Self.isWithinBrake(planned)
        case .weights: Self.weighs(planned)
        case .samePlan: Self.repeats(planned)
        }
    }

    private static func isClosed(_ planned: PlannedCase) -> Bool {
        let plan = planned.plan
        let tables = planned.snapshot.launchConfigs.map(\.capacity)
        let all = tables.reduce(0) { sum, table in
            Bucket.allCases.reduce(sum) { $0 + table[$1].capacity }
        }
        let beyond = tables.reduce(0) { $0 + $1[.overdue].capacity + $1[.stopped].capacity }
        return plan.launches.allSatisfy { $0.count > 0 && $0.capacityPerInstance > 0 }
            && plan.launches.reduce(0) { $0 + $1.capacity } == plan.toLaunch
            && plan.supply == tables.reduce(0) { $0 + $1.supply } && planned.counted + beyond == all
    }

    private static func isWithinBounds(_ planned: PlannedCase) -> Bool {
        guard planned.plan.toLaunch > 0 else { return true }
        return planned.plan.toLaunch <= planned.room
            && planned.snapshot.launchConfigs.allSatisfy { config in
                let launched = planned.launched(config)
                guard launched > 0, let most = config.settings.maxCapacity else { return true }
                return config.capacity.counted + launched <= most
            }
    }

    private static func keepsMinimum(_ planned: PlannedCase) -> Bool {
        let plan = planned.plan
        let retired = Set(plan.retirements)
        let gone = planned.snapshot.idle.reduce(0) { $0 + (retired.contains($1.key) ? $1.capacity : 0) }
        if gone > 0, plan.supply - gone < planned.minimum { return false }
        if planned.snapshot.hold != nil { return plan.toLaunch == 0 }
        return plan.supply + plan.toLaunch >= planned.minimum || planned.isBraked || planned.isExhausted
    }

    private static func subtractsSupply(_ planned: PlannedCase) -> Bool {
        let plan = planned.plan
        let missing = max(0, min(plan.wanted - plan.supply, planned.room))
        guard plan.toLaunch >= missing else {
            return planned.snapshot.hold != nil || planned.isBraked || planned.isExhausted
        }
        return missing == 0 ? plan.toLaunch == 0 : plan.toLaunch < missing + planned.largestUnit
    }

    private static func growsWithPending(_ planned: PlannedCase) -> Bool {
        guard case .known(let pending, let claimed, let at) = planned.snapshot.demand else { return true }
        let more = planned.plan {
            $0.demand = .known(
                pending: pending + 1 + Int(planned.seed % 20), claimed: claimed, observedAt: at)
        }
        return more.toLaunch >= planned.plan.toLaunch
    }

    private static func shrinksWithFlight(_ planned: PlannedCase) -> Bool {
        guard !planned.snapshot.launchConfigs.isEmpty else { return true }
        let more = planned.plan {
            let index = Int(planned.seed) % $0.launchConfigs.count
            let unit = $0.launchConfigs[index].settings.capacityPerInstance
            let requested = $0.launchConfigs[index].capacity[.requested]
            $0.launchConfigs[index].capacity[.requested] =
                requested + CapacityTally(workers: 1, capacity: unit)
        }
        return more.toLaunch <= planned.plan.toLaunch
    }

    private static func waitsForDemand(_ planned: PlannedCase) -> Bool {
        let plan = planned.plan { $0.demand = .unknown(because: "nobody answers") }
        let missing = max(0, planned.minimum - plan.supply)
        let most = missing == 0 ? 0 : missing + planned.largestUnit - 1
        return plan.retirements.isEmpty && plan.wanted == planned.minimum && plan.toLaunch <= most
    }

    private static func isWithinBrake(_ planned: PlannedCase) -> Bool {
        guard let brake = planned.snapshot.brake else { return true }
        return planned.plan.launches.reduce(0) { $0 + $1.count } <= brake.left
    }

    private static func weighs(_ planned: PlannedCase) -> Bool {
        planned.snapshot.launchConfigs.allSatisfy { config in
            let room = config.settings.maxCapacity.map { $0 - config.capacity.counted } ?? .max
            let isOut =
                config.isArchived || config.isSuspended || config.pause?.holds(at: noon) == true
                || config.settings.initialWeight == 0 || room < config.settings.capacityPerInstance
            let weight = planned.plan.weights[config.id]?.weight ?? -1
            return isOut ? weight == 0 && planned.launched(config) == 0 : weight > 0
        }
    }

    private static func repeats(_ planned: PlannedCase) -> Bool {
        var generator = SeededGenerator(seed: planned.seed)
        return planned.plan { _ in } == planned.plan
            && planned.plan { $0.launchConfigs.shuffle(using: &generator) } == planned.plan
    }
}
