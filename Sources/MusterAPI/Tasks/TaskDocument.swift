public import MusterCore

/// A task as it stands.
public struct TaskDocument: Codable, Hashable, Sendable {
    public var taskId: TaskID
    public var workerPoolId: PoolID
    public var tenant: Tenant
    public var priority: Priority
    public var state: String
    public var reason: RunReason?
    public var submitted: Timestamp
    public var deadline: Timestamp
    public var resolved: Timestamp?
    public var retriesLeft: Int
    public var payload: TaskPayload
    /// The concurrency limits that it named; absent for none.
    public var limits: [LimitName]?
    /// Since when slots that come free are kept for it, since several limits kept missing each other.
    public var reserved: Timestamp?
    /// Its place among its tenant's pending tasks, from 1; absent when it is not pending.
    public var placeInTenantQueue: Int?
    /// Its turn among all of the pool's pending tasks, from 1; absent when it is not pending.
    public var placeInQueue: Int?
    /// Its runs, first to last; absent in lists.
    public var runs: [RunDocument]?

    /// Makes a document of a task.
    public init(_ task: QueuedTask) {
        taskId = task.id
        workerPoolId = task.poolID
        tenant = task.tenant
        priority = task.priority
        state = task.state.rawValue
        reason = task.reason
        submitted = task.submittedAt
        deadline = task.deadlineAt
        resolved = task.resolvedAt
        retriesLeft = task.retriesLeft
        payload = task.payload
        reserved = task.reservedAt
    }
}

/// A run of a task.
public struct RunDocument: Codable, Hashable, Sendable {
    public var runId: Int
    public var workerGroup: WorkerGroup
    public var workerId: WorkerID
    public var started: Timestamp
    public var resolved: Timestamp?
    public var resolution: Resolution?
    public var reason: RunReason?
    public var exitCode: Int?
    /// The last lines of its output.
    public var tail: String?
    /// Where its whole output is.
    public var output: String?

    /// Makes a document of a run.
    public init(
        runId: Int, holder: TaskHolder, started: Timestamp, resolved: Timestamp?, resolution: Resolution?,
        reason: RunReason?, exitCode: Int?, tail: String?, output: String?
    ) {
        self.runId = runId
        workerGroup = holder.group
        workerId = holder.workerID
        self.started = started
        self.resolved = resolved
        self.resolution = resolution
        self.reason = reason
        self.exitCode = exitCode
        self.tail = tail
        self.output = output
    }
}

/// A list of tasks, or a page of one.
public struct TasksAnswer: Codable, Sendable {
    public var tasks: [TaskDocument]
    /// Where the next page begins; absent on the last.
    public var continuationToken: String?

    /// Makes an answer.
    public init(tasks: [TaskDocument], continuationToken: String? = nil) {
        self.tasks = tasks
        self.continuationToken = continuationToken
    }
}
