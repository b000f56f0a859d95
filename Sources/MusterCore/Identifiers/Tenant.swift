/// Whose task it is: the queue serves tenants in turn.
public struct Tenant: Identifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The tenant of a task that names none.
    public static let unnamed = Tenant(rawValue: "default")

    public static let noun = "tenant"
    public static let rule = "1 to 128 bytes of text without control characters"

    public static func accepts(_ text: String) -> Bool {
        // The controls above ASCII too: terminals obey those as they do the escape.
        consists(text, of: { $0 >= 32 }, lengths: 1...128)
            && text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    }

    // By bytes, as the store compares: Swift's own comparison takes two spellings of one character for the same,
    // and then two tenants would share a count.

    public static func == (left: Self, right: Self) -> Bool {
        left.rawValue.utf8.elementsEqual(right.rawValue.utf8)
    }

    public static func < (left: Self, right: Self) -> Bool {
        left.rawValue.utf8.lexicographicallyPrecedes(right.rawValue.utf8)
    }

    public func hash(into hasher: inout Hasher) {
        var text = rawValue
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}
