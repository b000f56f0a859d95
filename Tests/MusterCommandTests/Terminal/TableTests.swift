import Testing

@testable import MusterCommand

@Suite("Tables")
struct TableTests {
    private func text(_ table: Table, columns: Int? = nil) -> String {
        table.lines(columns: columns).map { $0.rendered(styled: false) }.joined(separator: "\n")
    }

    private var pools: Table {
        var table = Table([.text("POOL"), .number("WORKERS"), .text("STATE")])
        table.add(["build/linux", "12", StyledText("active", .good)])
        table.add(["日本/x", "3456789", StyledText("paused: out of money", .warning)])
        return table
    }

    @Test("line up, numbers at the right, without spaces at the end")
    func aligned() {
        #expect(
            text(pools) == """
                POOL         WORKERS  STATE
                build/linux       12  active
                日本/x       3456789  paused: out of money
                """)
    }

    @Test("keep to a width by cutting the widest text, never a number")
    func narrow() {
        #expect(
            text(pools, columns: 35) == """
                POOL         WORKERS  STATE
                build/linux       12  active
                日本/x       3456789  paused: out …
                """)
        #expect(
            text(pools, columns: 28) == """
                POOL      WORKERS  STATE
                build/l…       12  active
                日本/x    3456789  paused: …
                """)
        for columns in 1...60 {
            for line in pools.lines(columns: columns) { #expect(line.width <= columns) }
        }
    }

    @Test("stay one line a row whatever a cell holds")
    func hostile() {
        var table = Table([.text("NAME"), .text("NOTE")])
        table.add(["a\nb", "x\u{1b}[1A"])
        #expect(text(table) == "NAME  NOTE\na␊b   x␛[1A")
        #expect(!table.isEmpty)
    }

    @Test("without rows have their headings")
    func empty() {
        let table = Table([.text("NAME"), .number("N")])
        #expect(table.isEmpty)
        #expect(text(table, columns: 80) == "NAME  N")
    }

    @Test("with cells of a megabyte are cut in a moment")
    func large() {
        var table = Table([.text("A"), .text("B")])
        table.add([
            StyledText(String(repeating: "x", count: 1 << 20)),
            StyledText(String(repeating: "y", count: 1 << 19)),
        ])
        #expect(table.lines(columns: 80).allSatisfy { $0.width <= 80 })
    }
}
