import MusterCore
import Testing

@Suite struct DecisionPropertyTests {
    private static let cases = 4_000

    private func check(_ body: (PoolSnapshot, Plan, UInt64) -> Void) {
        for seed in 0..<UInt64(Self.cases) {
            var generator = SeededGenerator(seed: seed)
            let snapshot = randomSnapshot(&generator)
            body(snapshot, plan(snapshot, seed: seed), seed)
        }
    }

    private func counted(_ snapshot: PoolSnapshot) -> Int {
        snapshot.launchConfigs.map(\.capacity.counted).reduce(0, +)
    }

    @Test("Launches never bring a pool above its maximum, nor a launch config above its own")
    func neverAbove() {
        check { snapshot, plan, seed in
            #expect(
                plan.toLaunch == 0 || counted(snapshot) + plan.toLaunch <= snapshot.scale.maxCapacity,
                "seed \(seed)")
            for config in snapshot.launchConfigs {
                let launched = plan.launches.filter { $0.launchConfigID == config.id }.map(\.capacity).reduce(
                    0, +)
                guard launched > 0, let most = config.settings.maxCapacity else { continue }
                #expect(config.capacity.counted + launched <= most, "seed \(seed)")
            }
        }
    }

    @Test(
        "Nothing is launched from a config that is archived, suspended or switched off, and weights are positive elsewhere"
    )
    func exclusions() {
        check { snapshot, plan, seed in
            for config in snapshot.launchConfigs {
                let weight = plan.weights[config.id]
                let isOut = config.isArchived || config.isSuspended || config.settings.initialWeight == 0
                let launches = plan.launches.filter { $0.launchConfigID == config.id }
                if isOut { #expect(weight?.weight == 0 && launches.isEmpty, "seed \(seed)") }
                if weight?.exclusion == nil { #expect((weight?.weight ?? 0) > 0, "seed \(seed)") }
            }
        }
    }

    @Test("Nothing that fits is left unlaunched, and what is launched too much is less than an instance")
    func launchesWhatFits() {
        check { snapshot, plan, seed in
            let room = max(0, snapshot.scale.maxCapacity - counted(snapshot))
            let missing = max(0, min(plan.wanted - plan.supply, room))
            guard plan.toLaunch < missing else {
                let largest = snapshot.launchConfigs.map(\.settings.capacityPerInstance).max() ?? 1
                #expect(plan.toLaunch - missing < largest, "seed \(seed)")
                return
            }
            for config in snapshot.launchConfigs
            where plan.weights[config.id]?.exclusion == nil && plan.weights[config.id]?.restsUntil == nil {
                let launched = plan.launches.filter { $0.launchConfigID == config.id }.map(\.capacity).reduce(
                    0, +)
                let own = config.settings.maxCapacity.map { $0 - config.capacity.counted - launched } ?? .max
                let unit = config.settings.capacityPerInstance
                let trust = plan.weights[config.id]?.headroom.map { $0 * unit - launched } ?? .max
                #expect(unit > min(room - plan.toLaunch, own, trust), "seed \(seed)")
            }
        }
    }

    @Test(
        "What is new or recovers never has more on its way than it is trusted with, but for one in two minutes"
    )
    func neverAboveTrust() {
        check { snapshot, plan, seed in
            for config in snapshot.launchConfigs {
                guard let allowance = config.health.allowance else { continue }
                let launched = plan.launches.filter { $0.launchConfigID == config.id }.map(\.count).reduce(
                    0, +)
                let inFlight = config.capacity[.requested].workers
                let isLong = config.health.triedAt.map { noon >= $0 + DecisionPolicy.longestWait } ?? true
                let most = max(allowance - inFlight, isLong ? 1 : 0)
                #expect(launched <= max(0, most), "seed \(seed)")
            }
        }
    }

    @Test("The launches of a plan are positive, one per config, and sum to what it says")
    func closedSum() {
        check { _, plan, seed in
            #expect(plan.launches.allSatisfy { $0.count > 0 }, "seed \(seed)")
            #expect(plan.launches.map(\.capacity).reduce(0, +) == plan.toLaunch, "seed \(seed)")
            #expect(Set(plan.launches.map(\.launchConfigID)).count == plan.launches.count, "seed \(seed)")
        }
    }

    @Test("With single units, more pending tasks never launch less, and more on its way never launches more")
    func monotone() {
        for seed in 0..<UInt64(Self.cases) {
            var generator = SeededGenerator(seed: seed)
            let some = Int.random(in: 0...40, using: &generator)
            let base = snapshot(
                [config("a", requested: some), config("b", running: 5)], pending: 20, max: 60)
            var more = base
            more.demand = .known(pending: 20 + some, claimed: 0, observedAt: noon)
            #expect(plan(more, seed: seed).toLaunch >= plan(base, seed: seed).toLaunch)
            var further = base
            further.launchConfigs[0].capacity[.requested].capacity += some
            #expect(plan(further, seed: seed).toLaunch <= plan(base, seed: seed).toLaunch)
        }
    }

    @Test("The same input gives the same plan, whatever the order of the launch configs")
    func deterministic() {
        check { snapshot, result, seed in
            var turned = snapshot
            turned.launchConfigs.reverse()
            #expect(plan(turned, seed: seed) == result, "seed \(seed)")
        }
    }

    @Test("Retirements never exceed the surplus, nor happen while something is launched")
    func retirements() {
        check { snapshot, plan, seed in
            guard case .known(let pending, let claimed, _) = snapshot.demand else { return }
            let justified = min(
                snapshot.scale.maxCapacity, max(snapshot.scale.minCapacity, claimed + pending))
            let keys = Set(plan.retirements)
            let retired = snapshot.idle.filter { keys.contains($0.key) }.map(\.capacity).reduce(0, +)
            #expect(plan.retirements.isEmpty || plan.supply - retired >= justified, "seed \(seed)")
            #expect(plan.retirements.isEmpty || plan.launches.isEmpty, "seed \(seed)")
        }
    }
}
