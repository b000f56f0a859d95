/// A change of many rows of a table in the same way, for one list of values each.
///
/// However many rows there are, an engine behind a network is asked once.
public struct BulkChange: Hashable, Sendable {
    /// What is done with each list of values.
    public enum Kind: Hashable, Sendable {
        /// A new row; what is done about one that is there already is SQL after `ON CONFLICT`, or else an error.
        case insertion(onConflict: String?)
        /// A change of the row that has the key.
        case update(keys: [String], changes: [ColumnChange])
    }

    /// What an update does with a column.
    public enum ColumnChange: Hashable, Sendable {
        /// It becomes the value.
        case set(String)
        /// The value is added to it.
        case add(String)

        /// The column.
        public var column: String {
            switch self {
            case .set(let column), .add(let column): column
            }
        }
    }

    /// The table.
    public let table: String
    /// What is done.
    public let kind: Kind
    /// The columns that a list of values stands for, in their order.
    public let columns: [String]

    /// Inserts rows.
    public static func insert(
        into table: String, _ columns: [String], onConflict: String? = nil
    ) -> BulkChange {
        BulkChange(table: table, kind: .insertion(onConflict: onConflict), columns: columns)
    }

    /// Changes rows that are there; values are those of the keys, then those of the changes.
    ///
    /// No two lists of values may have the same key.
    public static func update(
        _ table: String, where keys: [String], _ changes: [ColumnChange]
    ) -> BulkChange {
        BulkChange(
            table: table, kind: .update(keys: keys, changes: changes), columns: keys + changes.map(\.column))
    }
}
