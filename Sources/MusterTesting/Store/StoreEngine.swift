import Glibc
import MusterCore
public import MusterRuntime
public import MusterStore

/// The engines that tests run on.
public enum StoreEngine: String, CaseIterable, Sendable {
    case sqlite
    case postgres

    /// The engine of the suites that need any one: what `MUSTER_TEST_ENGINE` names, or the embedded one.
    public static let chosen =
        getenv("MUSTER_TEST_ENGINE").flatMap { StoreEngine(rawValue: String(cString: $0)) } ?? .sqlite

    /// Runs `body` on an empty store of its own.
    public func withStore<Result>(
        clock: any WallClock = SystemClock(), _ body: (any Store) async throws -> Result
    ) async throws -> Result {
        let database = try await TestDatabase(on: self)
        let store = try await database.open(clock: clock)
        let result: Swift.Result<Result, any Error>
        do {
            result = .success(try await body(store))
        } catch {
            result = .failure(error)
        }
        await store.close()
        // Until here nobody may remove it.
        return try withExtendedLifetime(database) { try result.get() }
    }
}
