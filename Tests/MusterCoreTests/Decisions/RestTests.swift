import Testing

@testable import MusterCore

@Suite struct RestTests {
    private func troubled(_ failures: Int, _ id: String = "bad") -> LaunchConfigSnapshot {
        var health = Health(at: noon)
        for _ in 0..<failures { health.fail(at: noon) }
        var config = config(id)
        config.health = health
        return config
    }

    private func launched(_ configs: [LaunchConfigSnapshot], after: Duration) -> Plan {
        var generator = SeededGenerator(seed: 1)
        var snapshot = snapshot(configs, pending: 4)
        snapshot.demand = .known(pending: 4, claimed: 0, observedAt: noon + after)
        return Decision.plan(for: snapshot, now: noon + after, using: &generator)
    }

    @Test(
        "A config of which most fails rests twice as long with each failure, two minutes at the longest",
        arguments: [
            (1, nil), (2, nil), (3, 2.0), (4, 4), (5, 8), (8, 64), (9, 120), (50, 120),
        ] as [(Int, Double?)])
    func lengths(failures: Int, seconds: Double?) {
        let until = troubled(failures).health.restsUntil
        #expect(until == seconds.map { noon + .milliseconds(Int64($0 * 1_000)) })
    }

    @Test("While it rests the others launch, it keeps its weight, and the plan says until when")
    func others() {
        let plan = launched([troubled(3), config("good")], after: .seconds(1))
        #expect(plan.launches.map(\.launchConfigID.rawValue) == ["good"])
        #expect(plan.toLaunch == 4)
        let bad = LaunchConfigID(rawValue: "bad")
        #expect((plan.weights[bad]?.weight ?? 0) > 0)
        #expect(plan.reasons.contains(.resting(bad, until: noon + .seconds(2))))
        #expect(plan.restEnds == noon + .seconds(2))
    }

    @Test("When every config rests nothing is launched, and the first that has rested is tried")
    func allRest() {
        let configs = [troubled(3, "a"), troubled(5, "b")]
        #expect(launched(configs, after: .milliseconds(1_999)).launches.isEmpty)
        #expect(launched(configs, after: .seconds(2)).launches.map(\.launchConfigID.rawValue) == ["a"])
    }

    @Test("A pool that misses nothing has no rest to wait for")
    func nothingMissing() {
        var config = troubled(9)
        config.capacity[.running] = CapacityTally(workers: 4, capacity: 4)
        #expect(launched([config], after: .seconds(1)).restEnds == nil)
    }
}
