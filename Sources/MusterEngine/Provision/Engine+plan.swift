public import MusterCore
import MusterStore

extension Engine {
    /// What a pass over a pool would decide now; nothing is written, and nothing is launched.
    ///
    /// - Throws: `Problem` `pool-not-found`.
    public func plan(of pool: PoolID) async throws -> PlanDocument {
        if let plan = try await pass(over: pool).decide() { return plan }
        throw try await store.read { try await $0.missing(pool) }
    }
}
