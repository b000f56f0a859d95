@testable import MusterCore
import Testing

/// What must hold of every plan, whatever there is.
@Suite struct DecisionInvariantTests {
    private static let parts = 20
    private static let snapshotsPerPart = 5_000

    @Test("Every invariant holds over a hundred thousand snapshots of anything", arguments: 0..<parts)
    func invariants(part: Int) {
        let first = part * Self.snapshotsPerPart
        var left = PlanInvariant.allCases
        for seed in UInt64(first)..<UInt64(first + Self.snapshotsPerPart) {
            let planned = PlannedCase(seed: seed)
            left.removeAll { invariant in
                let holds = invariant.holds(of: planned)
                if !holds {
                    Issue.record(
                        "not so with seed \(seed): \(invariant.rawValue). \(planned.snapshot) gives \(planned.plan)"
                    )
                }
                return !holds
            }
        }
    }
}

/// A snapshot, its plan, and the number both come from.
struct PlannedCase {
    let seed: UInt64
    let snapshot: PoolSnapshot
    let plan: Plan

    init(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        self.seed = seed
        snapshot = anySnapshot(&generator)
        plan = MusterCoreTests.plan(snapshot, seed: seed)
    }

    /// The plan for the same pool with something else about it.
    func plan(with change: (inout PoolSnapshot) -> Void) -> Plan {
        var changed = snapshot
        change(&changed)
        return MusterCoreTests.plan(changed, seed: seed)
    }

    /// What counts against the pool's maximum.
    var counted: Int { snapshot.launchConfigs.reduce(0) { $0 + $1.capacity.counted } }

    /// What the maximum leaves.
    var room: Int { max(0, snapshot.scale.maxCapacity - counted) }

    /// The minimum, where the maximum allows it.
    var minimum: Int { min(snapshot.least, snapshot.scale.maxCapacity) }

    /// The most that an instance of any launch config brings.
    var largestUnit: Int { snapshot.launchConfigs.map(\.settings.capacityPerInstance).max() ?? 1 }

    /// Whether the brake took instances away.
    var isBraked: Bool { plan.reasons.contains { if case .braked = $0 { true } else { false } } }

    func launched(_ config: LaunchConfigSnapshot) -> Int {
        plan.launches.reduce(0) { $0 + ($1.launchConfigID == config.id ? $1.capacity : 0) }
    }

    /// Whether nothing more can be launched: each launch config is out, rests, is trusted with no more, or
    /// brings more than fits.
    var isExhausted: Bool {
        snapshot.launchConfigs.allSatisfy { config in
            guard let weight = plan.weights[config.id] else { return true }
            if weight.exclusion != nil || weight.restsUntil != nil || weight.unavailableUntil != nil {
                return true
            }
            let own = config.settings.maxCapacity.map { $0 - config.capacity.counted - launched(config) }
            let unit = config.settings.capacityPerInstance
            let trusted = weight.headroom.map { $0 * unit - launched(config) }
            return unit > min(room - plan.toLaunch, own ?? .max, trusted ?? .max)
        }
    }
}
