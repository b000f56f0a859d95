import Testing

@testable import MusterCore

@Suite("Launch configs whose offerings are not to be had")
struct UnavailableTests {
    private let x = LaunchConfigID(rawValue: "x")

    /// A launch config that is closed until so many seconds after noon.
    private func closed(_ id: String, until: Int64, markedAt: Int64 = 0) -> LaunchConfigSnapshot {
        var config = config(id)
        config.availability = .closed(
            .init(until: noon + .seconds(until), markedAt: noon + .seconds(markedAt), reason: "capacity, ICE")
        )
        return config
    }

    private func probe(_ id: String, unanswered: Int? = nil, requested: Int = 0) -> LaunchConfigSnapshot {
        var config = config(id, requested: requested)
        config.availability = .probe
        config.unanswered = unanswered
        return config
    }

    private func launched(_ configs: [LaunchConfigSnapshot], after seconds: Int64 = 0) -> [String: Int] {
        let plan = plan(configs, after: seconds)
        return Dictionary(uniqueKeysWithValues: plan.launches.map { ($0.launchConfigID.rawValue, $0.count) })
    }

    private func plan(_ configs: [LaunchConfigSnapshot], after seconds: Int64) -> Plan {
        var snapshot = snapshot(configs, pending: 8)
        let now = noon + .seconds(seconds)
        snapshot.demand = .known(pending: 8, claimed: 0, observedAt: now)
        var generator = SeededGenerator(seed: 1)
        return Decision.plan(for: snapshot, now: now, using: &generator)
    }

    @Test("It is skipped while others launch, keeps its weight, and the plan says why and until when")
    func skipped() {
        let plan = plan([closed("x", until: 600), config("y")], after: 130)
        #expect(plan.launches.map(\.launchConfigID.rawValue) == ["y"] && plan.toLaunch == 8)
        #expect((plan.weights[x]?.weight ?? 0) > 0)
        #expect(plan.reasons.contains(.unavailable(x, until: noon + .seconds(600), because: "capacity, ICE")))
        #expect(plan.restEnds == noon + .seconds(600))
        let document = PlanDocument(plan, poolID: PoolID(rawValue: "a/b"), at: noon)
        #expect(document.weights["x"]?.until == noon + .seconds(600))
        #expect(document.weights["x"]?.reason == "unavailable until 2027-01-15T08:10:00.000Z")
    }

    @Test("After its time one instance is tried, and no second one while nobody knows what came of it")
    func probes() {
        #expect(launched([closed("x", until: 60), config("y")], after: 60)["x"] == 1)
        #expect(launched([probe("x"), config("y")]) == ["x": 1, "y": 7])
        #expect(launched([probe("x", unanswered: 1), config("y")]) == ["y": 8])
        #expect(launched([probe("x")]) == ["x": 1])
        // Without a word on what is unanswered, all that is requested may be.
        #expect(launched([probe("x", requested: 1), config("y")])["x"] == nil)
        // Instances that have come and boot are no reason to wait.
        #expect(launched([probe("x", unanswered: 0, requested: 3), config("y")])["x"] == 1)
        let waiting = plan([probe("x", unanswered: 1)], after: 0)
        #expect(waiting.launches.isEmpty && waiting.reasons.contains(.probing(x)))
    }

    @Test("When all are closed or rest, none waits longer than two minutes since its mark")
    func lastHope() {
        let configs = [closed("x", until: 600), closed("y", until: 3_600, markedAt: 30)]
        let waiting = plan(configs, after: 119)
        #expect(waiting.launches.isEmpty && waiting.restEnds == noon + .seconds(120))
        #expect(launched(configs, after: 120) == ["x": 1])
        #expect(launched(configs, after: 150) == ["x": 1, "y": 1])
        var resting = config("z")
        for _ in 0..<9 { resting.health.fail(at: noon + .seconds(140)) }
        #expect(launched(configs + [resting], after: 150) == ["x": 1, "y": 1])
        // One that can take all that is missing is enough for the others to wait their time; one that cannot is not.
        #expect(launched(configs + [config("z", most: 8)], after: 150) == ["z": 8])
        #expect(launched(configs + [config("z", most: 2)], after: 150) == ["x": 1, "y": 1, "z": 2])
        #expect(launched(configs + [config("z", running: 2, most: 2)], after: 150) == ["x": 1, "y": 1])
        // One that can never launch is not.
        #expect(launched(configs + [config("z", isSuspended: true)], after: 150) == ["x": 1, "y": 1])
        #expect(launched([closed("x", until: 30)], after: 30) == ["x": 1])
    }

    @Test("Rests and allowances hold all the same")
    func together() {
        var failing = closed("x", until: 10)
        for _ in 0..<9 { failing.health.fail(at: noon) }
        let plan = plan([failing, config("y")], after: 20)
        #expect(plan.weights[x]?.restsUntil == noon + .seconds(60))
        #expect(plan.launches.map(\.launchConfigID.rawValue) == ["y"])
        var recovering = config("x", requested: 3, allowance: 2, triedAt: noon)
        recovering.availability = .probe
        recovering.unanswered = 0
        #expect(launched([recovering], after: 1).isEmpty, "its allowance is used up")
    }
}
