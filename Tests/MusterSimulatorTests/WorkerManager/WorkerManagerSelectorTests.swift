import MusterCore
import MusterSimulator
import Testing

@Suite struct WorkerManagerSelectorTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var configs: [String: LaunchConfigSettings]
        var existing: [String: Int] = [:]
        var errors = WorkerManagerErrors.Tally()
        var weights: [String: Double]
        var remaining: [String: Int]?

        var testDescription: String { name }
    }

    static let plain = LaunchConfigSettings()
    static let three = ["a": plain, "b": plain, "c": plain]

    private static func tally(_ errors: [String: Int], unattributed: Int = 0) -> WorkerManagerErrors.Tally {
        WorkerManagerErrors.Tally(
            total: unattributed + errors.values.reduce(0, +),
            byLaunchConfig: Dictionary(uniqueKeysWithValues: errors.map { (lc($0.key), $0.value) }))
    }

    static let rows: [Row] = [
        Row(name: "nothing known", configs: three, weights: ["a": 1, "b": 1, "c": 1]),
        Row(
            name: "one single error takes its config out", configs: three, errors: tally(["a": 1]),
            weights: ["a": 0, "b": 1, "c": 1]),
        Row(
            name: "ten errors on each cost each a third", configs: three,
            errors: tally(["a": 10, "b": 10, "c": 10]), weights: ["a": 2.0 / 3, "b": 2.0 / 3, "c": 2.0 / 3]),
        Row(
            name: "so do three hundred", configs: three, errors: tally(["a": 300, "b": 300, "c": 300]),
            weights: ["a": 2.0 / 3, "b": 2.0 / 3, "c": 2.0 / 3]),
        Row(
            name: "errors of nobody dilute the guilty one's", configs: three,
            errors: tally(["a": 1], unattributed: 9), weights: ["a": 0.9, "b": 1, "c": 1]),
        Row(
            name: "errors of nobody alone cost nobody", configs: three, errors: tally([:], unattributed: 50),
            weights: ["a": 1, "b": 1, "c": 1]),
        Row(
            name: "the only config comes back however much it fails", configs: ["a": plain],
            errors: tally(["a": 3]), weights: ["a": 0.01]),
        Row(
            name: "one that is switched off comes back when it is the only one",
            configs: ["a": LaunchConfigSettings(initialWeight: 0)], weights: ["a": 0.01]),
        Row(
            name: "one that is switched off stays off beside another",
            configs: ["a": LaunchConfigSettings(initialWeight: 0), "b": plain], weights: ["a": 0, "b": 1]),
        Row(
            name: "one that is switched off comes back when the other is full",
            configs: [
                "a": LaunchConfigSettings(initialWeight: 0), "b": LaunchConfigSettings(maxCapacity: 5),
            ],
            existing: ["b": 5], weights: ["a": 0.01, "b": 0], remaining: ["a": 10, "b": 0]),
        Row(
            name: "when all come to nothing the first takes all",
            configs: [
                "a": LaunchConfigSettings(initialWeight: 0.2), "b": LaunchConfigSettings(initialWeight: 0.2),
                "c": LaunchConfigSettings(initialWeight: 0.2),
            ], existing: ["a": 3, "b": 4, "c": 5], weights: ["a": 0.01, "b": 0, "c": 0]),
        Row(
            name: "full ones have neither weight nor room",
            configs: [
                "a": LaunchConfigSettings(maxCapacity: 10), "b": LaunchConfigSettings(maxCapacity: 10),
                "c": LaunchConfigSettings(maxCapacity: 10),
            ], existing: ["a": 10, "b": 5, "c": 10], weights: ["a": 0, "b": 0.5, "c": 0],
            remaining: ["a": 0, "b": 5, "c": 0]),
        Row(
            name: "the pool's maximum bounds who has none of its own", configs: ["a": plain],
            existing: ["a": 4], weights: ["a": 0.6], remaining: ["a": 6]),
        Row(
            name: "a bound of nothing leaves the weight",
            configs: ["a": LaunchConfigSettings(maxCapacity: 0)],
            weights: ["a": 1], remaining: ["a": 0]),
    ]

    @Test("What launch configs weigh, faults and all", arguments: rows)
    func weights(row: Row) {
        var capacity = WorkerManagerCapacity()
        for (id, existing) in row.existing { capacity.count(existing, in: .running, of: lc(id)) }
        let selector = WorkerManagerSelector(
            Dictionary(uniqueKeysWithValues: row.configs.map { (lc($0.key), $0.value) }), maxCapacity: 10,
            capacity: capacity, errors: row.errors)
        for candidate in selector.candidates {
            let weight = row.weights[candidate.id.rawValue] ?? -1
            #expect(abs(candidate.weight - weight) < 1e-12, "\(candidate.id)")
            if let remaining = row.remaining?[candidate.id.rawValue] {
                #expect(candidate.remainingCapacity == remaining, "\(candidate.id)")
            }
        }
        #expect(selector.candidates.map(\.id) == row.configs.keys.sorted().map(lc))
    }
}
