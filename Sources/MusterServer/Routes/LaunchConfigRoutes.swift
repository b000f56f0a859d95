import MusterAPI
import MusterCore
import MusterEngine
import MusterRuntime
import MusterStore

/// Launch configs one by one.
struct LaunchConfigRoutes {
    private let engine: Engine

    init(_ engine: Engine) { self.engine = engine }

    private static let path = "/api/muster/v1/worker-pools/{*workerPoolId}/launch-configs/{launchConfigId}"

    var routes: [Route] {
        [
            Route("listLaunchConfigs", "GET", "/api/muster/v1/launch-configs", .localOperator, list),
            Route("launchConfig", "GET", Self.path, .localOperator, show),
            Route("pauseLaunchConfig", "POST", Self.path + "/pause", .localOperator, pause),
            Route("resumeLaunchConfig", "POST", Self.path + "/resume", .localOperator, resume),
        ]
    }

    private func list(_ call: Call) async throws -> ServerResponse {
        var query = QueryReader(call.request)
        let pool = try query.identifier("workerPoolId", PoolID.self)
        let isArchived = try query.flag("archived") ?? false
        let limit = try query.limit()
        let after = try query.token(LaunchConfigKey.init(token:))
        try query.finish()
        let now = engine.now
        let offerings = engine.offerings
        return .document(
            try await engine.store.read { transaction in
                try await transaction.requirePool(pool)
                let page = try await transaction.launchConfigs(
                    of: pool, archived: isArchived, after: after, limit: limit)
                var documents: [LaunchConfigDocument] = []
                var standing: PoolStanding?
                for config in page.elements {
                    if standing?.pool != config.poolID {
                        standing = try await transaction.standing(
                            of: config.poolID, offerings, at: now)
                    }
                    if let document = standing?.document(config, at: now) { documents.append(document) }
                }
                return LaunchConfigsAnswer(elements: documents, continuationToken: page.next?.token)
            })
    }

    private func show(_ call: Call) async throws -> ServerResponse {
        let (id, pool) = try names(call)
        let now = engine.now
        let offerings = engine.offerings
        let document = try await engine.store.read { transaction -> LaunchConfigDocument? in
            guard let config = try await transaction.launchConfig(id, of: pool) else { return nil }
            var document = try await transaction.standing(of: pool, offerings, at: now)
                .document(config, at: now)
            document?.content = config.definition.content
            return document
        }
        guard let document else { throw Problem.noLaunchConfig(id, of: pool) }
        return .document(document)
    }

    private func pause(_ call: Call) async throws -> ServerResponse {
        let (id, pool) = try names(call)
        try await engine.control.pause(id, of: pool, try call.pause(at: engine.now), by: call.actor)
        return try await show(call)
    }

    private func resume(_ call: Call) async throws -> ServerResponse {
        let (id, pool) = try names(call)
        try call.requireNoBody()
        try await engine.control.resume(id, of: pool, by: call.actor)
        return try await show(call)
    }

    private func names(_ call: Call) throws(Problem) -> (LaunchConfigID, PoolID) {
        (
            try call.identifier("launchConfigId", LaunchConfigID.self),
            try call.identifier("workerPoolId", PoolID.self)
        )
    }
}

/// What the weights of a pool's launch configs are made from: each depends on all of them.
private struct PoolStanding {
    let pool: PoolID
    let weights: [LaunchConfigID: LaunchConfigWeight]
    let capacity: [LaunchConfigID: CapacityTable]

    func document(_ config: LaunchConfig, at now: Timestamp) -> LaunchConfigDocument? {
        weights[config.id].map {
            LaunchConfigDocument(
                config, weight: $0, capacity: capacity[config.id] ?? CapacityTable(), at: now)
        }
    }
}

extension ReadTransaction {
    fileprivate func standing(
        of id: PoolID, _ offerings: OfferingLook, at now: Timestamp
    ) async throws -> PoolStanding {
        guard let pool = try await pool(id) else {
            return PoolStanding(pool: id, weights: [:], capacity: [:])
        }
        let capacity = try await capacity(of: id)
        let snapshots = try await offerings.snapshots(
            of: try await launchConfigs(of: id), in: pool, capacity, from: self, at: now)
        return PoolStanding(
            pool: id, weights: Decision.weights(of: snapshots, now: now), capacity: capacity)
    }
}

extension LaunchConfigKey {
    /// The key as a page's mark.
    fileprivate var token: String { "\(poolID)/\(id)" }

    /// Reads a page's mark.
    fileprivate init?(token: String) {
        guard let slash = token.lastIndex(of: "/"), let pool = PoolID(accepting: token[..<slash]),
            let id = LaunchConfigID(accepting: token[token.index(after: slash)...])
        else { return nil }
        self.init(poolID: pool, id: id)
    }
}

extension Identifier {
    /// Takes text that fits; nil for any other.
    init?(accepting text: some StringProtocol) {
        guard Self.accepts(String(text)) else { return nil }
        self.init(rawValue: String(text))
    }
}
