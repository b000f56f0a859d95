import MusterCore
import MusterRuntime
import MusterStore
import MusterTesting

/// A database of a test's own with a store on it.
struct PostgresDatabase: Sendable {
    let server: PostgresServer
    /// The connection string.
    let address: String
    let store: PostgresStore

    /// Runs `body` with a database that has the tables; its store may get to the server through a proxy.
    static func run<Result>(
        _ server: PostgresServer? = nil, proxied: ((PostgresServer) throws -> PostgresProxy)? = nil,
        _ body: (PostgresDatabase) async throws -> Result
    ) async throws -> Result {
        let shared = try await PostgresServer.shared.value
        let server = server ?? shared
        let address = try await server.database()
        let way = try proxied.map { try $0(server).address(of: address) } ?? address
        let database = PostgresDatabase(
            server: server, address: address, store: try await PostgresStore.open(PostgresAddress(way)))
        let result: Swift.Result<Result, any Error>
        do {
            result = .success(try await body(database))
        } catch {
            result = .failure(error)
        }
        await database.store.close()
        try await server.remove(address)
        return try result.get()
    }

    /// Runs SQL beside the store; the first column of the answer.
    @discardableResult
    func execute(_ sql: String) async throws -> [String] { try await server.execute(sql, in: address) }

    /// Ends every connection of the database's but the one that does it.
    func cutAll() async throws {
        try await execute(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
            """)
    }
}

/// A clock on which waiting takes no time: patience ends at once.
final class HastyClock: WallClock {
    private let slept = Locked(Duration.zero)
    private let machine = SystemClock()

    func now() -> Timestamp { machine.now() }
    func uptime() -> Duration { machine.uptime() + slept.withLock { $0 } }
    func sleep(for duration: Duration) async throws {
        try Task.checkCancellation()
        slept.withLock { $0 += duration }
        await Task.yield()
    }
}
