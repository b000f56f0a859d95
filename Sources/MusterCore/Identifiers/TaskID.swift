/// The name of a task; whoever submits it may choose it, and then a repeat is recognised.
public struct TaskID: Identifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let noun = "task id"
    public static let rule = "1 to 38 letters, digits, - and _"

    public static func accepts(_ text: String) -> Bool {
        consists(text, of: isIdentifierByte, lengths: 1...38)
    }
}
