import MusterCore
import Testing

@Suite("What is decided in view of what is to be expected")
struct AnticipatedDecisionTests {
    private func shot(
        running: Int = 0, requested: Int = 0, pending: Int, claimed: Int = 0, max: Int = 1_000,
        rise: Int = 0, whileWaiting: Int = 0, peak: Int = 0, idle: Int = 0,
        _ change: (inout Anticipation) -> Void = { _ in }
    ) -> PoolSnapshot {
        var shot = snapshot(
            [config("c", requested: requested, running: running, claimed: claimed)], pending: pending,
            claimed: claimed, max: max,
            idle: (0..<idle).map {
                IdleWorker(
                    key: WorkerKey(
                        poolID: PoolID(rawValue: "a/b"), group: WorkerGroup(rawValue: "g"),
                        id: WorkerID(rawValue: "w\($0)")),
                    capacity: 1)
            })
        shot.outlook = DemandOutlook(
            lead: .seconds(130), riseWhileWaiting: whileWaiting, rise: rise, peak: peak)
        change(&shot.anticipation)
        return shot
    }

    @Test("The headroom that bursts justify is launched beyond what runs, up to the maximum")
    func headroom() {
        let plan = plan(shot(running: 20, pending: 0, claimed: 20, rise: 6))
        #expect(plan.wanted == 26 && plan.toLaunch == 6)
        #expect(plan.reasons.contains(.headroom(6, .learned(lead: .seconds(130)))))
        #expect(
            MusterCoreTests.plan(shot(running: 20, pending: 0, claimed: 20, max: 23, rise: 6)).toLaunch == 3)
    }

    @Test("Tasks that running workers will have taken before a new one could come launch none")
    func freed() {
        let plan = plan(shot(running: 20, pending: 30, claimed: 20, whileWaiting: -25))
        #expect(plan.wanted == 25 && plan.toLaunch == 5)
        #expect(plan.reasons.contains(.freedFirst(25, lead: .seconds(130), until: nil)))
        // Where nothing runs, nothing gets free.
        #expect(MusterCoreTests.plan(shot(pending: 30, whileWaiting: -25)).toLaunch == 30)
    }

    @Test("Work that is growing while it waits is launched for ahead")
    func growing() {
        #expect(plan(shot(running: 20, pending: 10, claimed: 20, rise: 2, whileWaiting: 8)).wanted == 38)
    }

    @Test("What waits never lowers what would be wanted if nothing did")
    func neverLess() {
        let rest = plan(shot(running: 20, pending: 0, claimed: 20, rise: 6, whileWaiting: -40))
        let busy = plan(shot(running: 20, pending: 1, claimed: 20, rise: 6, whileWaiting: -40))
        #expect(rest.wanted == 26 && busy.wanted == 26)
    }

    @Test("Idle workers are kept as far as bursts need them, and the others go")
    func kept() {
        let plan = plan(shot(running: 30, pending: 0, claimed: 10, rise: 4, peak: 12, idle: 20))
        #expect(plan.toLaunch == 0 && plan.retirements.count == 8)
        #expect(plan.reasons.contains(.kept(12, .learned(lead: .seconds(130)))))
        #expect(plan.reasons.contains(.surplus(8)))
    }

    @Test("What is wanted is never retired, however little has peaked")
    func wantedStays() {
        let plan = plan(shot(running: 30, pending: 5, claimed: 10, whileWaiting: 9, idle: 20))
        #expect(plan.wanted == 24 && plan.retirements.count == 6)
    }

    @Test(
        "A headroom of one's own holds, whatever has been learned",
        arguments: [
            (Anticipation.Headroom.none, 20, 30), (.fixed(5), 25, 35), (.percent(25), 25, 38),
            (.fixed(0), 20, 30),
        ])
    func own(headroom: Anticipation.Headroom, atRest: Int, waiting: Int) {
        let rest = plan(shot(running: 20, pending: 0, claimed: 20, rise: 6) { $0.headroom = headroom })
        #expect(rest.wanted == atRest)
        let busy = plan(
            shot(running: 20, pending: 10, claimed: 20, rise: 6, whileWaiting: 9) { $0.headroom = headroom })
        #expect(busy.wanted == waiting)
    }

    @Test("A window's headroom is wanted beyond what is busy, when it is the larger one")
    func scheduled() {
        var shot = shot(running: 20, pending: 0, claimed: 20, rise: 6)
        shot.scheduled = ScheduledFloor(headroom: 10, headroomFrom: ["mornings"])
        #expect(plan(shot).wanted == 30)
        #expect(plan(shot).reasons.contains(.headroom(10, .scheduled(windows: ["mornings"]))))
        shot.outlook.rise = 12
        #expect(plan(shot).wanted == 32)
    }

    @Test("Each part can be switched off")
    func parts() {
        let freed = plan(
            shot(running: 20, pending: 30, claimed: 20, whileWaiting: -25) { $0.countsOnFreed = false })
        #expect(freed.wanted == 50)
        let kept = plan(
            shot(running: 30, pending: 0, claimed: 10, rise: 4, peak: 12, idle: 20) { $0.keepsByNeed = false }
        )
        #expect(kept.retirements.count == 16)
    }

    @Test("With all parts off it is the plain formula, for twenty thousand snapshots of anything")
    func plain() {
        for seed in UInt64(0)..<20_000 {
            var generator = SeededGenerator(seed: seed)
            var shot = anySnapshot(&generator)
            shot.anticipation = .off
            shot.scheduled = nil
            let plan = plan(shot, seed: seed)
            guard case .known(let pending, let claimed, _) = plan.demand else { continue }
            let asked = (shot.scale.scalingRatio * Double(max(0, pending - shot.notStartable))).rounded(.up)
            let wanted = min(shot.scale.maxCapacity, max(shot.scale.minCapacity, claimed + Int(asked)))
            #expect(plan.wanted == wanted, "seed \(seed)")
        }
    }

    @Test("Nothing is anticipated of demand that nobody knows")
    func unknown() {
        var shot = shot(running: 5, pending: 0, claimed: 5, rise: 40, peak: 40)
        shot.demand = .unknown(because: "nobody answers")
        #expect(plan(shot).wanted == 0 && plan(shot).retirements.isEmpty)
    }

    @Test("A task that asks for a part of a worker is expected with that part")
    func ratio() {
        var shot = shot(running: 20, pending: 50, claimed: 20, whileWaiting: 40)
        shot.scale.scalingRatio = 0.1
        #expect(plan(shot).wanted == 29)
        shot.outlook.riseWhileWaiting = -60
        shot.scale.scalingRatio = 0.5
        #expect(plan(shot).wanted == 20)
        shot.outlook.riseWhileWaiting = -20
        #expect(plan(shot).wanted == 35)
    }

    @Test("The falls of a source that counts a start as an end say nothing")
    func noClaims() {
        var shot = shot(running: 3, pending: 5, whileWaiting: -5)
        #expect(plan(shot).toLaunch == 0)
        shot.assumption = .noClaims
        #expect(plan(shot).toLaunch == 2)
    }

    @Test("Tasks that are left to running workers are looked at again when that is no longer believed")
    func belief() {
        var shot = shot(running: 20, pending: 30, claimed: 20, whileWaiting: -25)
        shot.outlook.believedUntil = noon + .seconds(90)
        #expect(plan(shot).beliefEnds == noon + .seconds(90))
        #expect(plan(self.shot(running: 20, pending: 30, claimed: 20)).beliefEnds == nil)
    }
}
