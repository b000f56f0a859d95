import MusterCore
import MusterRuntime
import MusterStore

/// The state as the configuration says where it is, and the clock that all who share it go by.
struct OpenStore: Sendable {
    let store: any Store
    let clock: any WallClock

    /// Opens the database, and brings its schema up to date unless it is only looked at.
    ///
    /// - Parameter patience: how long another process is waited for that has a database for one process.
    /// - Throws: as the engines do: `Problem` `store-held`, `store-newer`, `store-failed`.
    static func open(
        _ configuration: Configuration, access: StoreAccess, environment: [String: String],
        waiting patience: Duration
    ) async throws -> OpenStore {
        switch configuration.database {
        case .file:
            let store = try await SQLiteStore.open(
                path: configuration.databaseFile, access: access, waiting: patience)
            return OpenStore(store: store, clock: SystemClock())
        case .postgres(let settings):
            let secrets = SecretPlaces(configuration.sources.secrets, environment: environment)
            let store = try await PostgresStore.open(try settings.address(secrets), access: access)
            return OpenStore(store: store, clock: store.clock)
        }
    }
}
