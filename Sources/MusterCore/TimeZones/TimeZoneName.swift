/// The name of a time zone of the IANA database.
///
/// Its pattern takes nothing that would lead out of a folder of zones: no dots, no empty parts.
public struct TimeZoneName: Identifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Coordinated universal time, which needs no file.
    public static let utc = TimeZoneName(rawValue: "UTC")

    public static let noun = "time zone"
    public static let rule = "a name of the IANA database, such as Europe/Berlin or UTC"

    public static func accepts(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy {
                part in
                guard let first = part.first, isLetter(first) else { return false }
                return part.allSatisfy { isIdentifierByte($0) || $0 == UInt8(ascii: "+") }
            }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
