/// What a run of benchmarks has found.
struct Report: Sendable {
    /// Where it ran.
    let machine: MachineFacts
    /// What chance began with.
    let seed: UInt64
    /// What was measured.
    let figures: [Figure]
    /// What is promised of it.
    let judgements: [Judgement]

    /// Judges the figures by `budgets`.
    init(machine: MachineFacts, seed: UInt64, figures: [Figure], budgets: [Budget] = Budgets.all) {
        self.machine = machine
        self.seed = seed
        self.figures = figures
        judgements = budgets.compactMap { $0.judged(by: figures) }
    }

    /// Whether every promise about a measured figure was kept.
    var holds: Bool { judgements.allSatisfy(\.holds) }
}
