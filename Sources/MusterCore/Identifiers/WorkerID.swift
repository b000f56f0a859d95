/// The name of a worker, unique within its pool and group.
public struct WorkerID: Identifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let noun = "worker id"
    public static let rule = "1 to 38 letters, digits, - and _"

    public static func accepts(_ text: String) -> Bool {
        consists(text, of: isIdentifierByte, lengths: 1...38)
    }
}
