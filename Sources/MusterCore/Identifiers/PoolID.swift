/// The name of a worker pool, `owner/name`.
public struct PoolID: Identifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let noun = "worker pool id"
    public static let rule =
        "two parts with a slash between them; up to 38 letters, digits, - and _ before it; after it up to 38 "
        + "lower-case letters, digits and -, with a letter first and no - last"

    public static func accepts(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count == 2, let first = parts[1].first, let last = parts[1].last else { return false }
        return (1...38).contains(parts[0].count) && parts[0].allSatisfy(isIdentifierByte)
            && (1...38).contains(parts[1].count) && parts[1].allSatisfy(isNameByte)
            && isLetter(first) && last != UInt8(ascii: "-")
    }

    /// The part before the slash.
    public var owner: String { String(rawValue.prefix { $0 != "/" }) }
    /// The part after the slash.
    public var name: String { String(rawValue.drop { $0 != "/" }.dropFirst()) }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        isLetter(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
    }
}
