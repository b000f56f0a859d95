import MusterAPI
import MusterCore
import MusterEngine
import MusterRuntime
import MusterStore

/// Workers as operators see them.
struct FleetWorkerRoutes {
    private let engine: Engine

    init(_ engine: Engine) { self.engine = engine }

    /// A worker's path.
    static let path =
        "/api/muster/v1/worker-pools/{*workerPoolId}/workers/{workerGroup}/{workerId}"

    var routes: [Route] {
        [
            Route("listWorkers", "GET", "/api/muster/v1/workers", .localOperator, list),
            Route("worker", "GET", Self.path, .localOperator, show),
            Route("retireWorker", "POST", Self.path + "/retire", .localOperator, retire),
        ]
    }

    private func list(_ call: Call) async throws -> ServerResponse {
        var query = QueryReader(call.request)
        let filter = WorkerFilter(
            pool: try query.identifier("workerPoolId", PoolID.self),
            bucket: try query.choice("state", Bucket.self),
            launchConfig: try query.identifier("launchConfigId", LaunchConfigID.self),
            name: try query.identifier("workerId", WorkerID.self))
        let limit = try query.limit()
        let after = try query.token(WorkerKey.init(token:))
        try query.finish()
        let page = try await engine.store.read { transaction in
            try await transaction.requirePool(filter.pool)
            return try await transaction.workers(filter, after: after, limit: limit)
        }
        return .document(
            WorkersAnswer(
                elements: page.elements.map(WorkerDocument.init), continuationToken: page.next?.description))
    }

    private func show(_ call: Call) async throws -> ServerResponse {
        let key = try call.workerKey()
        let document = try await engine.store.read { transaction -> WorkerDocument? in
            guard let worker = try await transaction.worker(key) else { return nil }
            var document = WorkerDocument(worker)
            document.runs = try await transaction.tasks(heldBy: key).map(WorkerDocument.HeldRun.init)
            return document
        }
        guard let document else { throw Problem.noWorker(key) }
        return .document(document)
    }

    private func retire(_ call: Call) async throws -> ServerResponse {
        let request =
            call.request.body.isEmpty
            ? RetireRequest(atOnce: nil) : try RetireRequest(JSON.document(call.request.body))
        try await engine.control.retire(
            try call.workerKey(), atOnce: request.atOnce ?? false, by: call.actor)
        return try await show(call)
    }
}

extension Call {
    /// The worker that the path names.
    func workerKey() throws(Problem) -> WorkerKey {
        WorkerKey(
            poolID: try identifier("workerPoolId", PoolID.self),
            group: try identifier("workerGroup", WorkerGroup.self),
            id: try identifier("workerId", WorkerID.self))
    }
}

extension WorkerKey {
    /// Reads a page's mark, which is a worker's full name.
    fileprivate init?(token: String) {
        let parts = token.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 4, let pool = PoolID(accepting: "\(parts[0])/\(parts[1])"),
            let group = WorkerGroup(accepting: parts[2]), let id = WorkerID(accepting: parts[3])
        else { return nil }
        self.init(poolID: pool, group: group, id: id)
    }
}
