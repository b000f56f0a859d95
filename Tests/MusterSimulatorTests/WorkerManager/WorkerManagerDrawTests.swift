import MusterCore
import MusterSimulator
import Testing

@Suite struct WorkerManagerDrawTests {
    private func selector(
        _ configs: [String: LaunchConfigSettings], existing: [String: Int] = [:],
        errors: WorkerManagerErrors.Tally = .init(), max: Int = 1_000_000
    ) -> WorkerManagerSelector {
        var capacity = WorkerManagerCapacity()
        for (id, existing) in existing { capacity.count(existing, in: .running, of: lc(id)) }
        return WorkerManagerSelector(
            Dictionary(uniqueKeysWithValues: configs.map { (lc($0.key), $0.value) }), maxCapacity: max,
            capacity: capacity, errors: errors)
    }

    private func counts(_ selector: WorkerManagerSelector, _ toSpawn: Double, seed: UInt64 = 1) -> [String:
        Int]
    {
        var generator = SeededGenerator(seed: seed)
        return selector.draw(toSpawn, using: &generator).reduce(into: [:]) {
            $0[$1.rawValue, default: 0] += 1
        }
    }

    @Test("Draws follow the weights")
    func proportional() {
        let configs = [
            "a": LaunchConfigSettings(initialWeight: 0.1), "b": LaunchConfigSettings(initialWeight: 0.3),
            "c": LaunchConfigSettings(initialWeight: 0.6),
        ]
        let drawn = counts(selector(configs), 60_000)
        for (id, weight) in [("a", 0.1), ("b", 0.3), ("c", 0.6)] {
            // Four standard deviations of a fair draw.
            let deviation = (60_000 * weight * (1 - weight)).squareRoot()
            #expect(abs(Double(drawn[id] ?? 0) - 60_000 * weight) < 4 * deviation, "\(id)")
        }
    }

    @Test("A config with all the errors gets nothing")
    func allErrors() {
        let errors = WorkerManagerErrors.Tally(total: 25, byLaunchConfig: [lc("a"): 25])
        let drawn = counts(
            selector(["a": LaunchConfigSettings(), "b": LaunchConfigSettings()], errors: errors), 100)
        #expect(drawn == ["b": 100])
    }

    @Test("Bounds are kept, the rest goes elsewhere, and what fits nowhere is not launched")
    func bounds() {
        let one = LaunchConfigSettings(maxCapacity: 1)
        let two = LaunchConfigSettings(maxCapacity: 2)
        #expect(
            counts(selector(["a": one, "b": two, "c": LaunchConfigSettings()]), 100)
                == ["a": 1, "b": 2, "c": 97])
        #expect(counts(selector(["a": one, "b": two]), 100) == ["a": 1, "b": 2])
        let ten = LaunchConfigSettings(maxCapacity: 10)
        #expect(
            counts(selector(["a": ten, "b": ten, "c": ten], existing: ["a": 10, "b": 5, "c": 10]), 8)
                == ["b": 5])
    }

    @Test("A bound of nothing gives one instance where no worker is")
    func boundOfNothing() {
        #expect(counts(selector(["a": LaunchConfigSettings(maxCapacity: 0)]), 5) == ["a": 1])
    }

    @Test("A pool of nine in ten gets eight more when an instance brings eight")
    func overshoot() {
        let eight = LaunchConfigSettings(capacityPerInstance: 8)
        let provisioner = WorkerManagerProvisioner(
            estimator: estimator(max: 10), launchConfigs: [lc("a"): eight])
        var generator = SeededGenerator(seed: 1)
        let drawn = provisioner.pass(
            pending: 5, claimed: 9, capacity: counted(running: 9), errors: .init(), using: &generator)
        #expect(drawn == [lc("a")])
    }

    @Test("A fraction is rounded up, and nothing missing draws nothing")
    func fractions() {
        #expect(counts(selector(["a": LaunchConfigSettings()]), 1.5) == ["a": 2])
        #expect(counts(selector(["a": LaunchConfigSettings()]), 0).isEmpty)
        #expect(counts(selector([:]), 5).isEmpty)
    }

    @Test("Random draws repeat with their seed and pass a bound by less than an instance")
    func properties() {
        for seed in 0..<3_000 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            func some(_ bound: Int) -> Int { Int.random(in: 0...bound, using: &generator) }
            var configs: [String: LaunchConfigSettings] = [:]
            var existing: [String: Int] = [:]
            var errors = WorkerManagerErrors.Tally(total: some(5))
            for index in 0..<some(6) {
                let id = "c\(index)"
                configs[id] = LaunchConfigSettings(
                    capacityPerInstance: 1 + some(7), initialWeight: Double(some(4)) / 4,
                    maxCapacity: some(1) == 0 ? nil : some(30))
                existing[id] = some(12)
                errors.byLaunchConfig[lc(id)] = some(3)
                errors.total += errors.byLaunchConfig[lc(id)] ?? 0
            }
            let selector = selector(configs, existing: existing, errors: errors, max: 60)
            let toSpawn = Double(some(100)) / 2
            var first = SeededGenerator(seed: seed)
            var second = SeededGenerator(seed: seed)
            let drawn = selector.draw(toSpawn, using: &first)
            #expect(drawn == selector.draw(toSpawn, using: &second))
            var launched: [LaunchConfigID: Int] = [:]
            for id in drawn { launched[id, default: 0] += configs[id.rawValue]?.capacityPerInstance ?? 0 }
            let sum = launched.values.reduce(0, +)
            let unit = configs.values.map(\.capacityPerInstance).max() ?? 1
            #expect(Double(sum) < toSpawn + Double(unit))
            for candidate in selector.candidates {
                let own = launched[candidate.id] ?? 0
                #expect(own < max(1, candidate.remainingCapacity) + candidate.capacityPerInstance)
                #expect(candidate.weight > 0 || own == 0)
                let full = own >= candidate.remainingCapacity
                #expect(Double(sum) >= toSpawn || candidate.weight <= 0 || full)
            }
        }
    }
}
