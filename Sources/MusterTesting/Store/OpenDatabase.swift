public import MusterRuntime
public import MusterStore

/// A test's database with the store that has it open, which is closed when nobody refers to it any more.
public final class OpenDatabase: Sendable {
    /// The database.
    public let database: TestDatabase
    /// What has it open.
    public let store: any Store

    /// Opens a database, or a new one on the engine that suites are to run on.
    public init(_ database: TestDatabase? = nil, clock: any WallClock = SystemClock()) async throws {
        if let database {
            self.database = database
        } else {
            self.database = try await TestDatabase(on: .chosen)
        }
        store = try await self.database.open(clock: clock)
    }

    deinit {
        Task { [store, database] in
            await store.close()
            withExtendedLifetime(database) {}
        }
    }
}
