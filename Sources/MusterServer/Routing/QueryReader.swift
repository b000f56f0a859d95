import MusterCore

/// The query of a call, read name by name; what nobody has read in the end is refused.
struct QueryReader {
    private let items: [(name: String, value: String)]
    private var known: Set<String> = []

    init(_ request: ServerRequest) { items = request.query }

    /// All values of a parameter that may be repeated, in order.
    mutating func texts(_ name: String) -> [String] {
        known.insert(name)
        return items.filter { $0.name == name }.map(\.value)
    }

    /// The value of a parameter.
    ///
    /// - Throws: `Problem` `input-invalid`; the same for everything below.
    mutating func text(_ name: String) throws(Problem) -> String? {
        let values = texts(name)
        guard values.count <= 1 else { throw Problem(.inputInvalid, "may be given only once", field: name) }
        return values.first
    }

    /// An id.
    mutating func identifier<ID: Identifier>(_ name: String, _ type: ID.Type) throws(Problem) -> ID? {
        guard let text = try text(name) else { return nil }
        return try ID(validating: text, field: name)
    }

    /// One of a closed set of words.
    mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String, _ type: Choice.Type
    ) throws(Problem) -> Choice? {
        guard let text = try text(name) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let choices = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem(.inputInvalid, "must be one of \(choices)", field: name)
        }
        return choice
    }

    /// Whether something is wanted: `true` or `false`; nil when the query does not say.
    mutating func flag(_ name: String) throws(Problem) -> Bool? {
        guard let text = try text(name) else { return nil }
        guard let flag = Bool(text) else {
            throw Problem(.inputInvalid, "must be true or false", field: name)
        }
        return flag
    }

    /// A whole number.
    mutating func integer<Number: FixedWidthInteger>(
        _ name: String, _ bounds: ClosedRange<Number>
    ) throws(Problem) -> Number? {
        guard let text = try text(name) else { return nil }
        guard let number = Number(text), bounds.contains(number) else {
            let rule =
                bounds.upperBound == .max
                ? "must be a whole number from \(bounds.lowerBound)"
                : "must be from \(bounds.lowerBound) to \(bounds.upperBound)"
            throw Problem(.inputInvalid, rule, field: name)
        }
        return number
    }

    /// A moment.
    mutating func moment(_ name: String) throws(Problem) -> Timestamp? {
        guard let text = try text(name) else { return nil }
        guard let moment = Timestamp(text) else {
            throw Problem(
                .inputInvalid, "must be ISO 8601 in UTC, such as 2026-11-21T07:30:00Z", field: name)
        }
        return moment
    }

    /// How many elements the page may have.
    mutating func limit() throws(Problem) -> Int {
        try integer("limit", 1...RoutePolicy.pageSize) ?? RoutePolicy.pageSize
    }

    /// Where the page begins.
    ///
    /// - Parameter read: the mark that a token stands for; nil when it stands for none.
    mutating func token<Mark>(_ read: (String) -> Mark?) throws(Problem) -> Mark? {
        guard let text = try text("continuationToken") else { return nil }
        guard let mark = read(text) else {
            throw Problem(.inputInvalid, "is not one that a page gave", field: "continuationToken")
        }
        return mark
    }

    /// Refuses what is left over.
    ///
    /// - Throws: `Problem` `field-unknown`.
    func finish() throws(Problem) {
        guard let unknown = items.first(where: { !known.contains($0.name) }) else { return }
        throw Problem(.fieldUnknown, "is not a known query parameter", field: unknown.name)
    }
}
