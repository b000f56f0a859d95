import CPostgres

/// What a connection has prepared, by statement and types of values.
struct PostgresStatements {
    private struct Key: Hashable {
        let sql: String
        let types: [Oid]
    }

    /// A statement that the server knows by a name, and the columns of its answers once there was one.
    final class Prepared {
        let name: String
        /// Set when the server has said that it took it.
        var isKnown = false
        var columns: ColumnNames?

        init(name: String) { self.name = name }
    }

    private var all: [Key: Prepared] = [:]
    private var count = 0

    /// Whether there are as many as a connection may keep.
    var isFull: Bool { all.count >= StorePolicy.statementCache }

    /// The statement's entry, made when it is new.
    mutating func statement(_ sql: String, _ types: [Oid]) -> Prepared {
        let key = Key(sql: sql, types: types)
        if let statement = all[key] { return statement }
        count += 1
        let statement = Prepared(name: "muster\(count)")
        all[key] = statement
        return statement
    }

    /// Forgets those that the server did not take.
    mutating func forgetUnknown() { all = all.filter { $0.value.isKnown } }

    /// Forgets all, once the server has.
    mutating func removeAll() { all.removeAll(keepingCapacity: true) }
}
