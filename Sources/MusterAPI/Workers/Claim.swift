public import MusterCore

/// `POST /api/muster/v1/worker-pools/{workerPoolId}/claims`: a worker asks for tasks and waits for them.
public struct ClaimRequest: Codable, Sendable {
    public var workerGroup: WorkerGroup
    public var workerId: WorkerID
    /// Chosen by the worker; a repeat with the same id gets the same answer.
    public var requestId: String
    /// How many more tasks it has room for.
    public var tasks: Int
    /// The runs it holds already. What the queue thinks it holds and is not named here is sent again.
    public var holding: [RunReference]
    /// How long it waits for a task, in seconds; 30 at most.
    public var waitSeconds: Double

    /// Makes a request.
    public init(
        workerGroup: WorkerGroup, workerId: WorkerID, requestId: String, tasks: Int, holding: [RunReference],
        waitSeconds: Double
    ) {
        self.workerGroup = workerGroup
        self.workerId = workerId
        self.requestId = requestId
        self.tasks = tasks
        self.holding = holding
        self.waitSeconds = waitSeconds
    }
}

/// The tasks that a worker may run, perhaps none.
public struct ClaimAnswer: Codable, Sendable {
    public var tasks: [ClaimedTask]
    /// Runs that the worker named and does not hold any more: it must stop them.
    public var lost: [RunReference]
    /// Whether the worker should finish and end, and why: it gets no more tasks.
    public var terminate: ShouldTerminateResponse

    /// Makes an answer.
    public init(tasks: [ClaimedTask], lost: [RunReference], terminate: ShouldTerminateResponse) {
        self.tasks = tasks
        self.lost = lost
        self.terminate = terminate
    }
}

/// A task that a worker holds until a time.
public struct ClaimedTask: Codable, Hashable, Sendable {
    public var taskId: TaskID
    public var runId: Int
    /// When the claim ends unless it is renewed.
    public var takenUntil: Timestamp
    public var tenant: Tenant
    public var priority: Priority
    public var payload: TaskPayload

    /// Makes a claimed task.
    public init(
        run: RunReference, takenUntil: Timestamp, tenant: Tenant, priority: Priority, payload: TaskPayload
    ) {
        taskId = run.taskID
        runId = run.runID
        self.takenUntil = takenUntil
        self.tenant = tenant
        self.priority = priority
        self.payload = payload
    }

    /// The run.
    public var run: RunReference { RunReference(taskID: taskId, runID: runId) }
}

/// `POST /api/muster/v1/tasks/{taskId}/runs/{runId}/renew`: the answer.
public struct RenewAnswer: Codable, Sendable {
    /// When the claim now ends.
    public var takenUntil: Timestamp

    /// Makes an answer.
    public init(takenUntil: Timestamp) { self.takenUntil = takenUntil }
}

/// `POST /api/muster/v1/tasks/{taskId}/runs/{runId}/report`: how a run ended.
public struct RunReport: Codable, Hashable, Sendable {
    public var resolution: Resolution
    public var reason: RunReason
    /// The command's exit code, or 128 plus the number of the signal that ended it.
    public var exitCode: Int?
    /// The last lines of the output, at most 4 KiB.
    public var tail: String
    /// Where the whole output is.
    public var output: String?

    /// Makes a report.
    public init(
        resolution: Resolution, reason: RunReason, exitCode: Int? = nil, tail: String = "",
        output: String? = nil
    ) {
        self.resolution = resolution
        self.reason = reason
        self.exitCode = exitCode
        self.tail = tail
        self.output = output
    }
}

/// What a report was answered with.
public struct ReportAnswer: Codable, Sendable {
    /// The task's state now.
    public var state: String

    /// Makes an answer.
    public init(state: String) { self.state = state }
}
