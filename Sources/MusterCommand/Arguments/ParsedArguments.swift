import MusterCore

/// What a command was called with, by the names in its table.
///
/// Asking for a name that the table does not have is a mistake in the program and stops it.
struct ParsedArguments: Sendable {
    /// The words that called the command: `["muster", "pool", "list"]`.
    let path: [String]
    /// The words after `--`, for a command that takes such.
    let rest: [String]
    private let values: [String: [String]]
    private let declared: Set<String>

    /// - Parameter values: the words of each operand and option; a flag has an empty one for each time.
    init(path: [String], values: [String: [String]], rest: [String], declared: Set<String>) {
        self.path = path
        self.values = values
        self.rest = rest
        self.declared = declared
    }

    /// All values of an option or operand, in the order given.
    func list(_ name: String) -> [String] {
        precondition(declared.contains(name), "\(path.joined(separator: " ")) does not take \(name)")
        return values[name] ?? []
    }

    /// Whether a flag was given.
    func flag(_ name: String) -> Bool { !list(name).isEmpty }

    /// The value of an option or operand; nil when it was not given.
    func string(_ name: String) -> String? { list(name).first }

    /// The value of an option or operand that must be there.
    ///
    /// - Throws: `Problem` `usage`.
    func required(_ name: String) throws(Problem) -> String {
        guard let value = string(name) else { throw Problem(.usage, "\(shown(name)) is missing") }
        return value
    }

    /// The value as a whole number within `bounds`; nil when it was not given.
    ///
    /// - Throws: `Problem` `usage`.
    func integer(_ name: String, _ bounds: ClosedRange<Int>) throws(Problem) -> Int? {
        guard let text = string(name) else { return nil }
        guard let value = Int(text), bounds.contains(value) else {
            throw Problem(
                .usage,
                "\(shown(name)) must be a whole number from \(bounds.lowerBound) to \(bounds.upperBound), "
                    + "not \(JSONText.quoted(String(text.prefix(80))))")
        }
        return value
    }

    /// The value as one of the raw values of an enumeration; nil when it was not given.
    ///
    /// - Throws: `Problem` `usage`.
    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String, _ type: Choice.Type
    ) throws(Problem) -> Choice? {
        guard let text = string(name) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let choices = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem(
                .usage,
                "\(shown(name)) must be one of \(choices), not \(JSONText.quoted(String(text.prefix(80))))")
        }
        return choice
    }

    /// Operands are named in upper case, options in lower case.
    private func shown(_ name: String) -> String { name.first?.isUppercase == true ? name : "--\(name)" }
}
