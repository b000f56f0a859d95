import MusterCore
import MusterRuntime
import MusterTesting

@testable import MusterStore

/// A database as it lies there: read, and changed where a test plays what damages it, beside whoever has it.
enum RawDatabase {
    /// A file.
    case file(SQLiteConnection)
    /// A database of a server, by its connection string.
    case server(String)

    /// Opens a file.
    init(path: String) throws { self = .file(try SQLiteConnection(path: path, access: .readWrite)) }

    /// Whether there is a schema in it.
    func hasTables() async throws -> Bool {
        switch self {
        case .file(let connection):
            try !connection.rows("SELECT 1 AS one FROM sqlite_master WHERE name = 'tasks'").isEmpty
        case .server(let url): try await PostgresQuestion.ask("SELECT to_regclass('tasks')", in: url) != [""]
        }
    }

    /// What the engine itself has against what it keeps.
    func damage() async throws -> [String] {
        guard case .file(let connection) = self else { return [] }
        let integrity = try connection.rows("PRAGMA integrity_check").map { try $0.text("integrity_check") }
        return integrity.filter { $0 != "ok" }
            + (try connection.rows("PRAGMA foreign_key_check").map { "\($0)" })
    }

    /// The position of the last event that there has ever been.
    func lastPosition() async throws -> Int {
        switch self {
        case .file(let connection):
            let row = try connection.rows("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'").first
            return try row?.int("seq") ?? 0
        case .server(let url):
            let answer = try await PostgresQuestion.ask("SELECT last_value FROM outbox_position", in: url)
            return answer.first.flatMap { Int($0) } ?? 0
        }
    }

    /// Reads one moment of it.
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any ReadTransaction) async throws -> Result
    ) async throws -> Result {
        switch self {
        case .file(let connection):
            try connection.run("BEGIN")
            defer { _ = try? connection.run("ROLLBACK") }
            return try await body(SQLiteReadTransaction(connection))
        case .server(let url):
            return try await Self.with(url, .readOnly) { try await $0.read(body) }
        }
    }

    /// Changes it, all or nothing.
    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any WriteTransaction) async throws -> Result
    ) async throws -> Result {
        switch self {
        case .file(let connection):
            try connection.run("BEGIN IMMEDIATE")
            do {
                let result = try await body(SQLiteWriteTransaction(connection, clock: SystemClock()))
                try connection.run("COMMIT")
                return result
            } catch {
                _ = try? connection.run("ROLLBACK")
                throw error
            }
        case .server(let url):
            return try await Self.with(url, .readWrite) { try await $0.write(in: .store, body) }
        }
    }

    private static func with<Result: Sendable>(
        _ url: String, _ access: StoreAccess, _ body: (PostgresStore) async throws -> Result
    ) async throws -> Result {
        let store = try await PostgresStore.open(PostgresAddress(url), access: access)
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await body(store)) } catch { result = .failure(error) }
        await store.close()
        return try result.get()
    }
}
