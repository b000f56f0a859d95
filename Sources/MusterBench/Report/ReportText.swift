/// A report for people.
struct ReportText {
    private let report: Report

    init(_ report: Report) { self.report = report }

    /// Its lines: the machine, the figures, the promises.
    var lines: [String] {
        machine + [""] + table(figures, numbersFrom: 1) + [""] + table(budgets, numbersFrom: 1)
    }

    private var machine: [String] {
        let facts = report.machine
        return [
            "\(facts.cores) × \(facts.cpu), \(facts.memoryBytes >> 20) MiB, \(facts.kernel)",
            "scratch folder on \(facts.fileSystem), SQLite \(facts.sqlite), "
                + (facts.postgres.map { "PostgreSQL \($0), " } ?? "")
                + "Swift \(facts.swift), \(facts.build) build, seed \(report.seed)",
        ]
    }

    private var figures: [[String]] {
        [["figure", "median", "quartiles", "least to most", "times", "unit"]]
            + report.figures.map { figure in
                let sample = figure.sample
                return [
                    figure.name.text, Self.number(sample.median),
                    "\(Self.number(sample.quantile(0.25))) to \(Self.number(sample.quantile(0.75)))",
                    "\(Self.number(sample.least)) to \(Self.number(sample.most))", "\(sample.count)",
                    figure.name.unit.rawValue,
                ]
            }
    }

    private var budgets: [[String]] {
        [["budget", "value", "bound", "holds"]]
            + report.judgements.map { judgement in
                let bound =
                    switch judgement.budget.bound {
                    case .below(let value): "< \(Self.number(value))"
                    case .atLeast(let value): "≥ \(Self.number(value))"
                    case .atMost(let value): "≤ \(Self.number(value))"
                    }
                return [
                    judgement.budget.name, Self.number(judgement.value), bound,
                    judgement.holds ? "yes" : "NO",
                ]
            }
    }

    /// Columns that line up; those of numbers at the right.
    private func table(_ rows: [[String]], numbersFrom firstNumber: Int) -> [String] {
        let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            row.enumerated().map { column, cell in
                let space = String(repeating: " ", count: widths[column] - cell.count)
                return column < firstNumber ? cell + space : space + cell
            }.joined(separator: "  ")
        }
    }

    /// Three digits that count, and no more than there are before the point.
    static func number(_ value: Double) -> String {
        guard value.isFinite else { return "\(value)" }
        let places = value.magnitude >= 100 ? 0 : value.magnitude >= 10 ? 1 : value.magnitude >= 1 ? 2 : 3
        let scale = [1, 10, 100, 1_000][places]
        let scaled = Int((value * Double(scale)).rounded())
        guard places > 0 else { return "\(scaled)" }
        let fraction = String(scaled.magnitude % UInt(scale))
        let zeros = String(repeating: "0", count: places - fraction.count)
        return "\(scaled < 0 ? "-" : "")\(scaled.magnitude / UInt(scale)).\(zeros)\(fraction)"
    }
}
