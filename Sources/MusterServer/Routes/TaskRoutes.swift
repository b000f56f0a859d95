import MusterAPI
import MusterCore
import MusterEngine
import MusterRuntime
import MusterStore

/// What submitters of tasks call.
struct TaskRoutes {
    private let engine: Engine

    init(_ engine: Engine) { self.engine = engine }

    var routes: [Route] {
        [
            Route("submitTasks", "POST", "/api/muster/v1/tasks", .localOperator, submit),
            Route("task", "GET", "/api/muster/v1/tasks/{taskId}", .localOperator, show),
            Route("cancelTask", "POST", "/api/muster/v1/tasks/{taskId}/cancel", .localOperator, cancel),
            Route(
                "listTasks", "GET", "/api/muster/v1/worker-pools/{*workerPoolId}/tasks", .localOperator, list),
        ]
    }

    private func submit(_ call: Call) async throws -> ServerResponse {
        let request = try SubmitTasksRequest(try JSON.document(call.request.body))
        let now = engine.now
        for (index, task) in request.tasks.enumerated() {
            guard let deadline = task.deadline else { continue }
            guard deadline > now, deadline <= now + QueuePolicy.longestDeadline else {
                throw Problem(
                    .inputInvalid, "must be in the future, and within a year",
                    field: "tasks[\(index)].deadline")
            }
        }
        let tasks = try await engine.tasks.submit(request.tasks.map(TaskSubmission.init))
        let named = tasks
        let documents = try await engine.store.read { try await $0.documents(of: named) }
        return .document(TasksAnswer(tasks: documents))
    }

    private func show(_ call: Call) async throws -> ServerResponse {
        let id = try call.identifier("taskId", TaskID.self)
        let document = try await engine.store.read { transaction -> TaskDocument? in
            guard let task = try await transaction.task(id) else { return nil }
            guard var document = try await transaction.documents(of: [task]).first else { return nil }
            let places = try await transaction.places(of: task.id)
            document.placeInTenantQueue = places?.inTenantQueue
            document.placeInQueue = places?.inQueue
            document.runs = try await transaction.runs(of: id).map(RunDocument.init)
            return document
        }
        guard let document else { throw Problem(.taskNotFound, "there is no task \(id)", field: "taskId") }
        return .document(document)
    }

    private func cancel(_ call: Call) async throws -> ServerResponse {
        try call.requireNoBody()
        let task = try await engine.tasks.cancel(try call.identifier("taskId", TaskID.self), by: call.actor)
        let documents = try await engine.store.read { try await $0.documents(of: [task]) }
        return .document(documents.first ?? TaskDocument(task))
    }

    private func list(_ call: Call) async throws -> ServerResponse {
        let pool = try call.identifier("workerPoolId", PoolID.self)
        let filter = try TaskFilter(call.request)
        let (documents, next) = try await engine.store.read { transaction in
            try await transaction.requirePool(pool)
            let page = try await transaction.tasks(
                of: pool, state: filter.state, tenant: filter.tenant, after: filter.after, limit: filter.limit
            )
            return (try await transaction.documents(of: page.tasks), page.next)
        }
        return .document(TasksAnswer(tasks: documents, continuationToken: next.map(String.init)))
    }
}

/// The query of a listing of tasks.
private struct TaskFilter: Sendable {
    let state: QueuedTask.State?
    let tenant: Tenant?
    let after: Int64
    let limit: Int

    init(_ request: ServerRequest) throws(Problem) {
        var query = QueryReader(request)
        state = try query.choice("state", QueuedTask.State.self)
        tenant = try query.identifier("tenant", Tenant.self)
        after = try query.token { Int64($0).flatMap { $0 >= 0 ? $0 : nil } } ?? 0
        limit = try query.limit()
        try query.finish()
    }
}

extension TaskSubmission {
    init(_ definition: TaskDefinition) {
        self.init(
            id: definition.taskId, poolID: definition.workerPoolId, tenant: definition.tenant ?? .unnamed,
            priority: definition.priority ?? .medium, payload: definition.payload,
            deadlineAt: definition.deadline, retries: definition.retries ?? QueuePolicy.retries,
            limits: definition.limits ?? [])
    }
}

extension RunDocument {
    init(_ run: RunRecord) {
        self.init(
            runId: run.runID, holder: run.holder, started: run.startedAt, resolved: run.resolvedAt,
            resolution: run.resolution, reason: run.reason, exitCode: run.exitCode, tail: run.tail,
            output: run.output)
    }
}

extension ReadTransaction {
    /// The documents of tasks, with the names that their limits have now.
    fileprivate func documents(of tasks: [QueuedTask]) async throws -> [TaskDocument] {
        let limits = Set(tasks.flatMap(\.limits.named))
        let names = limits.isEmpty ? [:] : try await limitNames(of: limits)
        return tasks.map { task in
            var document = TaskDocument(task)
            let named = task.limits.named.compactMap { names[$0] }
            if !named.isEmpty { document.limits = named.sorted() }
            return document
        }
    }
}
