import MusterAPI
import MusterCore
import MusterEngine
import MusterRuntime
import MusterStore

/// Launches as operators see them.
struct LaunchRoutes {
    private let engine: Engine

    init(_ engine: Engine) { self.engine = engine }

    var routes: [Route] {
        [
            Route("listLaunches", "GET", "/api/muster/v1/launches", .localOperator, list),
            Route("launch", "GET", "/api/muster/v1/launches/{launchId}", .localOperator, show),
        ]
    }

    private func list(_ call: Call) async throws -> ServerResponse {
        var query = QueryReader(call.request)
        let pool = try query.identifier("workerPoolId", PoolID.self)
        let state = try query.choice("state", Launch.State.self)
        let limit = try query.limit()
        let before = try query.token { LaunchID(accepting: $0) }
        try query.finish()
        let page = try await engine.store.read { transaction in
            try await transaction.requirePool(pool)
            return try await transaction.launches(of: pool, state: state, before: before, limit: limit)
        }
        return .document(
            LaunchesAnswer(
                elements: page.elements.map(LaunchDocument.init), continuationToken: page.next?.rawValue))
    }

    private func show(_ call: Call) async throws -> ServerResponse {
        let id = try call.identifier("launchId", LaunchID.self)
        let document = try await engine.store.read { transaction -> LaunchDocument? in
            guard let launch = try await transaction.launch(id) else { return nil }
            var document = LaunchDocument(launch)
            document.workers = try await transaction.workers(of: id).map(WorkerDocument.init)
            document.body = launch.body
            return document
        }
        guard let document else {
            throw Problem(.launchNotFound, "there is no launch \(id)", field: "launchId")
        }
        return .document(document)
    }
}
