import MusterCore
import MusterRuntime
import MusterStore
import MusterTesting

/// The engines that the store's suite runs on.
enum StoreEngine: CaseIterable, Sendable {
    case sqlite

    /// Runs `body` on an empty store of its own.
    func withStore<Result>(
        clock: any WallClock = SystemClock(), _ body: (any Store) async throws -> Result
    ) async throws -> Result {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.path + "/muster.db", clock: clock)
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
