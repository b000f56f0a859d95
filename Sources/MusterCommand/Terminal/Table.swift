/// Rows under headings, in columns that line up.
struct Table {
    /// A heading and how what is below it stands.
    struct Column {
        var title: String
        var isNumeric: Bool

        /// A column of text, which stands at the left.
        static func text(_ title: String) -> Column { Column(title: title, isNumeric: false) }
        /// A column of numbers, which stand at the right and are never cut.
        static func number(_ title: String) -> Column { Column(title: title, isNumeric: true) }
    }

    private let columns: [Column]
    private var rows: [[StyledText]] = []

    /// A table without rows.
    init(_ columns: [Column]) { self.columns = columns }

    /// Whether there are no rows.
    var isEmpty: Bool { rows.isEmpty }

    /// Adds a row with one cell per column.
    mutating func add(_ cells: [StyledText]) {
        precondition(cells.count == columns.count, "a row must have a cell for each column")
        rows.append(cells)
    }

    /// The headings and the rows; at most `limit` columns wide if it is given.
    func lines(columns limit: Int?) -> [StyledText] {
        let cells = [columns.map { StyledText($0.title, .strong) }] + rows
        let widths = widths(of: cells, limit: limit)
        return cells.map { row in
            var line = StyledText("")
            for (index, cell) in row.enumerated() {
                if index > 0 { line += StyledText(Self.gap) }
                let fitted = cell.cut(to: widths[index])
                let isLast = index == row.count - 1
                line +=
                    columns[index].isNumeric
                    ? fitted.padded(to: widths[index], atStart: true)
                    : isLast ? fitted : fitted.padded(to: widths[index])
            }
            return limit.map { line.cut(to: $0) } ?? line
        }
    }

    private static let gap = "  "
    /// Below this many columns a text says nothing any more.
    private static let narrowest = 8

    /// The widths of the columns: what they need, or less for the widest columns of text if that is too much.
    private func widths(of cells: [[StyledText]], limit: Int?) -> [Int] {
        var widths = columns.indices.map { index in cells.map { $0[index].width }.max() ?? 0 }
        guard let limit else { return widths }
        var excess = widths.reduce(0, +) + Self.gap.count * (columns.count - 1) - limit
        while excess > 0 {
            let shrinkable = columns.indices.filter { !columns[$0].isNumeric && widths[$0] > Self.narrowest }
            guard let widest = shrinkable.max(by: { widths[$0] < widths[$1] }) else { break }
            let next = shrinkable.map { widths[$0] }.filter { $0 < widths[widest] }.max() ?? Self.narrowest
            let step = min(excess, max(1, widths[widest] - max(next, Self.narrowest)))
            widths[widest] -= step
            excess -= step
        }
        return widths
    }
}
