import MusterCore

/// What launch configs may put into a worker's environment.
enum VariableRules {
    /// What is wrong with a variable; nil when nothing is.
    static func problem(of name: String, _ value: String) -> String? {
        let quoted = JSONText.quoted(String(name.prefix(80)))
        let bytes = name.utf8
        guard let first = bytes.first, !isDigit(first), bytes.allSatisfy({ isLetter($0) || isDigit($0) })
        else {
            return "the name \(quoted) must be letters, digits and _, with no digit first"
        }
        if name.hasPrefix("MUSTER_") { return "the name \(quoted) is one of Muster's own: choose another" }
        if value.utf8.contains(0) { return "the value of \(quoted) must not hold a zero byte" }
        return nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_")
    }
}
