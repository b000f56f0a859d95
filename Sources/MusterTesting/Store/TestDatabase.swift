import MusterCore
public import MusterRuntime
public import MusterStore

/// A database of a test's own, opened as often as the test likes, and gone with it.
public final class TestDatabase: Sendable {
    private enum Place {
        case file(TemporaryFolder)
        case server(PostgresServer, url: String)
    }

    private let place: Place

    /// Makes an empty one with Muster's tables.
    public init(on engine: StoreEngine) async throws {
        switch engine {
        case .sqlite: place = .file(try TemporaryFolder())
        case .postgres:
            let server = try await PostgresServer.shared.value
            place = .server(server, url: try await server.database())
        }
    }

    /// Opens it.
    ///
    /// - Parameter clock: what its leases go by.
    public func open(clock: any WallClock = SystemClock()) async throws -> any Store {
        switch place {
        case .file(let folder): try SQLiteStore(path: folder.path + "/muster.db", clock: clock)
        case .server(_, let url): try await PostgresStore.open(PostgresAddress(url), leases: clock)
        }
    }

    deinit {
        guard case .server(let server, let url) = place else { return }
        // Whoever has it open yet has been forgotten by the test.
        Task { try? await server.remove(url) }
    }
}
