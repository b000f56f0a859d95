import MusterCore

/// Times as Google writes them: RFC 3339, mostly with an offset ("2026-11-21T07:30:00.123-08:00").
enum GoogleTime {
    /// The moment; nil when it is none.
    static func moment(_ text: String) -> Timestamp? {
        if let moment = Timestamp(text) { return moment }
        let bytes = Array(text.utf8)
        guard bytes.count > 6, let sign = bytes.dropLast(5).last, sign == 43 || sign == 45,
            bytes[bytes.count - 3] == 58, let hours = number(bytes.suffix(5).prefix(2)),
            let minutes = number(bytes.suffix(2)), hours < 24, minutes < 60,
            let local = Timestamp(String(decoding: bytes.dropLast(6), as: UTF8.self) + "Z")
        else { return nil }
        let offset: Duration = .seconds((hours * 60 + minutes) * 60)
        return sign == 43 ? local - offset : local + offset
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        digits.allSatisfy { (48...57).contains($0) } ? digits.reduce(0) { $0 * 10 + Int($1 - 48) } : nil
    }
}
