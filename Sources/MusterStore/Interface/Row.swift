public import MusterCore

/// A row of an answer; columns are read by name.
///
/// A column that is missing or of another type means that the store is not what this program made of it:
/// `Problem` `store-failed`.
public struct Row: Sendable {
    private let columns: ColumnNames
    private let values: [SQLValue]

    init(columns: ColumnNames, values: [SQLValue]) {
        self.columns = columns
        self.values = values
    }

    /// The value of a column.
    public func value(_ name: String) throws(Problem) -> SQLValue {
        guard let index = columns.index[name] else {
            throw Problem(.storeFailed, "an answer of the store lacks the column \(name)")
        }
        return values[index]
    }

    /// An integer.
    public func integer(_ name: String) throws(Problem) -> Int64 {
        guard case .integer(let integer) = try value(name) else { throw mismatch(name, "an integer") }
        return integer
    }

    /// An integer or null.
    public func optionalInteger(_ name: String) throws(Problem) -> Int64? {
        try value(name) == .null ? nil : integer(name)
    }

    /// A small integer.
    public func int(_ name: String) throws(Problem) -> Int { Int(truncatingIfNeeded: try integer(name)) }

    /// A boolean.
    public func flag(_ name: String) throws(Problem) -> Bool { try integer(name) != 0 }

    /// A floating-point number.
    public func real(_ name: String) throws(Problem) -> Double {
        switch try value(name) {
        case .real(let number): return number
        case .integer(let integer): return Double(integer)
        default: throw mismatch(name, "a number")
        }
    }

    /// Text.
    public func text(_ name: String) throws(Problem) -> String {
        guard case .text(let text) = try value(name) else { throw mismatch(name, "text") }
        return text
    }

    /// Text or null.
    public func optionalText(_ name: String) throws(Problem) -> String? {
        try value(name) == .null ? nil : text(name)
    }

    /// A moment.
    public func time(_ name: String) throws(Problem) -> Timestamp {
        Timestamp(milliseconds: try integer(name))
    }

    /// A moment or null.
    public func optionalTime(_ name: String) throws(Problem) -> Timestamp? {
        try optionalInteger(name).map { Timestamp(milliseconds: $0) }
    }

    /// An id, or a word of a closed set.
    public func value<Value: RawRepresentable<String>>(
        _ name: String, as type: Value.Type
    ) throws(Problem) -> Value {
        guard let value = Value(rawValue: try text(name)) else { throw mismatch(name, "a known word") }
        return value
    }

    private func mismatch(_ name: String, _ expected: String) -> Problem {
        Problem(.storeFailed, "the column \(name) of the store does not hold \(expected)")
    }
}

/// The columns of a statement, shared by its rows.
final class ColumnNames: Sendable {
    let index: [String: Int]

    init(_ names: [String]) {
        index = Dictionary(zip(names, names.indices), uniquingKeysWith: { first, _ in first })
    }
}
