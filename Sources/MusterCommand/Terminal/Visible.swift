/// Makes text from outside harmless to a terminal: nothing in it can move the cursor, change the title,
/// answer a query or turn the reading direction.
enum Visible {
    /// `text` on one line: every control character, line breaks and tabs too, as a visible one.
    static func line(_ text: String) -> String { replaced(text, keepsLines: false) }

    /// `text` with its line breaks and tabs, and every other control character as a visible one.
    static func block(_ text: String) -> String { replaced(text, keepsLines: true) }

    private static func replaced(_ text: String, keepsLines: Bool) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var result = String.UnicodeScalarView()
        var scalars = text.unicodeScalars[...]
        while let scalar = scalars.popFirst() {
            switch scalar {
            case "\n" where keepsLines, "\t" where keepsLines: result.append(scalar)
            case "\r" where keepsLines && scalars.first == "\n": continue
            case _ where isControl(scalar): result.append(contentsOf: picture(of: scalar).unicodeScalars)
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    /// C0, DEL and C1 controls, line and paragraph separators, and what reorders or hides text (the attacks
    /// known as Trojan Source).
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7f...0x9f, 0x61c, 0x200b, 0x200e, 0x200f, 0x2028...0x202e, 0x2060...0x206f, 0xfeff,
            0xe0000...0xe007f:
            true
        default: false
        }
    }

    private static func picture(of scalar: Unicode.Scalar) -> String {
        switch scalar.value {
        // Unicode has pictures of these: ␀ to ␟ and ␡.
        case 0..<0x20: return Unicode.Scalar(0x2400 + scalar.value).map { String(Character($0)) } ?? "?"
        case 0x7f: return "\u{2421}"
        default: return "<U+\(String(scalar.value, radix: 16, uppercase: true))>"
        }
    }
}
