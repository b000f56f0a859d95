import MusterAPI
import MusterCore
import MusterEngine
import MusterRuntime
import MusterStore

/// Workers that people make, change and take away.
struct StaticWorkerRoutes {
    private let engine: Engine

    init(_ engine: Engine) { self.engine = engine }

    var routes: [Route] {
        [
            Route("createWorker", "PUT", FleetWorkerRoutes.path, .localOperator, create),
            Route("updateWorker", "PATCH", FleetWorkerRoutes.path, .localOperator, update),
            Route("removeWorker", "DELETE", FleetWorkerRoutes.path, .localOperator, remove),
        ]
    }

    private func create(_ call: Call) async throws -> ServerResponse {
        let key = try call.workerKey()
        let reader = DocumentReader(try JSON.document(call.request.body))
        let settings = try settings(reader)
        if settings.secret == nil { reader.refuse("secret", "is missing") }
        if settings.expires == .never { reader.refuse("expires", "is never unless it is said") }
        try reader.finish()
        try await engine.control.createWorker(key, settings, by: call.actor)
        return try await show(key)
    }

    private func update(_ call: Call) async throws -> ServerResponse {
        let key = try call.workerKey()
        let reader = DocumentReader(try JSON.document(call.request.body))
        let settings = try settings(reader)
        if !["secret", "capacity", "expires", "expiresSeconds"].contains(where: reader.has) {
            reader.refuse("secret", "or capacity or expires must be given: there is nothing to change")
        }
        try reader.finish()
        try await engine.control.updateWorker(key, settings, by: call.actor)
        return try await show(key)
    }

    private func remove(_ call: Call) async throws -> ServerResponse {
        try call.requireNoBody()
        let key = try call.workerKey()
        try await engine.control.removeWorker(key, by: call.actor)
        return try await show(key)
    }

    private func settings(_ reader: DocumentReader) throws -> StaticWorkerSettings {
        let request = StaticWorkerRequest(reader)
        if let secret = request.secret, let problem = StaticSecretRule.problem(with: secret) {
            reader.refuse("secret", problem)
        }
        return StaticWorkerSettings(
            secret: request.secret.map { Secret($0) }, capacity: request.capacity, expires: request.expires)
    }

    private func show(_ key: WorkerKey) async throws -> ServerResponse {
        guard let worker = try await engine.store.read({ try await $0.worker(key) }) else {
            throw Problem.noWorker(key)
        }
        return .document(WorkerDocument(worker))
    }
}
