import MusterCore

/// What a plain scalar means in the core schema of YAML 1.2 (section 10.3.2).
enum YAMLScalar {
    static func value(_ text: String, line: Int) throws(Problem) -> Document.Value {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .boolean(true)
        case "false", "False", "FALSE": return .boolean(false)
        default: break
        }
        guard let first = text.utf8.first, isDigit(first) || "+-.".utf8.contains(first) else {
            return .string(text)
        }
        do {
            return try number(text) ?? .string(text)
        } catch {
            throw Problem(.inputMalformed, "the number \(text.prefix(40)) \(error.reason)", line: line)
        }
    }

    private static func number(_ text: String) throws(NumberText.Refusal) -> Document.Value? {
        if let digits = digits(of: text, after: "0x", isHexadecimal) { return try integer(digits, radix: 16) }
        if let digits = digits(of: text, after: "0o", isOctal) { return try integer(digits, radix: 8) }
        let sign = text.utf8.first == UInt8(ascii: "+") || text.utf8.first == UInt8(ascii: "-")
        let magnitude = text.utf8.dropFirst(sign ? 1 : 0)
        if [".inf", ".Inf", ".INF"].contains(String(Substring(magnitude)))
            || [".nan", ".NaN", ".NAN"].contains(text)
        {
            throw NumberText.Refusal(reason: "is not finite; write it in quotes if a text is meant")
        }
        if !magnitude.isEmpty, magnitude.allSatisfy(isDigit) {
            guard magnitude.count == 1 || magnitude.first != UInt8(ascii: "0") else {
                throw NumberText.Refusal(
                    reason: "begins with a zero; write it in quotes if a text is meant, as 0o... if octal is")
            }
            return try NumberText.integer(text)
        }
        return isFraction(magnitude) ? try NumberText.fraction(text) : nil
    }

    /// `\. [0-9]+ | [0-9]+ (\. [0-9]*)?`, then `([eE] [-+]? [0-9]+)?`.
    private static func isFraction(_ text: Substring.UTF8View) -> Bool {
        var rest = text.drop(while: isDigit)
        let hasWhole = rest.count < text.count
        if rest.first == UInt8(ascii: ".") {
            let fraction = rest.dropFirst()
            rest = fraction.drop(while: isDigit)
            guard hasWhole || rest.count < fraction.count else { return false }
        } else if !hasWhole {
            return false
        }
        guard let exponent = rest.first else { return true }
        guard exponent | 0x20 == UInt8(ascii: "e") else { return false }
        rest = rest.dropFirst()
        if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        return !rest.isEmpty && rest.allSatisfy(isDigit)
    }

    private static func digits(
        of text: String, after prefix: String, _ allowed: (UInt8) -> Bool
    ) -> Substring? {
        guard text.hasPrefix(prefix), text.utf8.count > 2, text.utf8.dropFirst(2).allSatisfy(allowed) else {
            return nil
        }
        return text.dropFirst(2)
    }

    private static func integer(
        _ digits: Substring, radix: Int
    ) throws(NumberText.Refusal) -> Document.Value {
        guard let integer = Int64(digits, radix: radix) else {
            throw NumberText.Refusal(
                reason: "does not fit into 64 bits; write it in quotes to keep its digits")
        }
        return .integer(integer)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
    private static func isOctal(_ byte: UInt8) -> Bool { (48...55).contains(byte) }
    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        isDigit(byte) || (97...102).contains(byte | 0x20)
    }
}
