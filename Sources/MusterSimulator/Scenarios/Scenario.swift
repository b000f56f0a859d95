public import MusterCore

/// What operators fear, as a file: tasks, a pool, what the cloud does, and what is expected of the policies.
public struct Scenario: Sendable {
    /// What happens, for people.
    public let description: String
    let setup: SimulationSetup
    let expectations: [Expectation]

    /// A bound on a figure of a policy.
    struct Expectation: Sendable {
        let policy: String
        let measure: Measure
        let subject: Measure.Subject
        /// The policy whose figure this one is divided by; nil for the figure as it is.
        let against: String?
        let atLeast: Double?
        let atMost: Double?
    }

    /// Runs every policy that something is expected of.
    ///
    /// - Returns: a sentence for each expectation that was not met.
    public func check() throws(Problem) -> [String] {
        var reports: [String: SimulationReport] = [:]
        for name in Set(expectations.flatMap { [$0.policy] + ($0.against.map { [$0] } ?? []) }).sorted() {
            let entry = try PolicyCatalogue.entry(name)
            var simulation = Simulation(setup, policy: entry.make(setup.pool))
            reports[name] = simulation.run()
        }
        return expectations.compactMap { $0.violation(in: reports) }
    }
}

extension Scenario.Expectation {
    fileprivate func violation(in reports: [String: SimulationReport]) -> String? {
        let name = "\(measure.rawValue) of \(policy)"
        guard let figure = reports[policy].flatMap({ measure.value(in: $0, of: subject) }) else {
            return "\(name): there is no such figure"
        }
        var value = figure
        if let against {
            guard let other = reports[against].flatMap({ measure.value(in: $0, of: subject) }) else {
                return "\(measure.rawValue) of \(against): there is no such figure"
            }
            // Nothing by nothing is as much as the other.
            value = other == 0 ? (figure == 0 ? 1 : .infinity) : figure / other
        }
        let shown =
            "\(name)\(against.map { " by that of \($0)" } ?? "") is \(DecimalText.of(value, places: 3))"
        if let atLeast, value < atLeast { return "\(shown), and should be at least \(atLeast)" }
        if let atMost, value > atMost { return "\(shown), and should be at most \(atMost)" }
        return nil
    }
}
