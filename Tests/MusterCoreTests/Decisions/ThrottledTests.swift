import Testing

@testable import MusterCore

@Suite("Launch configs for which a provider wants fewer calls")
struct ThrottledTests {
    private let x = LaunchConfigID(rawValue: "x")

    private func plan(_ configs: [LaunchConfigSnapshot], after seconds: Int64 = 0) -> Plan {
        var snapshot = snapshot(configs, pending: 8)
        let now = noon + .seconds(seconds)
        snapshot.demand = .known(pending: 8, claimed: 0, observedAt: now)
        var generator = SeededGenerator(seed: 1)
        return Decision.plan(for: snapshot, now: now, using: &generator)
    }

    private func throttled(_ id: String, until seconds: Int64) -> LaunchConfigSnapshot {
        var config = config(id)
        config.callsAgainAt = noon + .seconds(seconds)
        return config
    }

    @Test("Others launch what is missing meanwhile, and it keeps its weight")
    func others() {
        let plan = plan([throttled("x", until: 30), config("y")])
        #expect(plan.launches.map(\.launchConfigID.rawValue) == ["y"] && plan.toLaunch == 8)
        #expect((plan.weights[x]?.weight ?? 0) > 0)
        #expect(plan.reasons.contains(.throttled(x, until: noon + .seconds(30))))
    }

    @Test("Nothing is launched when it is the only one, and the next pass is when its time is over")
    func alone() {
        let held = plan([throttled("x", until: 30)])
        #expect(held.launches.isEmpty && held.restEnds == noon + .seconds(30))
        let document = PlanDocument(held, poolID: PoolID(rawValue: "a/b"), at: noon)
        #expect(document.weights["x"]?.until == noon + .seconds(30))
        #expect(document.weights["x"]?.reason == "throttled until 2027-01-15T08:00:30.000Z")
        let free = plan([throttled("x", until: 30)], after: 30)
        #expect(free.toLaunch == 8 && free.weights[x]?.callsAgainAt == nil)
    }
}
