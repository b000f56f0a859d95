import Glibc
import MusterCore
import Testing

@testable import MusterCommand

@Suite("The terminal")
struct TerminalTests {
    @Test("knows its width as it changes, and whether it has colours")
    func size() throws {
        let pseudo = try PseudoTerminal(columns: 120, rows: 40)
        let terminal = Terminal(descriptor: pseudo.terminal, environment: ["TERM": "xterm"])
        #expect(terminal.isTerminal && terminal.isStyled && terminal.isLive)
        #expect(terminal.size == (120, 40))
        pseudo.resize(columns: 60, rows: 10)
        #expect(terminal.size == (60, 10) && terminal.columns == 60)
    }

    @Test(
        "honours NO_COLOR and TERM",
        arguments: [
            (["TERM": "xterm", "NO_COLOR": "1"], false, true),
            (["TERM": "xterm", "NO_COLOR": ""], true, true),
            (["TERM": "dumb"], false, false), ([:], false, false),
        ])
    func environment(environment: [String: String], isStyled: Bool, isLive: Bool) throws {
        let pseudo = try PseudoTerminal(columns: 80, rows: 24)
        let terminal = Terminal(descriptor: pseudo.terminal, environment: environment)
        #expect(terminal.isTerminal)
        #expect(terminal.isStyled == isStyled)
        #expect(terminal.isLive == isLive)
    }

    @Test("is none where there is a pipe: no colours, no limit, data as it is")
    func pipe() throws {
        let pipe = try CapturedPipe()
        let terminal = Terminal(descriptor: pipe.writer, environment: ["TERM": "xterm", "COLUMNS": "70"])
        #expect(!terminal.isTerminal && !terminal.isStyled && !terminal.isLive && terminal.columns == nil)
        #expect(terminal.size.columns == 70)
        try terminal.print(StyledText("bad", .bad))
        #expect(pipe.text() == "bad\n")
        try terminal.print(data: [0x1b, 0x5b, 0x32, 0x4a, 0xff])
        #expect(pipe.bytes() == [0x1b, 0x5b, 0x32, 0x4a, 0xff])
    }

    @Test("shows styles, cuts tables, and lets no data give it orders")
    func shows() throws {
        let pseudo = try PseudoTerminal(columns: 20, rows: 24)
        let terminal = Terminal(descriptor: pseudo.terminal, environment: ["TERM": "xterm"])
        try terminal.print(StyledText("bad", .bad))
        #expect(pseudo.text() == "\u{1b}[31mbad\u{1b}[0m\n")
        try terminal.print(data: Array("a\u{1b}[2J\nb".utf8))
        #expect(pseudo.text() == "a␛[2J\nb")
        var table = Table([.text("A")])
        table.add(["a long story that goes on"])
        try terminal.print(table)
        #expect(pseudo.text() == "\u{1b}[1mA\u{1b}[0m\na long story that g…\n")
    }
}

@Suite("Writing")
struct OutputTests {
    @Test("waits for a slow reader of a descriptor that does not block, and writes everything")
    func slowReader() async throws {
        var ends: [CInt] = [0, 0]
        try #require(Glibc.pipe(&ends) == 0)
        let (reader, writer) = (ends[0], ends[1])
        defer { close(reader) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(writer, F_SETFL, O_NONBLOCK)
        let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
        let read = Task.detached { () -> [UInt8] in
            var all: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 10_000)
            while case let count = Glibc.read(reader, &chunk, chunk.count), count > 0 {
                all += chunk[..<count]
            }
            return all
        }
        try Output(descriptor: writer).write(bytes)
        close(writer)
        #expect(await read.value == bytes)
    }

    @Test("says that the reader has gone")
    func readerGone() throws {
        signal(SIGPIPE, SIG_IGN)
        var ends: [CInt] = [0, 0]
        try #require(Glibc.pipe(&ends) == 0)
        close(ends[0])
        defer { close(ends[1]) }
        #expect(throws: OutputClosed()) { try Output(descriptor: ends[1]).write("x") }
    }

    @Test("says what else is wrong")
    func fullDisk() throws {
        let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
        try #require(full >= 0)
        defer { close(full) }
        #expect(throws: Problem(.fileFailed, "cannot write the output: No space left on device")) {
            try Output(descriptor: full).write("x")
        }
    }
}
