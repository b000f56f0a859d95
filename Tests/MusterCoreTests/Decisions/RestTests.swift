import MusterCore
import Testing

@Suite struct RestTests {
    /// A launch config of which so many tries have failed, the last of them at noon.
    private func troubled(_ tries: Int, _ id: String = "bad", unit: Int = 1) -> LaunchConfigSnapshot {
        var health = Health(at: noon - .seconds(1))
        health.note(.refused(2, .transient), at: tries > 1 ? noon - .seconds(1) : noon)
        for left in (0..<max(0, tries - 1)).reversed() {
            _ = health.launch(at: noon - .milliseconds(Int64(left)))
            health.note(.refused(1, .transient), at: noon - .milliseconds(Int64(left)))
        }
        var config = config(id, unit: unit)
        config.health = health
        return config
    }

    private func plan(_ configs: [LaunchConfigSnapshot], pending: Int = 4, after: Duration) -> Plan {
        var generator = SeededGenerator(seed: 1)
        var snapshot = snapshot(configs, pending: pending)
        snapshot.demand = .known(pending: pending, claimed: 0, observedAt: noon + after)
        return Decision.plan(for: snapshot, now: noon + after, using: &generator)
    }

    @Test("One failure is no trouble, two are")
    func begins() {
        var health = Health(at: noon)
        health.note(.refused(1, .transient), at: noon)
        #expect(health.restsUntil == nil && health.allowance == nil)
        health.note(.refused(1, .transient), at: noon)
        #expect(health.restsUntil == noon + .seconds(60) && health.allowance == 1)
    }

    @Test(
        "Beside others it rests a minute at first and twice as long after each try that fails, eight minutes at the longest",
        arguments: [(1, 60), (2, 120), (3, 240), (4, 480), (5, 480), (50, 480)])
    func lengths(tries: Int, seconds: Int) {
        #expect(troubled(tries).health.restsUntil == noon + .seconds(seconds))
    }

    @Test(
        "Alone it rests twice as long with each failure that is remembered, two minutes at the longest",
        arguments: [(1, 1), (2, 2), (3, 4), (7, 64), (9, 120), (50, 120)])
    func lengthsAlone(tries: Int, seconds: Int) throws {
        let until = try #require(troubled(tries).health.restsAloneUntil)
        // Those of a second ago have faded a little.
        #expect(abs((until - (noon + .seconds(seconds))).inSeconds) < 0.1)
    }

    @Test("Failures of what was launched before it began to rest make the rest no longer")
    func together() {
        var health = Health(at: noon)
        for _ in 0..<6 { health.note(.refused(2, .transient), at: noon) }
        #expect(health.restsUntil == noon + .seconds(60))
    }

    @Test("While it rests the others launch, it keeps its weight, and the plan says until when")
    func others() {
        let plan = plan([troubled(1), config("good")], after: .seconds(59))
        #expect(plan.launches.map(\.launchConfigID.rawValue) == ["good"])
        #expect(plan.toLaunch == 4)
        let bad = LaunchConfigID(rawValue: "bad")
        #expect((plan.weights[bad]?.weight ?? 0) > 0)
        #expect(plan.reasons.contains(.resting(bad, until: noon + .seconds(60))))
        #expect(plan.restEnds == noon + .seconds(60))
    }

    @Test(
        "When every config rests nothing is launched, and the first that has rested enough for that is tried")
    func allRest() {
        let configs = [troubled(1, "a"), troubled(4, "b")]
        let early = plan(configs, after: .milliseconds(999))
        #expect(early.launches.isEmpty && early.restEnds == noon + .seconds(1))
        #expect(early.reasons.contains(.resting(LaunchConfigID(rawValue: "a"), until: noon + .seconds(1))))
        let due = plan(configs, after: .seconds(1))
        #expect(due.launches.map(\.launchConfigID.rawValue) == ["a"] && due.toLaunch == 1)
        #expect(
            !due.reasons.contains { if case .resting(let id, _) = $0 { id.rawValue == "a" } else { false } })
    }

    @Test(
        "What the others have no room for is tried where something rests, after so little rest as if it were alone"
    )
    func reserve() {
        let full = config("full", most: 3)
        let bad = LaunchConfigID(rawValue: "bad")
        let covered = plan([troubled(1), full], pending: 3, after: .seconds(1))
        #expect(covered.launches.map(\.launchConfigID.rawValue) == ["full"] && covered.toLaunch == 3)
        let more = plan([troubled(1), full], after: .seconds(1))
        #expect(more.toLaunch == 4 && more.launches.last?.launchConfigID == bad)
        let early = plan([troubled(1), full], after: .milliseconds(500))
        #expect(early.toLaunch == 3 && early.reasons.contains(.resting(bad, until: noon + .seconds(1))))
    }

    @Test("A pool that misses nothing has no rest to wait for")
    func nothingMissing() {
        var config = troubled(9)
        config.capacity[.running] = CapacityTally(workers: 4, capacity: 4)
        #expect(plan([config], after: .seconds(1)).restEnds == nil)
    }
}
