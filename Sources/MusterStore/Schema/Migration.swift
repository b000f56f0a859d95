import MusterCore

/// A step of the schema's history. Its id never changes and it is never edited once released.
struct Migration: Sendable {
    /// The immutable name under which a store remembers that it has been applied.
    let id: String
    /// What it does, in order.
    let steps: [SchemaStep]

    /// The whole history, oldest first; every engine runs the same list.
    static let all: [Migration] = [.foundation]

    /// Makes sure that this program knows every migration that a store has.
    ///
    /// - Throws: `Problem` `store-newer`.
    static func requireKnown(_ applied: Set<String>, in history: [Migration]) throws(Problem) {
        let unknown = applied.subtracting(history.map(\.id))
        guard unknown.isEmpty else {
            throw Problem(
                .storeNewer,
                "the database was made by a newer version of Muster (it has \(unknown.sorted().joined(separator: ", "))): "
                    + "run that version, or restore a backup from before the upgrade")
        }
    }
}

/// A change of the schema, written once for every engine.
///
/// Columns are written with SQLite's types: `INTEGER` (64 bits, also booleans and milliseconds since 1970),
/// `REAL`, `TEXT` and `BLOB`. `SERIAL PRIMARY KEY` is an integer that the engine counts up and never uses
/// twice. `SchemaStep.inOrderOfCommits` is one that also says in which order rows were committed.
enum SchemaStep: Sendable {
    /// A table with its columns and constraints. One whose rows are found by their whole primary key alone
    /// is `clustered`: kept in the order of that key.
    case table(String, clustered: Bool, String)
    /// An index; `on` names the table, the columns and, for a partial one, the condition.
    case index(String, on: String)

    /// A column's type.
    static let inOrderOfCommits = "SERIAL IN ORDER OF COMMITS PRIMARY KEY"
}
