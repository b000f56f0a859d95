import MusterCore
public import MusterRuntime

extension SQLiteStore {
    /// Opens the database, waiting for a process that has it to let go: a command that is done in a moment, or
    /// a service that is stopping.
    ///
    /// - Throws: as `init`; `store-held` after `patience`.
    public static func open(
        path: String, access: StoreAccess = .readWrite, waiting patience: Duration,
        clock: any WallClock = SystemClock()
    ) async throws -> SQLiteStore {
        let deadline = clock.uptime() + patience
        while true {
            do throws(Problem) {
                return try SQLiteStore(path: path, access: access, clock: clock)
            } catch {
                guard error.code == .storeHeld, clock.uptime() < deadline else { throw error }
            }
            try await clock.sleep(for: StorePolicy.holderRetry)
        }
    }
}
