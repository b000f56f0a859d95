public import MusterCore
import MusterStore

extension Engine {
    /// What a pass over a pool would decide now; nothing is written, and nothing is launched.
    ///
    /// Where a pass leaves a choice between near equals to chance, so does this.
    /// - Throws: `Problem` `pool-not-found`.
    public func plan(of pool: PoolID) async throws -> PlanDocument {
        guard let plan = try await pass(over: pool).decide() else {
            throw try await store.read { try await $0.missing(pool) }
        }
        return plan
    }
}
