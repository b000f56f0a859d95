public import MusterCore

/// `POST /api/muster/v1/tasks`: tasks to be run, all or none of them accepted.
public struct SubmitTasksRequest: Codable, Sendable {
    public var tasks: [TaskDefinition]

    /// Makes a request.
    public init(tasks: [TaskDefinition]) { self.tasks = tasks }
}

/// A task as it is submitted.
public struct TaskDefinition: Codable, Hashable, Sendable {
    /// Chosen by the submitter, so that a repeat is recognised; made up when it is absent.
    public var taskId: TaskID?
    public var workerPoolId: PoolID
    /// Whose it is; `default` when it is absent.
    public var tenant: Tenant?
    /// `highest` to `lowest`; `medium` when it is absent.
    public var priority: Priority?
    /// When it must have been resolved; a day from now when it is absent.
    public var deadline: Timestamp?
    /// How often it may be tried again; 5 when it is absent.
    public var retries: Int?
    /// The concurrency limits that it is subject to besides its pool's, by name.
    public var limits: [LimitName]?
    public var payload: TaskPayload

    /// Makes a definition.
    public init(
        taskId: TaskID? = nil, workerPoolId: PoolID, tenant: Tenant? = nil, priority: Priority? = nil,
        deadline: Timestamp? = nil, retries: Int? = nil, limits: [LimitName]? = nil,
        payload: TaskPayload
    ) {
        self.taskId = taskId
        self.workerPoolId = workerPoolId
        self.tenant = tenant
        self.priority = priority
        self.deadline = deadline
        self.retries = retries
        self.limits = limits
        self.payload = payload
    }
}
