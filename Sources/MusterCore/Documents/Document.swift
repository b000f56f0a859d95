/// A JSON-like value that remembers where it stood in its file.
///
/// What people write (YAML or JSON) becomes a `Document` first, is checked with `DocumentReader`, and only
/// then becomes a value of the domain.
public struct Document: Hashable, Sendable {
    /// What it is.
    public var value: Value
    /// The line it begins at, counted from 1; nil when it did not come from a file.
    public var line: Int?

    /// The kinds of value.
    public enum Value: Hashable, Sendable {
        case null
        case boolean(Bool)
        case integer(Int64)
        case number(Double)
        case string(String)
        case array([Document])
        /// The members in the order written; names are unique.
        case object([Member])
    }

    /// A name and its value.
    public struct Member: Hashable, Sendable {
        /// The name.
        public var name: String
        /// The line of the name.
        public var line: Int?
        /// What it names.
        public var document: Document

        /// Makes a member.
        public init(_ name: String, _ document: Document, line: Int? = nil) {
            self.name = name
            self.document = document
            self.line = line
        }
    }

    /// Makes a document.
    public init(_ value: Value, line: Int? = nil) {
        self.value = value
        self.line = line
    }

    /// The member called `name`; nil when there is none or this is no object.
    public subscript(_ name: String) -> Document? {
        guard case .object(let members) = value else { return nil }
        return members.first { $0.name == name }?.document
    }

    /// What kind of value it is, for messages.
    public var kind: String {
        switch value {
        case .null: "null"
        case .boolean: "a boolean"
        case .integer: "an integer"
        case .number: "a number"
        case .string: "a string"
        case .array: "a list"
        case .object: "an object"
        }
    }
}
