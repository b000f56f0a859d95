/// What to write so that one block of lines takes the place of another. Each answer is meant for a single
/// write, so that nothing flickers.
struct LiveFrame {
    /// The widths of the lines that stand on the terminal; nil before the first ones.
    private var drawn: [Int]?

    /// Replaces what is drawn by `lines`, cut to a terminal of `columns` by `rows`.
    mutating func redraw(_ lines: [StyledText], columns: Int, rows: Int, styled: Bool) -> String {
        // The cursor rests below the block, and cannot be moved up beyond the top.
        let fitting = lines.prefix(rows - 1).map { $0.cut(to: columns) }
        var text = drawn == nil ? Self.hideCursor : ""
        // A terminal that became narrower has broken the longer lines in two.
        let height = (drawn ?? []).reduce(0) { $0 + max(1, ($1 + columns - 1) / columns) }
        if height > 0 { text += "\u{1b}[\(min(height, rows - 1))A" }
        text += "\r" + Self.withoutWrapping
        // Cleared first: after a line of full width the cursor stands on its last character.
        for line in fitting { text += Self.clearLine + line.rendered(styled: styled) + "\n" }
        drawn = fitting.map(\.width)
        return text + Self.clearBelow + Self.withWrapping
    }

    /// Ends the drawing; nil if there was none.
    mutating func end() -> String? {
        guard drawn != nil else { return nil }
        drawn = nil
        return Self.showCursor
    }

    private static let hideCursor = "\u{1b}[?25l"
    private static let showCursor = "\u{1b}[?25h"
    private static let clearLine = "\u{1b}[K"
    private static let clearBelow = "\u{1b}[J"
    // Without wrapping, a line whose width was misjudged loses its end instead of taking two rows.
    private static let withoutWrapping = "\u{1b}[?7l"
    private static let withWrapping = "\u{1b}[?7h"
}
