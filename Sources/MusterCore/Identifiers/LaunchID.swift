/// The name of a launch, and its idempotency token towards the cloud.
public struct LaunchID: Identifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let noun = "launch id"
    public static let rule = "1 to 38 letters, digits, - and _"

    public static func accepts(_ text: String) -> Bool {
        consists(text, of: isIdentifierByte, lengths: 1...38)
    }
}
