/// What a limit is referred to by, whatever it is called: its name can change, this cannot.
public struct LimitID: Identifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The limit that a pool has for itself.
    public init(ofPool pool: PoolID) { rawValue = "pool:\(pool)" }

    public static let noun = "concurrency limit id"
    public static let rule = "1 to 128 of a-z A-Z 0-9 - _ : /"

    public static func accepts(_ text: String) -> Bool {
        consists(
            text, of: { isIdentifierByte($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "/") },
            lengths: 1...128)
    }
}

/// What people call a limit.
public struct LimitName: Identifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    /// What the limit of a pool's own is called.
    public init(ofPool pool: PoolID) { rawValue = Self.poolPrefix + pool.rawValue }

    /// What the names of pools' own limits begin with, and no other's.
    public static let poolPrefix = "pool:"

    /// Whether it is the name of a pool's own limit.
    public var isOfPool: Bool { rawValue.hasPrefix(Self.poolPrefix) }

    public static let noun = "name of a concurrency limit"
    public static let rule = "1 to 128 of a-z A-Z 0-9 - _ . : /"

    public static func accepts(_ text: String) -> Bool {
        consists(
            text,
            of: {
                isIdentifierByte($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "/")
                    || $0 == UInt8(ascii: ".")
            },
            lengths: 1...128)
    }
}
