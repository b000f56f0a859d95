/// Reads an object strictly: every member must be asked for, be of its type and within its bounds.
///
/// Problems are collected rather than thrown one by one, so that a person sees all of them at once;
/// `finish` throws them. A value that could not be read is replaced by its default meanwhile.
public final class DocumentReader {
    private let document: Document
    private let path: String
    private let problems: ProblemList
    private var known: Set<String> = []

    /// Starts to read `document`, which stands at `path` ("" for the root).
    public convenience init(_ document: Document, path: String = "") {
        self.init(document, path: path, problems: ProblemList())
    }

    private init(_ document: Document, path: String, problems: ProblemList) {
        self.document = document
        self.path = path
        self.problems = problems
        switch document.value {
        case .object, .null: break
        default: problems.append(problem("must be an object, not \(document.kind)", at: path, document.line))
        }
    }

    /// A reader that notes what is asked for, so that a test can hold pages against it.
    package convenience init(recording document: Document) {
        self.init(document, path: "", problems: ProblemList(isRecording: true))
    }

    /// The paths of all members that this reader and those it made were asked for, when it notes them.
    package var asked: Set<String> { problems.asked }

    /// The line of the object.
    public var line: Int? { document.line }

    /// The member as it is; nil when it is absent or null.
    public func document(_ name: String) -> Document? {
        known.insert(name)
        if problems.isRecording { problems.asked.insert(child(name)) }
        guard let found = document[name], found.value != .null else { return nil }
        return found
    }

    /// Says that `name` is known but does not matter here.
    public func ignore(_ names: String...) { known.formUnion(names) }

    /// Whether the member is there and not null.
    public func has(_ name: String) -> Bool { document(name) != nil }

    /// Notes a problem with the member `name`.
    public func refuse(_ name: String, _ message: String) {
        problems.append(problem(message, at: child(name), document[name]?.line ?? document.line))
    }

    /// Notes a problem with an element of a list.
    public func refuse(_ element: (document: Document, path: String), _ message: String) {
        problems.append(problem(message, at: element.path, element.document.line))
    }

    /// A string, at most `limit` bytes of UTF-8 long.
    public func string(_ name: String, limit: Int = 10_240) -> String? {
        guard let found = document(name) else { return nil }
        guard case .string(let text) = found.value else {
            refuse(name, "must be a string, not \(found.kind)")
            return nil
        }
        guard text.utf8.count <= limit else {
            refuse(name, "must be at most \(limit) bytes long")
            return nil
        }
        // Not every engine can store it, and nobody means it.
        guard !text.utf8.contains(0) else {
            refuse(name, "must not contain NUL")
            return nil
        }
        return text
    }

    /// An identifier.
    public func identifier<ID: Identifier>(_ name: String, _ type: ID.Type) -> ID? {
        guard let text = string(name) else { return nil }
        do {
            return try ID(validating: text)
        } catch {
            refuse(name, error.message)
            return nil
        }
    }

    /// A boolean.
    public func boolean(_ name: String) -> Bool? {
        guard let found = document(name) else { return nil }
        guard case .boolean(let flag) = found.value else {
            refuse(name, "must be true or false, not \(found.kind)")
            return nil
        }
        return flag
    }

    /// A whole number within `bounds`.
    public func integer(_ name: String, _ bounds: ClosedRange<Int>) -> Int? {
        guard let found = document(name) else { return nil }
        var value: Int?
        switch found.value {
        case .integer(let integer): value = Int(exactly: integer)
        case .number(let number): value = Int(exactly: number)
        default: break
        }
        guard let value else {
            refuse(name, "must be a whole number, not \(found.kind)")
            return nil
        }
        guard bounds.contains(value) else {
            refuse(name, "must be from \(bounds.lowerBound) to \(bounds.upperBound), not \(value)")
            return nil
        }
        return value
    }

    /// A finite number within `bounds`.
    public func number(_ name: String, _ bounds: ClosedRange<Double>) -> Double? {
        guard let found = document(name) else { return nil }
        let value: Double
        switch found.value {
        case .integer(let integer): value = Double(integer)
        case .number(let number): value = number
        default:
            refuse(name, "must be a number, not \(found.kind)")
            return nil
        }
        guard bounds.contains(value) else {
            refuse(name, "must be from \(bounds.lowerBound) to \(bounds.upperBound), not \(value)")
            return nil
        }
        return value
    }

    /// One of the raw values of an enumeration.
    public func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String, _ type: Choice.Type
    ) -> Choice? {
        guard let text = string(name) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let choices = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            refuse(name, "must be one of \(choices), not \(JSONText.quoted(String(text.prefix(80))))")
            return nil
        }
        return choice
    }

    /// A length of time, written as a number of seconds.
    public func seconds(_ name: String, _ bounds: ClosedRange<Double>) -> Duration? {
        number(name, bounds).map { .milliseconds(Int64(($0 * 1_000).rounded())) }
    }

    /// A list; each element comes with its path.
    public func list(_ name: String, limit: Int = 10_000) -> [(document: Document, path: String)]? {
        guard let found = document(name) else { return nil }
        guard case .array(let elements) = found.value else {
            refuse(name, "must be a list, not \(found.kind)")
            return nil
        }
        guard elements.count <= limit else {
            refuse(name, "must have at most \(limit) elements")
            return nil
        }
        return elements.enumerated().map { ($1, "\(child(name))[\($0)]") }
    }

    /// A list of strings.
    public func strings(_ name: String, limit: Int = 10_000) -> [String]? {
        guard let elements = list(name, limit: limit) else { return nil }
        var texts: [String] = []
        for element in elements {
            guard case .string(let text) = element.document.value else {
                let message = "must be a string, not \(element.document.kind)"
                problems.append(problem(message, at: element.path, element.document.line))
                return nil
            }
            texts.append(text)
        }
        return texts
    }

    /// An object whose values are all strings, such as an environment.
    ///
    /// Integers and booleans are taken as they were meant: their text. Other numbers are refused, because
    /// their text is not known any more: a version 1.10 would become 1.1.
    public func stringMap(_ name: String) -> [String: String]? {
        guard let found = document(name) else { return nil }
        guard case .object(let members) = found.value else {
            refuse(name, "must be an object, not \(found.kind)")
            return nil
        }
        var map: [String: String] = [:]
        for member in members {
            switch member.document.value {
            case .string(let text): map[member.name] = text
            case .integer, .boolean: map[member.name] = member.document.canonicalJSON
            default:
                let hint = member.document.kind == "a number" ? "; write it in quotes" : ""
                let message = "must be a string, not \(member.document.kind)\(hint)"
                problems.append(problem(message, at: "\(child(name)).\(member.name)", member.document.line))
            }
        }
        return map
    }

    /// A reader of the object called `name`; an absent one reads as empty. Its problems join this reader's;
    /// it must be finished with `refuseUnknown` too.
    public func object(_ name: String) -> DocumentReader {
        DocumentReader(
            document(name) ?? Document(.null, line: document[name]?.line ?? document.line), path: child(name),
            problems: problems)
    }

    /// A reader of an element of a list, whose problems join this reader's.
    public func element(_ element: (document: Document, path: String)) -> DocumentReader {
        DocumentReader(element.document, path: element.path, problems: problems)
    }

    /// Notes a problem for each member that nobody asked for.
    public func refuseUnknown() {
        guard case .object(let members) = document.value else { return }
        for member in members where !known.contains(member.name) {
            let near = Spelling.nearest(to: member.name, among: known).map { "; did you mean \($0)?" } ?? ""
            problems.append(
                Problem(
                    .fieldUnknown, "is not a known field\(near)",
                    field: child(String(member.name.prefix(80))),
                    line: member.line))
        }
    }

    /// Everything that was found wrong so far, in the order found.
    public var found: [Problem] { problems.all }

    /// Refuses unknown members, then throws if anything was found wrong.
    ///
    /// - Throws: `Problems` with all of them.
    public func finish() throws(Problems) {
        refuseUnknown()
        if let problems = Problems(problems.all) { throw problems }
    }

    private func child(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    private func problem(_ message: String, at path: String, _ line: Int?) -> Problem {
        Problem(.inputInvalid, message, field: path, line: line)
    }
}

/// Problems shared by a reader and the readers it made.
private final class ProblemList {
    private(set) var all: [Problem] = []
    let isRecording: Bool
    var asked: Set<String> = []

    init(isRecording: Bool = false) { self.isRecording = isRecording }

    /// A hundred are more than a person reads, and an input of nothing else must not fill the memory.
    private static let limit = 100

    func append(_ problem: Problem) {
        if all.count < Self.limit { all.append(problem) }
    }
}
