/// The name of a provider: a cloud account, or this machine.
public struct ProviderID: Identifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let noun = "provider id"
    public static let rule = "1 to 38 letters, digits, - and _"

    public static func accepts(_ text: String) -> Bool {
        consists(text, of: isIdentifierByte, lengths: 1...38)
    }
}
