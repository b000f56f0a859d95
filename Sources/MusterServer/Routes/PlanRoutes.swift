import MusterAPI
import MusterCore
import MusterEngine
import MusterRuntime
import MusterStore

/// Why there are so many workers of a pool, and why there.
struct PlanRoutes {
    private let engine: Engine

    init(_ engine: Engine) { self.engine = engine }

    var routes: [Route] {
        [
            Route("plan", "GET", "/api/muster/v1/worker-pools/{*workerPoolId}/plan", .localOperator, decide),
            Route(
                "listPlans", "GET", "/api/muster/v1/worker-pools/{*workerPoolId}/plans", .localOperator, list),
        ]
    }

    private func decide(_ call: Call) async throws -> ServerResponse {
        .document(try await engine.plan(of: try call.identifier("workerPoolId", PoolID.self)))
    }

    private func list(_ call: Call) async throws -> ServerResponse {
        let pool = try call.identifier("workerPoolId", PoolID.self)
        var query = QueryReader(call.request)
        let limit = try query.limit()
        let before = try query.token { Int64($0).flatMap { $0 > 0 ? $0 : nil } }
        try query.finish()
        let page = try await engine.store.read { transaction in
            try await transaction.requirePool(pool)
            return try await transaction.plans(of: pool, before: before, limit: limit)
        }
        return .document(
            PlansAnswer(
                elements: page.elements.map {
                    StoredPlanDocument(
                        first: $0.firstAt, last: $0.lastAt, repeats: $0.repeats, plan: $0.document)
                }, continuationToken: page.next.map(String.init)))
    }
}

extension ReadTransaction {
    /// Makes sure that there is a pool of that name, if one is asked for: a misspelt name has no workers either.
    ///
    /// - Throws: `Problem` `pool-not-found`.
    func requirePool(_ id: PoolID?) async throws {
        guard let id, try await pool(id) == nil else { return }
        throw try await missing(id)
    }
}
