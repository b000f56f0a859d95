import MusterAPI
import MusterCore
import MusterEngine
import MusterRuntime
import MusterStore

/// What workers call.
struct WorkerRoutes {
    private let engine: Engine

    init(_ engine: Engine) { self.engine = engine }

    var routes: [Route] {
        [
            Route("registerWorker", "POST", "/api/worker-manager/v1/worker/register", .anyone, register),
            Route(
                "shouldWorkerTerminate", "GET",
                "/api/worker-manager/v1/workers/{*workerPoolId}/{workerGroup}/{workerId}/should-terminate",
                .worker,
                shouldTerminate),
            Route("claimTasks", "POST", "/api/muster/v1/worker-pools/{*workerPoolId}/claims", .worker, claim),
            Route("renewRun", "POST", "/api/muster/v1/tasks/{taskId}/runs/{runId}/renew", .worker, renew),
            Route("reportRun", "POST", "/api/muster/v1/tasks/{taskId}/runs/{runId}/report", .worker, report),
        ]
    }

    private func register(_ call: Call) async throws -> ServerResponse {
        let request = try JSON.decode(RegisterWorkerRequest.self, from: call.request.body)
        let key = WorkerKey(poolID: request.workerPoolId, group: request.workerGroup, id: request.workerId)
        let admission = try await engine.registrar.register(
            key, providerID: request.providerId, proof: request.workerIdentityProof)
        return .document(
            RegisterWorkerResponse(
                expires: admission.expiresAt,
                credentials: WorkerCredentials(
                    clientId: admission.clientID, accessToken: admission.accessToken.reveal()),
                workerConfig: admission.workerConfig, secret: admission.secret.reveal()))
    }

    private func shouldTerminate(_ call: Call) async throws -> ServerResponse {
        let key = WorkerKey(
            poolID: try call.identifier("workerPoolId", PoolID.self),
            group: try call.identifier("workerGroup", WorkerGroup.self),
            id: try call.identifier("workerId", WorkerID.self))
        try call.requireCaller(key)
        return .document(try await advice(for: key))
    }

    private func advice(for key: WorkerKey) async throws -> ShouldTerminateResponse {
        let reason = try await engine.registrar.shouldTerminate(key)
        return ShouldTerminateResponse(terminate: reason != nil, reason: reason ?? "none")
    }

    private func claim(_ call: Call) async throws -> ServerResponse {
        let request = try JSON.decode(ClaimRequest.self, from: call.request.body)
        let key = WorkerKey(
            poolID: try call.identifier("workerPoolId", PoolID.self), group: request.workerGroup,
            id: request.workerId)
        try call.requireCaller(key)
        guard (1...64).contains(request.requestId.utf8.count) else {
            throw Problem(.inputInvalid, "must be 1 to 64 bytes long", field: "requestId")
        }
        guard request.tasks >= 0, request.waitSeconds >= 0 else {
            throw Problem(.inputInvalid, "must not be negative", field: "tasks, waitSeconds")
        }
        if request.waitSeconds > 0 { call.request.watchForHangUp() }
        let reply = try await engine.queue.claim(
            ClaimQuestion(
                worker: key, requestID: request.requestId, tasks: request.tasks, holding: request.holding),
            wait: .milliseconds(Int64(min(request.waitSeconds, 3_600) * 1_000)))
        // A worker that got tasks is not being ended; only one with nothing to do needs to know.
        let advice =
            reply.tasks.isEmpty
            ? try await advice(for: key) : ShouldTerminateResponse(terminate: false, reason: "none")
        return .document(
            ClaimAnswer(tasks: reply.tasks.compactMap(ClaimedTask.init), lost: reply.lost, terminate: advice))
    }

    private func renew(_ call: Call) async throws -> ServerResponse {
        try call.requireNoBody()
        let end = try await engine.tasks.renew(try run(call), by: try call.caller())
        return .document(RenewAnswer(takenUntil: end))
    }

    private func report(_ call: Call) async throws -> ServerResponse {
        let report = try JSON.decode(RunReport.self, from: call.request.body)
        guard report.tail.utf8.count <= 8_192 else {
            throw Problem(.inputInvalid, "must be at most 8192 bytes long", field: "tail")
        }
        guard (report.output?.utf8.count ?? 0) <= 4_096 else {
            throw Problem(.inputInvalid, "must be at most 4096 bytes long", field: "output")
        }
        let end = RunEnd(
            report.resolution, because: report.reason, exitCode: report.exitCode, tail: report.tail,
            output: report.output)
        let state = try await engine.tasks.report(try run(call), by: try call.caller(), end)
        return .document(ReportAnswer(state: state.rawValue))
    }

    private func run(_ call: Call) throws(Problem) -> RunReference {
        guard let runID = Int(call.parameters["runId"] ?? ""), runID >= 0 else {
            throw Problem(.inputInvalid, "must be a whole number from 0", field: "runId")
        }
        return RunReference(taskID: try call.identifier("taskId", TaskID.self), runID: runID)
    }
}

extension ClaimedTask {
    /// The claim on a task; nil for a task that nobody holds.
    init?(_ task: QueuedTask) {
        guard let takenUntil = task.takenUntil else { return nil }
        self.init(
            run: task.run, takenUntil: takenUntil, tenant: task.tenant, priority: task.priority,
            payload: task.payload)
    }
}
