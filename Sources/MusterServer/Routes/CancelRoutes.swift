import MusterAPI
import MusterCore
import MusterEngine
import MusterRuntime

/// What takes back many tasks at once.
struct CancelRoutes {
    private let engine: Engine

    init(_ engine: Engine) { self.engine = engine }

    var routes: [Route] {
        [Route("cancelTasks", "POST", "/api/muster/v1/tasks/cancel", .localOperator, cancel)]
    }

    private func cancel(_ call: Call) async throws -> ServerResponse {
        switch try CancelTasksRequest(try JSON.document(call.request.body)) {
        case .tasks(let ids):
            return .document(
                CancelTasksAnswer(cancelled: try await engine.tasks.cancel(ids, by: call.actor)))
        case .all(let pool, let tenant, let token):
            let (cancelled, next) = try await engine.tasks.cancelAll(
                of: pool, tenant: tenant, continuing: token, by: call.actor)
            return .document(CancelTasksAnswer(cancelled: cancelled, continuationToken: next))
        }
    }
}
