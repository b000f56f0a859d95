import MusterCore
import MusterRuntime

/// A connection that only reads, on a thread of its own.
actor SQLiteReader {
    private let executor: QueueExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    private let path: String
    private var transaction: SQLiteReadTransaction?
    private var isClosed = false

    init(path: String, label: String) {
        self.path = path
        executor = QueueExecutor(label: label)
    }

    /// Runs `body` on one moment of the database. It awaits nothing that suspends, so that two never mix.
    func read<Result: Sendable>(
        _ body: @Sendable (any ReadTransaction) async throws -> Result
    ) async throws -> Result {
        let transaction = try opened()
        try transaction.connection.run("BEGIN")
        defer {
            _ = try? transaction.connection.run("COMMIT")
            if !transaction.connection.isIdle { _ = try? transaction.connection.run("ROLLBACK") }
        }
        return try await body(transaction)
    }

    func close() {
        transaction = nil
        isClosed = true
    }

    private func opened() throws -> SQLiteReadTransaction {
        if let transaction { return transaction }
        guard !isClosed else { throw Problem(.shuttingDown, "the store has been closed") }
        let opened = SQLiteReadTransaction(try SQLiteConnection(path: path, access: .readOnly))
        transaction = opened
        return opened
    }
}

/// Statements that read.
final class SQLiteReadTransaction: ReadTransaction {
    let connection: SQLiteConnection

    init(_ connection: SQLiteConnection) { self.connection = connection }

    func rows(_ sql: String, _ values: [any SQLConvertible]) async throws -> [Row] {
        try connection.rows(sql, values.map(\.sqlValue))
    }

    func rows(_ sql: String, forEach values: [[any SQLConvertible]]) async throws -> [[Row]] {
        try connection.rows(sql, forEach: values)
    }
}
