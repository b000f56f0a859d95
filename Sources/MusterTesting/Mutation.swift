public import MusterCore

extension SeededGenerator {
    /// `original` with a few random changes: bytes replaced, taken out, repeated, cut off, or put in that mean
    /// something to parsers.
    public mutating func mutated(_ original: [UInt8]) -> [UInt8] {
        var bytes = original
        for _ in 0..<Int.random(in: 1...6, using: &self) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &self)
            switch Int.random(in: 0..<6, using: &self) {
            case 0: bytes[place] = .random(in: 0...255, using: &self)
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(contentsOf: bytes[place...].prefix(12), at: place)
            case 3: bytes.insert(Self.marks.randomElement(using: &self) ?? 0, at: place)
            case 4: bytes.insert(contentsOf: Self.words.randomElement(using: &self) ?? [], at: place)
            default: bytes.removeSubrange(place...)
            }
        }
        return bytes
    }

    private static let marks = Array("{}[]&*!|>'\"%:-?,#=/@\n\r\t\\ \0".utf8)
    private static let words = [
        "99999999999999999999", "-1", "1e999", "0x", "null", "true", "~", "../", "%00", "\u{feff}",
        "\u{2028}",
        "é", "NaN", "\\u0000", "---\n", "- ",
    ].map { Array($0.utf8) }
}
