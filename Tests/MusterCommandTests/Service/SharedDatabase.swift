import MusterTesting

/// An empty PostgreSQL database of a test's own, gone with it.
final class SharedDatabase: Sendable {
    /// Its connection string.
    let url: String
    private let server: PostgresServer

    /// - Parameter server: whose it is; the one that tests share unless told otherwise.
    init(of server: PostgresServer? = nil) async throws {
        if let server { self.server = server } else { self.server = try await PostgresServer.shared.value }
        url = try await self.server.emptyDatabase()
    }

    deinit {
        Task { [server, url] in try? await server.remove(url) }
    }
}
