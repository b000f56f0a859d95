import MusterCore
import Testing

@testable import MusterCommand

@Suite("Text from outside on a terminal")
struct VisibleTests {
    @Test(
        "has its control characters made visible",
        arguments: [
            ("plain é 😀 👩‍👩‍👧", "plain é 😀 👩‍👩‍👧"), ("\u{1b}[2J", "␛[2J"), ("\u{1b}]0;title\u{7}", "␛]0;title␇"),
            ("a\r\nb\tc", "a␍␊b␉c"), ("\u{7f}\u{0}", "␡␀"), ("\u{9b}31m", "<U+9B>31m"),
            ("a\u{202e}b", "a<U+202E>b"),
            ("\u{2066}x\u{2069}", "<U+2066>x<U+2069>"),
            ("\u{2028}\u{feff}\u{200b}", "<U+2028><U+FEFF><U+200B>"),
            ("\u{e0041}", "<U+E0041>"), ("\u{85}", "<U+85>"),
        ])
    func line(text: String, expected: String) {
        #expect(Visible.line(text) == expected)
    }

    @Test(
        "keeps its lines and tabs where lines are wanted",
        arguments: [
            ("a\nb\tc\n", "a\nb\tc\n"), ("a\r\nb\r\n", "a\nb\n"), ("10%\r20%\r\n", "10%␍20%\n"), ("\r", "␍"),
            ("\u{1b}[31mred\n", "␛[31mred\n"),
        ])
    func block(text: String, expected: String) {
        #expect(Visible.block(text) == expected)
    }

    @Test("never brings an escape sequence out of a styled line, however it got in")
    func styled() {
        var generator = SeededGenerator(seed: 12)
        for _ in 0..<2_000 {
            let scalars = (0..<20).map { _ in Unicode.Scalar(UInt8.random(in: 0...255, using: &generator)) }
            let text = String(String.UnicodeScalarView(scalars))
            let line = (StyledText(text, .bad) + "\(text)" + StyledText(stringLiteral: text)).cut(to: 30)
                .padded(to: 40)
            let plain = line.rendered(styled: false)
            #expect(!plain.unicodeScalars.contains { $0.value < 32 || (0x7f...0x9f).contains($0.value) })
            #expect(line.width == 40 && DisplayWidth.of(plain) == 40)
        }
    }
}
