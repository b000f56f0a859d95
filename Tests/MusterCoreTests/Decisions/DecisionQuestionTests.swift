import MusterCore
import MusterRuntime
import Testing

@Suite("A snapshot as JSON")
struct DecisionQuestionTests {
    private func question(_ json: String) throws -> DecisionQuestion {
        try DecisionQuestion(try JSON.document(Array(json.utf8)))
    }

    @Test("Everything that can be said is taken, and the plan is that of the same snapshot")
    func whole() throws {
        let question = try question(
            """
            {"now": "2027-01-15T08:00:00Z", "seed": 7,
             "pool": {"id": "a/b", "minCapacity": 2, "maxCapacity": 50, "scalingRatio": 0.5, "demandStaleness": 30},
             "demand": {"pending": 21, "startable": 20, "claimed": 3, "claimedElsewhere": 4,
                        "observedAt": "2027-01-15T07:59:40Z"},
             "idle": [{"workerId": "w", "workerGroup": "g", "capacity": 2}],
             "launchConfigs": [
               {"id": "one", "initialWeight": 0.5, "maxCapacity": 30, "capacityPerInstance": 2,
                "capacity": {"requested": 3, "running": {"workers": 2, "capacity": 4, "claimed": 3}, "stopping": 2},
                "health": {"successes": 9, "failures": 1.5, "at": "2027-01-15T07:55:00Z", "allowance": 4,
                           "triedAt": "2027-01-15T07:59:00Z", "silentInARow": 2}},
               {"id": "two", "paused": true, "pausedUntil": "2027-01-15T09:00:00Z"},
               {"id": "three", "suspended": true}, {"id": "four", "archived": true}]}
            """)
        let snapshot = question.snapshot
        #expect(snapshot.scale.minCapacity == 2 && snapshot.scale.maxCapacity == 50)
        #expect(snapshot.demandStaleness == .seconds(30) && snapshot.notStartable == 1)
        #expect(snapshot.idle.map(\.capacity) == [2])
        let one = snapshot.launchConfigs[0]
        #expect(one.capacity[.requested] == CapacityTally(workers: 2, capacity: 3))
        #expect(one.capacity[.running] == CapacityTally(workers: 2, capacity: 4, claimed: 3))
        #expect(one.health.allowance == 4 && one.health.silentInARow == 2 && one.health.failures == 1.5)
        #expect(snapshot.launchConfigs[1].pause?.until == Timestamp("2027-01-15T09:00:00Z"))
        #expect(snapshot.launchConfigs[2].isSuspended && snapshot.launchConfigs[3].isArchived)
        let plan = question.plan
        // min(50, max(2, 3 + ceil(0.5 × 20))), of which 7 are there.
        #expect(plan.wanted == 13 && plan.supply == 7)
        #expect(plan.launches.map(\.count) == [2], "the allowance of 4 leaves two")
    }

    @Test("Without a demand nobody knows, and a minimum above the maximum means the maximum")
    func defaults() throws {
        let plan = try question(
            #"{"now": "2027-01-15T08:00:00Z", "pool": {"id": "a/b", "minCapacity": 9, "maxCapacity": 4}, "demand": null, "launchConfigs": [{"id": "c"}]}"#
        ).plan
        #expect(plan.wanted == 4 && plan.toLaunch == 4)
        #expect(plan.reasons.contains { $0.code == "demand-unknown" })
    }

    @Test(
        "Nonsense is an error that names the field",
        arguments: [
            (#""demand": {"pending": -1}"#, "demand.pending"),
            (#""demand": {"pending": 1.5}"#, "demand.pending"),
            (#""demand": {"pending": "5"}"#, "demand.pending"),
            (#""demand": {"pending": 5, "startable": 6}"#, "demand.startable"),
            (#""demand": {"claimed": 5}"#, "demand.pending"),
            (#""demand": []"#, "demand"),
            (#""demand": {"pending": 1, "observedAt": "yesterday"}"#, "demand.observedAt"),
            (#""launchConfigs": [{"id": "c"}, {"id": "c"}]"#, "launchConfigs[1].id"),
            (#""launchConfigs": [{}]"#, "launchConfigs[0].id"),
            (#""launchConfigs": [{"id": "c", "initialWeight": 2}]"#, "launchConfigs[0].initialWeight"),
            (
                #""launchConfigs": [{"id": "c", "capacityPerInstance": 0}]"#,
                "launchConfigs[0].capacityPerInstance"
            ),
            (
                #""launchConfigs": [{"id": "c", "capacity": {"running": -2}}]"#,
                "launchConfigs[0].capacity.running"
            ),
            (#""launchConfigs": [{"id": "c", "capacity": {"gone": 2}}]"#, "launchConfigs[0].capacity.gone"),
            (
                #""launchConfigs": [{"id": "c", "health": {"failures": true}}]"#,
                "launchConfigs[0].health.failures"
            ),
            (#""launchConfigs": {"id": "c"}"#, "launchConfigs"),
            (#""idle": [{"workerId": "w"}, {"workerId": "w"}]"#, "idle[1].workerId"),
            (#""idel": []"#, "idel"), (#""seed": -1"#, "seed"),
        ])
    func nonsense(member: String, field: String) throws {
        let problems = #expect(throws: Problems.self) {
            try question(
                #"{"now": "2027-01-15T08:00:00Z", "pool": {"id": "a/b", "maxCapacity": 4}, \#(member)}"#)
        }
        #expect(problems?.all.map(\.field) == [field])
    }

    @Test("What must be there and is not is named, all of it at once")
    func missing() {
        let problems = #expect(throws: Problems.self) { try question("{}") }
        #expect(problems?.all.map(\.field) == ["now", "pool"])
        let others = #expect(throws: Problems.self) { try question(#"{"now": "x", "pool": {}}"#) }
        #expect(others?.all.map(\.field) == ["now", "pool.id", "pool.maxCapacity"])
    }
}
