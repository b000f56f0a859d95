import MusterRuntime
import Testing

@testable import MusterCore

@Suite("What a schedule asks for, in a decision")
struct ScheduledFloorTests {
    private func scheduled(
        _ configs: [LaunchConfigSnapshot], pending: Int = 0, own: Int = 0, max: Int = 100, asks minimum: Int,
        idle: [IdleWorker] = []
    ) -> PoolSnapshot {
        var shot = snapshot(configs, pending: pending, min: own, max: max, idle: idle)
        shot.scheduled = ScheduledFloor(
            minimum: minimum, minimumFrom: ["office hours"], until: noon + .seconds(3_600))
        return shot
    }

    private func worker(_ id: String) -> IdleWorker {
        IdleWorker(
            key: WorkerKey(
                poolID: PoolID(rawValue: "a/b"), group: WorkerGroup(rawValue: "g"), id: WorkerID(rawValue: id)
            ),
            capacity: 1)
    }

    @Test("raises the minimum, and says which window and until when")
    func raises() {
        let plan = plan(scheduled([config("c", running: 3)], own: 2, asks: 20))
        #expect(plan.wanted == 20 && plan.toLaunch == 17)
        #expect(
            plan.reasons.contains(
                .scheduled(minimum: 20, windows: ["office hours"], until: noon + .seconds(3_600))))
        #expect(!plan.reasons.contains(.minimum(20)))
    }

    @Test("never lowers the pool's own minimum, and is silent when the work asks for more")
    func lowers() {
        let own = plan(scheduled([config("c")], own: 30, asks: 20))
        #expect(own.wanted == 30 && own.reasons.contains(.minimum(30)))
        let busy = plan(scheduled([config("c")], pending: 40, asks: 20))
        #expect(busy.wanted == 40 && !busy.reasons.contains { $0.code == "scheduled" })
    }

    @Test("never exceeds the maximum")
    func maximum() {
        let plan = plan(scheduled([config("c")], max: 8, asks: 20))
        #expect(plan.toLaunch == 8 && plan.reasons.contains(.maximum(8, wouldWant: 20)))
    }

    @Test("is kept while demand is unknown")
    func unknownDemand() {
        var shot = scheduled([config("c")], asks: 20)
        shot.demand = .unknown(because: "nobody answers")
        #expect(plan(shot).toLaunch == 20)
    }

    @Test("keeps idle workers until it ends")
    func keepsIdle() {
        let idle = ["1", "2", "3"].map(worker)
        var shot = scheduled([config("c", running: 3)], asks: 2, idle: idle)
        #expect(plan(shot).retirements.count == 1)
        shot.scheduled = ScheduledFloor(until: noon + .seconds(9))
        #expect(plan(shot).retirements.count == 3)
    }

    @Test("leaves the pool's own minimum when its zone cannot be read, and says so")
    func unreadable() {
        var shot = snapshot([config("c")], pending: 0, min: 2)
        shot.scheduled = ScheduledFloor(unknown: ["office hours"])
        let plan = plan(shot)
        #expect(plan.toLaunch == 2 && plan.reasons.contains(.scheduleUnknown(windows: ["office hours"])))
    }

    @Test("asks for headroom beyond what waits and runs")
    func headroom() {
        var shot = snapshot([config("c")], pending: 3)
        shot.scheduled = ScheduledFloor(headroom: 50, headroomFrom: ["burst"])
        #expect(plan(shot).toLaunch == 53)
    }

    @Test(
        "is told of in sentences",
        arguments: [
            (
                PlanReason.scheduled(
                    minimum: 20, windows: ["office hours"], until: Timestamp(milliseconds: 0)),
                "scheduled", "The window office hours keeps 20 until 1970-01-01T00:00:00.000Z."
            ),
            (
                .scheduled(minimum: 2, windows: ["a", "b"], until: nil), "scheduled",
                "The windows a, b keep 2."
            ),
            (.scheduled(minimum: 2, windows: [], until: nil), "scheduled", "The schedule keeps 2."),
            (
                .scheduleUnknown(windows: ["a"]), "schedule-unknown",
                "The window a does not count: the rules of the time zone cannot be read."
            ),
        ])
    func sentences(reason: PlanReason, code: String, sentence: String) {
        #expect(reason.code == code && reason.sentence == sentence)
    }

    private func question(_ scheduled: String) throws -> DecisionQuestion {
        try DecisionQuestion(
            try JSON.document(
                Array(
                    #"{"now": "2027-01-15T08:00:00Z", "pool": {"id": "a/b", "maxCapacity": 40, "scheduled": \#(scheduled)}, "launchConfigs": [{"id": "c"}]}"#
                        .utf8)))
    }

    @Test("is said to muster decide as what it comes to, for no files are read there")
    func decide() throws {
        let question = try question(#"{"minimum": 20, "headroom": 3, "until": "2027-01-15T17:00:00Z"}"#)
        #expect(
            question.snapshot.scheduled
                == ScheduledFloor(minimum: 20, headroom: 3, until: Timestamp("2027-01-15T17:00:00Z")))
        #expect(question.plan.toLaunch == 20)
        #expect(question.plan.reasons.contains { $0.code == "scheduled" })
    }

    @Test(
        "is refused by muster decide when it makes no sense",
        arguments: [
            (#"{"minimum": -1}"#, "pool.scheduled.minimum"), (#"{"until": 8}"#, "pool.scheduled.until"),
            (#"{"names": []}"#, "pool.scheduled.names"), ("5", "pool.scheduled"),
        ])
    func nonsense(scheduled: String, field: String) throws {
        let problems = #expect(throws: Problems.self) { try question(scheduled) }
        #expect(problems?.all.map(\.field) == [field])
    }
}
