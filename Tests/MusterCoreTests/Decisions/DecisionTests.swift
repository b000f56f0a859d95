import MusterCore
import Testing

@Suite struct DecisionTests {
    @Test("One pending task asks for one worker, and for none while that one boots")
    func oneTask() {
        #expect(plan(snapshot([config("c")], pending: 1)).toLaunch == 1)
        #expect(plan(snapshot([config("c", requested: 1)], pending: 1)).toLaunch == 0)
    }

    @Test("What is less than an instance is worth one, as long as the maximum allows it")
    func partOfAnInstance() {
        #expect(plan(snapshot([config("c", unit: 4)], pending: 1)).toLaunch == 4)
        #expect(plan(snapshot([config("c", unit: 4)], pending: 5)).toLaunch == 8)
        #expect(plan(snapshot([config("c", requested: 4, unit: 4)], pending: 3)).toLaunch == 0)
        #expect(plan(snapshot([config("c", unit: 4)], pending: 0, min: 1)).toLaunch == 4)
        #expect(plan(snapshot([config("c", running: 4, unit: 4)], pending: 5, max: 6)).toLaunch == 0)
        // The smallest that fits is taken.
        let both = plan(snapshot([config("large", unit: 8), config("small", unit: 2)], pending: 1))
        #expect(both.launches.map(\.launchConfigID.rawValue) == ["small"])
    }

    @Test(
        "In-flight capacity is subtracted exactly once",
        arguments: [
            (requested: 10, pending: 15, launched: 5), (requested: 50, pending: 100, launched: 50),
            (requested: 40, pending: 100, launched: 60), (requested: 0, pending: 7, launched: 7),
        ])
    func inFlightOnce(requested: Int, pending: Int, launched: Int) {
        #expect(plan(snapshot([config("c", requested: requested)], pending: pending)).toLaunch == launched)
    }

    @Test("Forty busy and sixty on their way, and a hundred and sixty wait: a hundred more")
    func busyAndBooting() {
        let snapshot = snapshot(
            [config("c", requested: 60, running: 40, claimed: 40)], pending: 160, claimed: 40, max: 500)
        #expect(plan(snapshot).toLaunch == 100)
    }

    @Test("A hundred tasks and a maximum of five: never a sixth", arguments: [1, 2, 4, 5])
    func maximum(unit: Int) {
        let plan = plan(snapshot([config("c", unit: unit)], pending: 100, max: 5))
        #expect(plan.toLaunch == 5 / unit * unit)
        #expect(plan.reasons.contains(.maximum(5, wouldWant: 100)))
    }

    @Test(
        "One task is worth an instance that could run four, as long as the maximum allows it",
        arguments: [
            (pending: 1, max: 4, launched: 4), (pending: 3, max: 10, launched: 4),
            (pending: 5, max: 10, launched: 8), (pending: 9, max: 10, launched: 8),
            (pending: 8, max: 100, launched: 8), (pending: 1, max: 3, launched: 0),
        ])
    func coarseUnits(pending: Int, max: Int, launched: Int) {
        let plan = plan(snapshot([config("c", unit: 4)], pending: pending, max: max))
        #expect(plan.toLaunch == launched)
        // Once it is on its way, what it brings beyond the task is neither launched again nor too much.
        let after = config("c", requested: launched, unit: 4)
        let next = MusterCoreTests.plan(snapshot([after], pending: pending, max: max))
        #expect(next.toLaunch == 0 && next.retirements.isEmpty)
    }

    @Test("The last instance may bring too much only where none fits exactly")
    func exactFirst() {
        let configs = [config("large", unit: 4), config("small", unit: 1)]
        for seed in 0..<50 {
            let plan = plan(snapshot(configs, pending: 6, max: 100), seed: UInt64(seed))
            #expect(plan.toLaunch == 6)
        }
    }

    @Test("What a launch config is not trusted with goes to the others, and is told of")
    func recovering() {
        let shy = config("shy", requested: 1, allowance: 3, triedAt: noon)
        let plan = plan(snapshot([shy, config("sound")], pending: 21))
        #expect(plan.toLaunch == 20)
        #expect(plan.launches.first { $0.launchConfigID.rawValue == "shy" }?.count == 2)
        #expect(plan.reasons.contains(.recovering(shy.id, allowance: 3, until: nil)))
    }

    @Test("A pool of one launch config that recovers tries on, and says when")
    func recoveringAlone() {
        let busy = config("c", requested: 1, allowance: 1, triedAt: noon - .seconds(20))
        let waiting = plan(snapshot([busy], pending: 5))
        #expect(waiting.toLaunch == 0 && waiting.restEnds == noon + .seconds(100))
        let slow = config("c", requested: 1, allowance: 1, triedAt: noon - .seconds(120))
        #expect(plan(snapshot([slow], pending: 5)).toLaunch == 1)
    }

    @Test("A pool whose launch configs are all suspended says so and launches nothing")
    func allSuspended() {
        let configs = [config("a", isSuspended: true), config("b", isArchived: true)]
        let plan = plan(snapshot(configs, pending: 5))
        #expect(plan.toLaunch == 0 && plan.reasons.contains(.allSuspended))
        #expect(!MusterCoreTests.plan(snapshot([], pending: 5)).reasons.contains(.allSuspended))
    }

    @Test("What is ending counts against the maximum, what is overdue does not")
    func endingCounts() {
        let ending = config("c", other: [.stopping: 3, .draining: 1])
        #expect(plan(snapshot([ending], pending: 10, max: 5)).toLaunch == 1)
        #expect(plan(snapshot([config("c", other: [.overdue: 4])], pending: 10, max: 5)).toLaunch == 5)
    }

    @Test("The minimum is kept while workers are stopping")
    func minimumWhileStopping() {
        #expect(
            plan(snapshot([config("c", other: [.stopping: 5])], pending: 0, min: 5, max: 10)).toLaunch == 5)
    }

    @Test("A thousand busy workers of an archived config ask for no others")
    func archivedBusy() {
        var archived = config("old", isArchived: true)
        archived.capacity[.draining] = CapacityTally(workers: 1_000, capacity: 1_000, claimed: 1_000)
        let plan = plan(snapshot([archived, config("new")], pending: 0, max: 5_000))
        #expect(plan.wanted == 0)
        #expect(plan.launches.isEmpty)
    }

    @Test("Unknown demand keeps the minimum, retires nothing for numbers, and says so")
    func unknownDemand() {
        var unknown = snapshot([config("c", running: 2)], pending: 0, min: 3, idle: [idle("w", 1)])
        unknown.demand = .unknown(because: "connection refused")
        let result = plan(unknown)
        #expect(result.toLaunch == 1)
        #expect(result.retirements.isEmpty)
        #expect(result.reasons.first == .demandUnknown(because: "connection refused"))
    }

    @Test("Stale demand is unknown, in whichever direction it would mislead")
    func staleDemand() {
        for pending in [0, 500] {
            var stale = snapshot([config("c", running: 5)], pending: pending, min: 1, idle: [idle("w", 1)])
            stale.demand = .known(pending: pending, claimed: 0, observedAt: noon - .seconds(121))
            let result = plan(stale)
            #expect(result.toLaunch == 0)
            #expect(result.retirements.isEmpty)
            #expect(
                PlanDocument(result, poolID: stale.poolID, at: noon).reasons.first?.code == "demand-unknown")
        }
    }

    @Test(
        "A held pool launches nothing and says why",
        arguments: [PoolSnapshot.Hold.frozen, .paused(until: nil), .deleted])
    func held(hold: PoolSnapshot.Hold) {
        let plan = plan(snapshot([config("c")], pending: 9, min: 2, hold: hold))
        #expect(plan.launches.isEmpty)
        #expect(plan.reasons.contains(.held(hold)))
    }

    @Test("Only idle workers beyond what is justified are retired, oldest first and no more than the surplus")
    func retiresSurplus() {
        let workers = [idle("a", 2), idle("b", 2), idle("c", 1)]
        let result = plan(
            snapshot([config("c", running: 10, claimed: 6)], pending: 1, claimed: 6, idle: workers))
        // Ten are there and seven justified: of the surplus of three the first takes two, the third one.
        #expect(result.retirements == [workers[0].key, workers[2].key])
    }

    @Test("A scaling ratio below one does not retire workers that pending tasks will use")
    func ratioDoesNotRetire() {
        let snapshot = snapshot([config("c", running: 10)], pending: 10, ratio: 0.5, idle: [idle("a", 1)])
        #expect(plan(snapshot).retirements.isEmpty)
    }

    private func idle(_ id: String, _ capacity: Int) -> IdleWorker {
        IdleWorker(
            key: WorkerKey(
                poolID: PoolID(rawValue: "a/b"), group: WorkerGroup(rawValue: "g"), id: WorkerID(rawValue: id)
            ),
            capacity: capacity)
    }
}
