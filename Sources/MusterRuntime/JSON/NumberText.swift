import MusterCore

/// Decimal numbers as JSON and YAML write them, taken only when nothing of them gets lost.
enum NumberText {
    /// Reads digits with or without a sign.
    ///
    /// An integer of more than 64 bits is taken only in the form that canonical JSON gives to a double
    /// (so what was written reads back); any other would silently become a different number.
    static func integer(_ text: String) throws(Refusal) -> Document.Value {
        if let integer = Int64(text) { return .integer(integer) }
        let digits = text.hasPrefix("+") ? String(text.dropFirst()) : text
        guard digits.utf8.count <= 32, let number = Double(digits), number.isFinite,
            Document(.number(number)).canonicalJSON == digits
        else { throw Refusal(reason: "does not fit into 64 bits; write it in quotes to keep its digits") }
        return .number(number)
    }

    /// Reads a number with a fraction or an exponent.
    static func fraction(_ text: String) throws(Refusal) -> Document.Value {
        guard let number = Double(text), number.isFinite, number != 0 || isZero(text) else {
            throw Refusal(reason: "is out of the range of numbers")
        }
        return .number(number)
    }

    /// Why a number was not taken.
    struct Refusal: Error {
        var reason: String
    }

    private static func isZero(_ text: String) -> Bool {
        !text.utf8.prefix { $0 | 0x20 != UInt8(ascii: "e") }.contains { (49...57).contains($0) }
    }
}
