public import MusterCore

/// The body of every answer that is not a success.
public struct APIError: Codable, Hashable, Sendable {
    /// A stable code; `ProblemCode` lists them.
    public var code: String
    /// A sentence for a person.
    public var message: String
    /// The field that the error is about.
    public var field: String?
    /// The line of the body that the error is about, counted from 1.
    public var line: Int?
    /// The request's id, for looking it up in the service's log.
    public var requestId: String?
    /// All problems of the input, when there are several.
    public var problems: [Detail]?

    /// One of several problems.
    public struct Detail: Codable, Hashable, Sendable {
        /// A stable code.
        public var code: String
        /// A sentence for a person.
        public var message: String
        /// The field that it is about.
        public var field: String?
        /// The line of the file that it is about.
        public var line: Int?
    }

    /// The body that tells of `problems`.
    public init(_ problems: Problems, requestId: String? = nil) {
        let first = problems.all[0]
        code = first.code.rawValue
        message = first.message
        field = first.field
        line = first.line
        self.requestId = requestId
        guard problems.all.count > 1 else { return }
        self.problems = problems.all.map {
            Detail(code: $0.code.rawValue, message: $0.message, field: $0.field, line: $0.line)
        }
    }

    /// What it tells of, as problems again; a code that this version does not know is an internal error.
    public var asProblems: Problems {
        let first = Problem(
            ProblemCode(rawValue: code) ?? .internalError, message, field: field, line: line)
        let all = problems?.map {
            Problem(
                ProblemCode(rawValue: $0.code) ?? .internalError, $0.message, field: $0.field, line: $0.line)
        }
        return Problems(all ?? []) ?? Problems(first)
    }
}
