/// A block of lines that is redrawn in place while something goes on.
///
/// On a terminal `show` draws and `note` does nothing; in a pipe `note` writes a line and `show` does
/// nothing, so a caller feeds both and need not ask. `finish` leaves the last block standing and gives the
/// cursor back; so does the end of the view, but not the death of the process: who uses one must turn
/// signals into cancellation.
final class LiveView {
    private let terminal: Terminal
    private var frame = LiveFrame()

    /// A view at the place where `terminal` stands now.
    init(_ terminal: Terminal) { self.terminal = terminal }

    deinit { try? finish() }

    /// Draws `lines` in place of what was drawn before.
    func show(_ lines: [StyledText]) throws {
        guard terminal.isLive else { return }
        let (columns, rows) = terminal.size
        try terminal.output.write(
            frame.redraw(lines, columns: columns, rows: rows, styled: terminal.isStyled))
    }

    /// Says in one line what happened, where nothing can be redrawn.
    func note(_ line: StyledText) throws {
        guard !terminal.isLive else { return }
        try terminal.print(line)
    }

    /// Leaves the last block as it is; what is written next stands below it.
    func finish() throws {
        guard let end = frame.end() else { return }
        try terminal.output.write(end)
    }
}
