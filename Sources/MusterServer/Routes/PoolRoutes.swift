import MusterAPI
import MusterCore
import MusterCrypto
import MusterEngine
import MusterRuntime
import MusterStore

/// What operators of pools call.
struct PoolRoutes {
    private let engine: Engine

    init(_ engine: Engine) { self.engine = engine }

    var routes: [Route] {
        [
            Route("listPools", "GET", "/api/muster/v1/worker-pools", .localOperator, list),
            Route("pool", "GET", "/api/muster/v1/worker-pools/{*workerPoolId}", .localOperator, show),
            Route(
                "deletePool", "DELETE", "/api/muster/v1/worker-pools/{*workerPoolId}", .localOperator, delete),
            Route(
                "pausePool", "POST", "/api/muster/v1/worker-pools/{*workerPoolId}/pause", .localOperator,
                pause),
            Route(
                "resumePool", "POST", "/api/muster/v1/worker-pools/{*workerPoolId}/resume", .localOperator,
                resume),
            Route("apply", "POST", "/api/muster/v1/apply", .localOperator, apply),
        ]
    }

    private func list(_ call: Call) async throws -> ServerResponse {
        .document(PoolsAnswer(workerPools: try await engine.views().map { PoolDocument($0, at: engine.now) }))
    }

    private func show(_ call: Call) async throws -> ServerResponse {
        try await show(try call.identifier("workerPoolId", PoolID.self))
    }

    private func show(_ pool: PoolID) async throws -> ServerResponse {
        .document(PoolDocument(try await engine.view(of: pool), at: engine.now))
    }

    private func delete(_ call: Call) async throws -> ServerResponse {
        let pool = try call.identifier("workerPoolId", PoolID.self)
        try call.requireNoBody()
        try await engine.control.delete(pool, by: call.actor)
        return try await show(pool)
    }

    private func pause(_ call: Call) async throws -> ServerResponse {
        let pool = try call.identifier("workerPoolId", PoolID.self)
        _ = try await engine.control.pause(pool, try call.pause(at: engine.now), by: call.actor)
        return try await show(pool)
    }

    private func resume(_ call: Call) async throws -> ServerResponse {
        let pool = try call.identifier("workerPoolId", PoolID.self)
        try call.requireNoBody()
        _ = try await engine.control.resume(pool, by: call.actor)
        return try await show(pool)
    }

    private func apply(_ call: Call) async throws -> ServerResponse {
        let reader = DocumentReader(try JSON.document(call.request.body))
        let elements = reader.list("workerPools") ?? []
        let prune = reader.boolean("prune") ?? false
        let dryRun = reader.boolean("dryRun") ?? false
        let shown = reader.string("asShown", limit: 100)
        if !reader.has("workerPools") { reader.refuse("workerPools", "is missing") }
        try reader.finish()
        let definitions = try elements.map {
            try PoolDefinition($0.document, path: $0.path, digest: SHA256.hash)
        }
        let changes = try await engine.control.apply(
            definitions, prune: prune, dryRun: dryRun, asShown: shown, by: call.actor)
        return .document(ApplyAnswer(changes: changes, dryRun: dryRun, digest: changes.digest))
    }
}

extension PoolDocument {
    /// Makes the document of a view.
    init(_ view: PoolView, at now: Timestamp) {
        let isPaused = view.pool.pause?.holds(at: now) == true
        let state =
            view.pool.isDeleted ? "deleted" : view.isFrozen ? "frozen" : isPaused ? "paused" : "active"
        self.init(
            view.pool, config: view.pool.definition.document["config"] ?? Document(.null), state: state,
            pendingTasks: view.pending, claimedTasks: view.claimed,
            concurrencyLimit: view.limit.map { LimitDocument($0.limit, held: $0.held, at: now) },
            capacity: view.total,
            launchConfigs: view.launchConfigs.compactMap { config in
                view.weights[config.id].map {
                    LaunchConfigDocument(
                        config, weight: $0, capacity: view.capacity[config.id] ?? CapacityTable(), at: now)
                }
            }, plan: view.plan)
    }
}
