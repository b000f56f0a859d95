import Testing

@testable import MusterCommand

@Suite("The live view")
struct LiveViewTests {
    @Test("draws each block over the one before, hides the cursor, and gives it back")
    func terminal() throws {
        let pseudo = try PseudoTerminal(columns: 30, rows: 24)
        let view = LiveView(Terminal(descriptor: pseudo.terminal, environment: ["TERM": "xterm"]))
        var screen = Screen(columns: 30, rows: 24)
        try view.show(["one", "two", "three"])
        screen.feed(pseudo.text())
        #expect(screen.lines == ["one", "two", "three"])
        #expect(!screen.showsCursor)
        try view.show(["1", "a line that is longer than thirty columns are"])
        screen.feed(pseudo.text())
        #expect(screen.lines == ["1", "a line that is longer than th…"])
        try view.note("not shown here")
        try view.show(["x", "y", "z", "w"])
        screen.feed(pseudo.text())
        #expect(screen.lines == ["x", "y", "z", "w"])
        try view.finish()
        screen.feed(pseudo.text())
        #expect(screen.showsCursor && screen.row == 4)
        try view.finish()
        #expect(pseudo.text().isEmpty)
    }

    @Test("gives the cursor back when it is dropped")
    func dropped() throws {
        let pseudo = try PseudoTerminal(columns: 30, rows: 24)
        var screen = Screen(columns: 30, rows: 24)
        do {
            let view = LiveView(Terminal(descriptor: pseudo.terminal, environment: ["TERM": "xterm"]))
            try view.show(["one"])
        }
        screen.feed(pseudo.text())
        #expect(screen.showsCursor)
    }

    @Test("shows no more lines than the terminal has")
    func tall() throws {
        var frame = LiveFrame()
        var screen = Screen(columns: 20, rows: 5)
        let lines = (0..<9).map { StyledText("line \($0)") }
        for _ in 0..<3 { screen.feed(frame.redraw(lines, columns: 20, rows: 5, styled: false)) }
        #expect(screen.lines == ["line 0", "line 1", "line 2", "line 3"])
        #expect(!screen.scrolled)
    }

    @Test("ends up right whatever follows what")
    func sequences() throws {
        var frame = LiveFrame()
        var screen = Screen(columns: 12, rows: 8)
        for count in [3, 7, 0, 1, 5, 2, 7, 7, 1] {
            let lines = (0..<count).map { "\(count) 日本語 row \($0)" }
            screen.feed(frame.redraw(lines.map { StyledText($0) }, columns: 12, rows: 8, styled: true))
            #expect(screen.lines == lines.map { StyledText($0).cut(to: 12).rendered(styled: false) })
        }
    }

    @Test("moves up over lines that a narrower terminal has broken in two")
    func narrower() {
        var frame = LiveFrame()
        _ = frame.redraw(
            [StyledText(String(repeating: "x", count: 50)), "short"], columns: 60, rows: 24, styled: false)
        let text = frame.redraw(["a"], columns: 20, rows: 24, styled: false)
        #expect(text.contains("\u{1b}[4A"))
    }

    @Test("is single lines in a pipe, and no escape sequence")
    func pipe() throws {
        let pipe = try CapturedPipe()
        let view = LiveView(Terminal(descriptor: pipe.writer, environment: ["TERM": "xterm"]))
        try view.show(["one", "two"])
        try view.note("a/b: 3 running")
        try view.finish()
        #expect(pipe.text() == "a/b: 3 running\n")
    }
}

/// What a terminal makes of the few sequences that a live view uses.
private struct Screen {
    let columns: Int
    let rows: Int
    private var cells: [[Character]] = []
    private(set) var row = 0
    private(set) var showsCursor = true
    private(set) var scrolled = false

    init(columns: Int, rows: Int) {
        (self.columns, self.rows) = (columns, rows)
        cells = Array(repeating: [], count: rows)
    }

    var lines: [String] { cells.prefix { !$0.isEmpty }.map { String($0) } }

    mutating func feed(_ text: String) {
        var rest = Array(text.replacing("\r\n", with: "\n"))[...]
        var column = 0
        while let character = rest.popFirst() {
            switch character {
            case "\u{1b}":
                let sequence = rest.prefix { !$0.isLetter }
                rest = rest.dropFirst(sequence.count)
                let number = Int(String(sequence.filter(\.isNumber))) ?? 1
                switch rest.popFirst() {
                case "A": row = max(0, row - number)
                case "K": cells[row] = Array(cells[row].prefix(column))
                case "J": for below in row..<rows { cells[below] = [] }
                case "l" where number == 25: showsCursor = false
                case "h" where number == 25: showsCursor = true
                default: break
                }
            case "\n":
                column = 0
                if row + 1 == rows { scrolled = true } else { row += 1 }
            case "\r": column = 0
            default:
                cells[row] = Array(cells[row].prefix(column)) + [character]
                column += 1
            }
        }
    }
}
