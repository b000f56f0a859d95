import MusterAPI
import MusterCore
import MusterEngine
import MusterStore

/// Who works on the database, and on what.
struct ReplicaRoutes {
    private let engine: Engine

    init(_ engine: Engine) { self.engine = engine }

    var routes: [Route] {
        [Route("listReplicas", "GET", "/api/muster/v1/replicas", .localOperator, list)]
    }

    private func list(_ call: Call) async throws -> ServerResponse {
        let views = try await engine.replicas()
        return .document(ReplicasAnswer(replicas: views.map { ReplicaDocument($0, answering: engine.name) }))
    }
}

extension ReplicaDocument {
    /// Makes the document of a view; `answering` is the name of the process that answers.
    fileprivate init(_ view: ReplicaView, answering: String) {
        let replica = view.replica
        self.init(
            name: replica.name, role: replica.role.rawValue, state: view.isLiving ? "there" : "gone",
            host: replica.host, pid: replica.pid, address: replica.address, version: replica.version,
            providers: replica.providers, since: replica.since, lastSeen: replica.seenAt,
            expires: replica.expiresAt, workerPools: view.pools, leases: view.leases,
            answers: replica.name == answering)
    }
}
