/// What went wrong, for a person and for a program.
///
/// `code` is stable and comes from a closed set, so that it can label a metric; `message` is a sentence
/// that says what to do. No secret may ever be put into either.
public struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
    /// The stable code.
    public var code: ProblemCode
    /// A sentence for a person.
    public var message: String
    /// The field that the problem is about, as a path such as `config.launchConfigs[0].initialWeight`.
    public var field: String?
    /// The line of the file that the problem is about, counted from 1.
    public var line: Int?

    /// Makes a problem.
    public init(_ code: ProblemCode, _ message: String, field: String? = nil, line: Int? = nil) {
        self.code = code
        self.message = message
        self.field = field
        self.line = line
    }

    /// The problem on one line: place, message and code.
    public var description: String {
        var place = ""
        if let line { place += "line \(line): " }
        if let field, !field.isEmpty { place += "\(field): " }
        return "\(place)\(message) [\(code.rawValue)]"
    }
}
