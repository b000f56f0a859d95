import MusterCore
import Testing

@Suite struct SelectionTests {
    private func launched(_ configs: [LaunchConfigSnapshot], _ pending: Int, seed: UInt64 = 1) -> [String:
        Int]
    {
        let supply = configs.map(\.capacity.supply).reduce(0, +)
        let plan = plan(snapshot(configs, pending: pending, claimed: supply), seed: seed)
        return Dictionary(
            uniqueKeysWithValues: plan.launches.map { ($0.launchConfigID.rawValue, $0.capacity) })
    }

    @Test("A hundred units for configs that hold ten and five end near fifty-eight and fifty-seven")
    func deficits() {
        let launched = launched([config("a", running: 10), config("b", running: 5)], 100)
        #expect([47, 48].contains(launched["a"]))
        #expect([52, 53].contains(launched["b"]))
    }

    @Test("Balance tells two equal configs with ten and five a third and two thirds of the next unit")
    func balance() throws {
        let plan = plan(snapshot([config("a", running: 10), config("b", running: 5)], pending: 0))
        let a = try #require(plan.weights[LaunchConfigID(rawValue: "a")])
        let b = try #require(plan.weights[LaunchConfigID(rawValue: "b")])
        #expect(abs(a.balance - 1.0 / 3) < 1e-9)
        #expect(abs(b.balance - 2.0 / 3) < 1e-9)
    }

    @Test("Shares follow the weights")
    func weights() {
        let launched = launched(
            [config("a", weight: 1), config("b", weight: 0.5), config("c", weight: 0.5)], 400)
        #expect(launched == ["a": 200, "b": 100, "c": 100])
    }

    @Test("Failures lower a config's part, and never quite to nothing")
    func failures() {
        // The failures are old enough for the config to have rested.
        var tried = config("bad")
        tried.health = Health(failures: 1_000, at: noon - DecisionPolicy.longestRest)
        let plan = plan(snapshot([config("good", successes: 20), tried], pending: 1_000))
        let bad = plan.weights[LaunchConfigID(rawValue: "bad")]
        #expect(bad?.weight == DecisionPolicy.weightFloor)
        #expect((bad?.errorRatio ?? 0) > 0.99)
        let part = plan.launches.first { $0.launchConfigID.rawValue == "bad" }?.capacity ?? 0
        #expect((10...30).contains(part))
    }

    @Test("Instances of unequal capacity come to the smallest sum that is enough, near their shares")
    func unequal() {
        #expect(launched([config("a", unit: 10), config("b", unit: 5)], 100) == ["a": 50, "b": 50])
        #expect(launched([config("a", unit: 10), config("b", unit: 4)], 5) == ["b": 8])
        #expect(launched([config("a", unit: 10), config("b", unit: 4)], 9) == ["a": 10])
        // 30 each would be the shares; 59 is 5 × 7 and 3 × 8.
        #expect(launched([config("a", unit: 7), config("b", unit: 8)], 59) == ["a": 35, "b": 24])
    }

    @Test("One config that is full leaves its part to the others")
    func caps() {
        #expect(launched([config("a", most: 3), config("b")], 100) == ["a": 3, "b": 97])
    }

    @Test("A config without room, paused or switched off gets nothing even when it is the only one")
    func excluded() {
        #expect(launched([config("a", running: 3, most: 3)], 10).isEmpty)
        #expect(launched([config("a", pause: Pause())], 10).isEmpty)
        #expect(launched([config("a", weight: 0)], 10).isEmpty)
        #expect(launched([config("a", pause: Pause(until: noon - .seconds(1)))], 10) == ["a": 10])
    }

    @Test("The rounding of the last unit is left to chance")
    func chance() {
        let first = (0..<40).map { launched([config("a"), config("b")], 1, seed: $0).keys.first ?? "" }
        #expect(Set(first) == ["a", "b"])
    }

    @Test("More than a cloud takes at once comes as several launches")
    func pieces() {
        let plan = plan(snapshot([config("a")], pending: 2_500))
        #expect(plan.launches.map(\.count) == [1_000, 1_000, 500])
    }
}
