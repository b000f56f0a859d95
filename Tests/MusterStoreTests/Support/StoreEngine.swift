import MusterCore
import MusterRuntime
import MusterStore
import MusterTesting

/// The engines that the store's suite runs on.
enum StoreEngine: CaseIterable, Sendable {
    case sqlite
    case postgres

    /// Runs `body` on an empty store of its own.
    func withStore<Result>(
        clock: any WallClock = SystemClock(), _ body: (any Store) async throws -> Result
    ) async throws -> Result {
        switch self {
        case .sqlite:
            let folder = try TemporaryFolder()
            let store = try SQLiteStore(path: folder.path + "/muster.db", clock: clock)
            return try await Self.run(body, on: store)
        case .postgres:
            let server = try await PostgresServer.shared.value
            let database = try await server.database()
            let store = try await PostgresStore.open(PostgresAddress(database), leases: clock)
            let result = try await Self.run(body, on: store)
            try await server.remove(database)
            return result
        }
    }

    private static func run<Result>(
        _ body: (any Store) async throws -> Result, on store: any Store
    ) async throws -> Result {
        let result: Swift.Result<Result, any Error>
        do {
            result = .success(try await body(store))
        } catch {
            result = .failure(error)
        }
        await store.close()
        return try result.get()
    }
}
