/// A report as JSON; the domain may change under it.
struct ReportDocument: Codable, Sendable {
    var machine: MachineFacts
    var seed: UInt64
    var figures: [FigureEntry]
    var budgets: [BudgetEntry]

    /// A figure: its median, the quartiles beside it, and the ends.
    struct FigureEntry: Codable, Sendable {
        var name: String
        var unit: String
        var median: Double
        var lowerQuartile: Double
        var upperQuartile: Double
        var least: Double
        var most: Double
        var repetitions: Int
    }

    /// A promise and whether it holds.
    struct BudgetEntry: Codable, Sendable {
        var name: String
        var value: Double
        var bound: Double
        var holds: Bool
    }

    /// Makes the document of a report.
    init(_ report: Report) {
        machine = report.machine
        seed = report.seed
        figures = report.figures.map { figure in
            let sample = figure.sample
            return FigureEntry(
                name: figure.name.text, unit: figure.name.unit.rawValue, median: sample.median,
                lowerQuartile: sample.quantile(0.25), upperQuartile: sample.quantile(0.75),
                least: sample.least, most: sample.most, repetitions: sample.count)
        }
        budgets = report.judgements.map {
            BudgetEntry(name: $0.budget.name, value: $0.value, bound: $0.budget.bound.value, holds: $0.holds)
        }
    }
}
