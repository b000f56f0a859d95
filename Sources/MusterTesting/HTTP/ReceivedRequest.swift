/// A request as the server read it.
public struct ReceivedRequest: Sendable {
    /// The first line.
    public let line: String
    /// In order.
    public let headers: [(name: String, value: String)]
    /// The whole body.
    public let body: [UInt8]

    /// The word before the first space.
    public var method: String { String(line.prefix { $0 != " " }) }

    /// The word between the spaces.
    public var path: String { line.split(separator: " ").dropFirst().first.map(String.init) ?? "" }

    /// All values of a header, in order.
    public func values(_ name: String) -> [String] {
        headers.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }
}

/// What the server does with a request.
public enum Reply: Sendable {
    /// Answers and keeps the connection. The length is added.
    case answer(status: Int = 200, headers: [(String, String)] = [], body: [UInt8] = [])
    /// Sends these bytes as they are and closes the connection.
    case raw([UInt8])
    /// Says nothing until the client hangs up.
    case silence
    /// Closes the connection without a word.
    case hangUp

    /// An answer with a text.
    public static func text(_ text: String) -> Reply { .answer(body: Array(text.utf8)) }
    /// A text sent as it is.
    public static func raw(_ text: String) -> Reply { .raw(Array(text.utf8)) }
}
