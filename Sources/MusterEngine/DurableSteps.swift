import MusterRuntime
import MusterStore

/// The only way in which the engine changes the store: each write has the fault point at which a test lets the
/// process die when it is committed and nothing has followed.
struct DurableSteps: Sendable {
    private let store: any Store

    init(_ store: any Store) { self.store = store }

    /// Writes, as the store's `write` does; what it did says which step that was, or that it was none.
    func write<Result: Sendable>(
        in scope: WriteScope, reaching point: (Result) -> FaultPoint?,
        _ body: @escaping @Sendable (any WriteTransaction) async throws -> Result
    ) async throws -> Result {
        let result = try await store.write(in: scope, body)
        if let point = point(result) { FaultPoint.reach(point) }
        return result
    }
}
