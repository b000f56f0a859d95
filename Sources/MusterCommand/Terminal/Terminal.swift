import CLinux
import Glibc

/// Where a command writes for a person to read: a terminal, or a pipe or file in place of one.
struct Terminal: Sendable {
    /// What is written to.
    let output: Output
    /// Whether a person looks at it as it appears.
    let isTerminal: Bool
    /// Whether colours are wanted: a terminal that has them, and no `NO_COLOR`.
    let isStyled: Bool
    /// Whether lines can be redrawn in place.
    let isLive: Bool
    private let columnsInEnvironment: Int?

    /// Looks at `descriptor`, and at `NO_COLOR`, `TERM` and `COLUMNS` of the environment.
    init(descriptor: CInt, environment: [String: String]) {
        output = Output(descriptor: descriptor)
        isTerminal = isatty(descriptor) == 1
        isLive = isTerminal && !["dumb", "", nil].contains(environment["TERM"])
        isStyled = isLive && environment["NO_COLOR", default: ""].isEmpty
        columnsInEnvironment = environment["COLUMNS"].flatMap { Int($0) }
    }

    /// Its width and height now; people resize windows.
    var size: (columns: Int, rows: Int) {
        var size = winsize()
        let known = ioctl(output.descriptor, UInt(TIOCGWINSZ), &size) == 0
        let columns = known && size.ws_col > 0 ? Int(size.ws_col) : columnsInEnvironment ?? 80
        return (max(columns, 20), known && size.ws_row > 0 ? Int(size.ws_row) : 24)
    }

    /// The width that lines should keep to; nil where it does not matter.
    var columns: Int? { isTerminal ? size.columns : nil }

    /// Writes one line.
    func print(_ line: StyledText = "") throws {
        try output.write(line.rendered(styled: isStyled) + "\n")
    }

    /// Writes `lines` with one write.
    func print(_ lines: [StyledText]) throws {
        try output.write(lines.map { $0.rendered(styled: isStyled) + "\n" }.joined())
    }

    /// Writes a table, cut to the width of a terminal and whole elsewhere.
    func print(_ table: Table) throws { try print(table.lines(columns: columns)) }

    /// Writes bytes that came from outside, such as a task's output: as they are into a pipe or a file,
    /// with control characters made visible on a terminal.
    func print(data: [UInt8]) throws {
        guard isTerminal else { return try output.write(data) }
        try output.write(Visible.block(String(decoding: data, as: UTF8.self)))
    }
}
