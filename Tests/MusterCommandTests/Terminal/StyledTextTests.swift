import Testing

@testable import MusterCommand

@Suite("Styled text")
struct StyledTextTests {
    @Test(
        "knows how many columns it takes",
        arguments: [
            ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("한국", 4), ("😀", 2), ("👩‍👩‍👧", 2),
            ("❤️", 2),
            ("ａ", 2), ("…", 1), ("─│", 2), ("␛", 1),
        ])
    func width(text: String, columns: Int) {
        #expect(StyledText(text).width == columns)
    }

    @Test(
        "is cut with an ellipsis to what fits",
        arguments: [
            ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("abcdef", 1, "…"), ("abcdef", 0, ""),
            ("日本語", 5, "日本…"),
            ("日本語", 4, "日…"), ("日本語", 3, "日…"), ("日本語", 2, "…"),
        ])
    func cut(text: String, columns: Int, expected: String) {
        let cut = StyledText(text).cut(to: columns)
        #expect(cut.rendered(styled: false) == expected)
        #expect(cut.width <= columns)
    }

    @Test("is cut across its parts, each keeping its style")
    func cutParts() {
        let text = StyledText("ab", .good) + StyledText("cd", .bad) + "ef"
        #expect(text.cut(to: 4).rendered(styled: true) == "\u{1b}[32mab\u{1b}[0m\u{1b}[31mc…\u{1b}[0m")
        #expect(text.cut(to: 6) == text)
        #expect(text.cut(to: 3).rendered(styled: false) == "ab…")
    }

    @Test("shows its styles only where they are wanted")
    func styles() {
        for style in Style.allCases where style != .plain {
            let text = StyledText("x", style)
            #expect(text.rendered(styled: false) == "x")
            #expect(text.rendered(styled: true).hasSuffix("mx\u{1b}[0m"))
        }
        #expect(StyledText("x").rendered(styled: true) == "x")
        #expect(Set(Style.allCases.map(\.codes)).count == Style.allCases.count)
    }
}
