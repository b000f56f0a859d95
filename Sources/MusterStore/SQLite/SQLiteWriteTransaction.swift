import MusterCore
import MusterRuntime

/// Statements that write.
final class SQLiteWriteTransaction: WriteTransaction {
    private let connection: SQLiteConnection
    private let clock: any WallClock
    private(set) var signals: Set<StoreSignal> = []

    init(_ connection: SQLiteConnection, clock: any WallClock) {
        self.connection = connection
        self.clock = clock
    }

    func rows(_ sql: String, _ values: [any SQLConvertible]) async throws -> [Row] {
        try connection.rows(sql, values.map(\.sqlValue))
    }

    func rows(_ sql: String, forEach values: [[any SQLConvertible]]) async throws -> [[Row]] {
        try connection.rows(sql, forEach: values)
    }

    func change(_ change: BulkChange, _ values: [[any SQLConvertible]]) async throws {
        try requireTransaction()
        try connection.run(change.statement, forEach: values)
    }

    /// There is one writer: nobody else decides by anything.
    func lock(limits: Set<String>) async throws {}

    func run(_ sql: String, _ values: [any SQLConvertible]) async throws -> Int {
        try requireTransaction()
        return try connection.run(sql, values.map(\.sqlValue))
    }

    func signal(_ signal: StoreSignal) { signals.insert(signal) }

    func now() async throws -> Timestamp { clock.now() }

    /// Outside a transaction, each statement would be one of its own.
    private func requireTransaction() throws(Problem) {
        guard !connection.isIdle else {
            throw Problem(.storeFailed, "a write went on after its transaction had been taken back")
        }
    }
}

extension BulkChange {
    /// The statement for one list of values.
    fileprivate var statement: String {
        switch kind {
        case .insertion(let onConflict):
            let places = columns.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
            let conflict = onConflict.map { " ON CONFLICT \($0)" } ?? ""
            return "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(places))\(conflict)"
        case .update(let keys, let changes):
            let sets = changes.enumerated().map { index, change in
                let place = "$\(keys.count + index + 1)"
                return switch change {
                case .set(let column): "\(column) = \(place)"
                case .add(let column): "\(column) = \(column) + \(place)"
                }
            }
            let conditions = keys.enumerated().map { "\($1) = $\($0 + 1)" }
            return
                "UPDATE \(table) SET \(sets.joined(separator: ", ")) WHERE \(conditions.joined(separator: " AND "))"
        }
    }
}
