import MusterCore
import MusterRuntime

@testable import MusterStore

/// A database as it lies there: read, and changed where a test plays what damages it, beside whoever has it.
struct RawDatabase {
    private let connection: SQLiteConnection

    init(path: String) throws { connection = try SQLiteConnection(path: path, access: .readWrite) }

    /// Whether there is a schema in it.
    func hasTables() throws -> Bool {
        try !connection.rows("SELECT 1 AS one FROM sqlite_master WHERE name = 'tasks'").isEmpty
    }

    /// Reads one moment of it.
    func read<Result>(_ body: (any ReadTransaction) async throws -> Result) async throws -> Result {
        try connection.run("BEGIN")
        defer { _ = try? connection.run("ROLLBACK") }
        return try await body(SQLiteReadTransaction(connection))
    }

    /// Changes it, all or nothing.
    func write<Result>(_ body: (any WriteTransaction) async throws -> Result) async throws -> Result {
        try connection.run("BEGIN IMMEDIATE")
        do {
            let result = try await body(SQLiteWriteTransaction(connection, clock: SystemClock()))
            try connection.run("COMMIT")
            return result
        } catch {
            _ = try? connection.run("ROLLBACK")
            throw error
        }
    }
}
