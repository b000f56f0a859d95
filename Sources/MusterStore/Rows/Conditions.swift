/// The conditions of a listing that were asked for.
///
/// A statement is put together from them, rather than one written for all with `$1 IS NULL OR`, so that the
/// planner finds the index of each.
struct Conditions {
    private var texts: [String] = []
    /// The values, in the order of their numbers.
    private(set) var values: [any SQLConvertible] = []

    /// The condition, or a true one when nothing was asked for.
    var text: String { texts.isEmpty ? "TRUE" : texts.joined(separator: " AND ") }

    /// Adds a condition without values.
    mutating func require(_ text: String) { texts.append(text) }

    /// Adds a comparison of a column.
    mutating func require(_ column: String, _ comparison: String, _ value: some SQLConvertible) {
        texts.append("\(column) \(comparison) \(number(value))")
    }

    /// Adds a comparison of a column, if there is a value to compare it with.
    mutating func require(_ column: String, _ comparison: String = "=", ifAny value: (some SQLConvertible)?) {
        if let value { require(column, comparison, value) }
    }

    /// Adds a comparison of columns taken together, as a page that goes on after another needs it.
    mutating func require(_ columns: String, _ comparison: String, all values: [any SQLConvertible]) {
        let numbers = values.map { number($0) }.joined(separator: ", ")
        texts.append("(\(columns)) \(comparison) (\(numbers))")
    }

    /// Adds that a column has one of some values.
    mutating func require(_ column: String, oneOf values: [some SQLConvertible]) {
        texts.append("\(column) IN (\(values.map { number($0) }.joined(separator: ", ")))")
    }

    /// Takes a value in; what stands for it in the statement.
    mutating func number(_ value: some SQLConvertible) -> String {
        values.append(value)
        return "$\(values.count)"
    }
}

/// A page of a listing.
public struct Page<Element: Sendable, Mark: Sendable>: Sendable {
    /// What is on it.
    public let elements: [Element]
    /// Where the next page begins; nil on the last.
    public let next: Mark?

    /// Makes a page of up to `limit` elements out of one more than that, if there are so many.
    init(_ elements: [Element], limit: Int, _ mark: (Element) -> Mark) {
        self.elements = Array(elements.prefix(limit))
        next = elements.count > limit ? self.elements.last.map(mark) : nil
    }
}
