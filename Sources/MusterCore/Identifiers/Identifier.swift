/// A name that has passed its pattern, so that nobody need ask again.
///
/// Made from outside text only through `init(validating:field:)`; the raw initialiser is for text that
/// Muster itself made or stored.
public protocol Identifier: RawRepresentable<String>, Hashable, Comparable, Codable, Sendable,
    CustomStringConvertible
{
    /// What the identifier names, for messages: "worker pool id".
    static var noun: String { get }
    /// What is allowed, for messages.
    static var rule: String { get }

    /// Whether `text` fits the pattern.
    static func accepts(_ text: String) -> Bool

    /// Takes text that is known to fit.
    init(rawValue: String)
}

extension Identifier {
    /// Takes text from outside.
    ///
    /// - Throws: `Problem` `input-invalid` that names the field and the rule.
    public init(validating text: String, field: String? = nil) throws(Problem) {
        guard Self.accepts(text) else {
            throw Problem(
                .inputInvalid,
                "\(JSONText.quoted(String(text.prefix(80)))) is not a \(Self.noun): \(Self.rule)",
                field: field)
        }
        self.init(rawValue: text)
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        try self.init(
            validating: container.decode(String.self),
            field: decoder.codingPath.fieldPath)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }

    public var description: String { rawValue }

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// Whether `text` has a length within `lengths` and only bytes that `allowed` takes.
func consists(_ text: some StringProtocol, of allowed: (UInt8) -> Bool, lengths: ClosedRange<Int>) -> Bool {
    lengths.contains(text.utf8.count) && text.utf8.allSatisfy(allowed)
}

/// `[a-zA-Z0-9-_]`, the alphabet of most ids.
func isIdentifierByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
        true
    default: false
    }
}
