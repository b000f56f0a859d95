/// One line that says how far something is, drawn over itself on a terminal and nowhere else.
///
/// It hides nothing and leaves nothing: whoever is interrupted while it stands finds the terminal as usual.
final class ProgressLine {
    private let terminal: Terminal
    private var drawn: StyledText?

    /// A line at the place where `terminal` stands now.
    init(_ terminal: Terminal) { self.terminal = terminal }

    deinit { try? clear() }

    /// Draws that a part of the work that is called `title` is done.
    func show(_ part: Double, _ title: String) throws {
        guard terminal.isLive else { return }
        let cells = 24
        let filled = Int((min(1, max(0, part)) * Double(cells)).rounded())
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: cells - filled)
        let percent = Int((min(1, max(0, part)) * 100).rounded(.down))
        let line = StyledText(bar, .accent) + StyledText(" \(percent) %  \(title)")
        guard line != drawn else { return }
        drawn = line
        // One column stays free: a line of full width would break on some terminals.
        let text = line.cut(to: terminal.size.columns - 1).rendered(styled: terminal.isStyled)
        try terminal.output.write("\r\u{1b}[K" + text)
    }

    /// Takes the line away.
    func clear() throws {
        guard drawn != nil else { return }
        drawn = nil
        try terminal.output.write("\r\u{1b}[K")
    }
}
