import Testing

@testable import MusterCommand

@Suite("The line of progress")
struct ProgressLineTests {
    @Test("is drawn over itself on a terminal, and taken away")
    func terminal() throws {
        let pseudo = try PseudoTerminal(columns: 60, rows: 5)
        let line = ProgressLine(Terminal(descriptor: pseudo.terminal, environment: ["TERM": "xterm"]))
        try line.show(0.25, "plain on day.csv")
        let first = pseudo.text()
        #expect(first.contains("██████░") && first.contains(" 25 %  plain on day.csv"))
        try line.show(0.2501, "plain on day.csv")
        #expect(pseudo.text().isEmpty)
        try line.show(2, "plain on day.csv")
        #expect(pseudo.text().hasPrefix("\r\u{1b}[K"))
        try line.clear()
        #expect(pseudo.text() == "\r\u{1b}[K")
        try line.clear()
        #expect(pseudo.text().isEmpty)
    }

    @Test("is not drawn where nothing can be redrawn")
    func dumb() throws {
        let pseudo = try PseudoTerminal(columns: 60, rows: 5)
        let line = ProgressLine(Terminal(descriptor: pseudo.terminal, environment: ["TERM": "dumb"]))
        try line.show(0.5, "x")
        try line.clear()
        #expect(pseudo.text().isEmpty)
    }
}
