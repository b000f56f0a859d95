public import MusterCore

extension Engine {
    /// What a pass over a pool would decide now; nothing is written, and nothing is launched.
    ///
    /// Asked twice of the same state it says the same; where a pass leaves a choice between near equals to
    /// chance, this is one of the choices.
    /// - Throws: `Problem` `pool-not-found`.
    public func plan(of pool: PoolID) async throws -> PlanDocument {
        guard let snapshot = try await reader(for: pool).snapshot(of: pool) else {
            throw Problem(.poolNotFound, "there is no worker pool \(pool)", field: "workerPoolId")
        }
        let now = now
        var generator = SeededGenerator(seed: 0)
        let plan = Decision.plan(for: snapshot.snapshot, now: now, using: &generator)
        return PlanDocument(plan, poolID: pool, at: now)
    }
}
