import MusterCore

/// What the engine's store would know of the offerings: the marks, and what has been asked for and not answered.
struct OfferingMemory {
    private static let provider = ProviderID(rawValue: "simulated")

    private let offerings: [[Offering]]
    private var marks = OfferingMarks()
    private var calls: [[Call]]

    /// A call whose answer is not known, and how many instances of it.
    private struct Call {
        let at: Timestamp
        var instances: Int
    }

    init(configs: Int) {
        offerings = (0..<configs).map { [SimulatedOfferings.offering(of: $0)] }
        calls = Array(repeating: [], count: configs)
    }

    /// What a launch config can be launched as.
    func availability(of config: Int, at now: Timestamp) -> Availability {
        marks.availability(of: offerings[config], at: now)
    }

    /// How many instances of a launch config have been asked for of which nobody knows yet whether they come.
    func unanswered(of config: Int) -> Int { calls[config].reduce(0) { $0 + $1.instances } }

    /// Instances are asked for.
    mutating func ask(for instances: Int, of config: Int, at now: Timestamp) {
        calls[config].append(Call(at: now, instances: instances))
    }

    /// Instances have come.
    mutating func obtain(_ instances: Int, of config: Int, at now: Timestamp) {
        let askedAt = answer(instances, of: config) ?? now
        marks.remove(marks.disproved(by: [nil], of: offerings[config], askedAt: askedAt, at: now))
    }

    /// Instances were refused.
    mutating func refuse(_ instances: Int, of config: Int, _ error: CloudError, at now: Timestamp) {
        _ = answer(instances, of: config)
        if let mark = OfferingMark(error, of: Self.provider, at: now) { marks.add(mark) }
    }

    /// Takes instances off the first call that waits; when that was made. Answers come in the order of the calls.
    private mutating func answer(_ instances: Int, of config: Int) -> Timestamp? {
        guard let first = calls[config].first else { return nil }
        calls[config][0].instances -= instances
        if calls[config][0].instances <= 0 { calls[config].removeFirst() }
        return first.at
    }
}
