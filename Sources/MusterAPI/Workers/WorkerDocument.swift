public import MusterCore

/// A worker as it stands. What it proves itself with is not among it.
public struct WorkerDocument: Codable, Sendable {
    public var workerPoolId: PoolID
    public var workerGroup: WorkerGroup
    public var workerId: WorkerID
    public var launchConfigId: LaunchConfigID
    public var launchId: LaunchID
    public var providerId: ProviderID
    /// The provider's name for its instance.
    public var instanceId: String
    /// Where it is counted: `requested`, `running`, `suspected`, `draining`, ...
    public var state: Bucket
    /// Why it gets no more work, was ended, or how it went.
    public var reason: String?
    public var capacity: Int
    public var claimed: Int
    public var requested: Timestamp
    public var started: Timestamp?
    public var registered: Timestamp?
    /// When its credentials end.
    public var expires: Timestamp?
    /// When the person who made it wants it to end.
    public var ends: Timestamp?
    public var lastContact: Timestamp?
    public var idleSince: Timestamp?
    public var suspectedSince: Timestamp?
    public var stoppingSince: Timestamp?
    public var stopped: Timestamp?
    /// The runs that it holds; absent in lists.
    public var runs: [HeldRun]?

    /// A run that a worker holds.
    public struct HeldRun: Codable, Hashable, Sendable {
        public var taskId: TaskID
        public var runId: Int
        public var tenant: Tenant
        /// When the claim ends unless it is renewed.
        public var takenUntil: Timestamp?

        /// Makes a document of the task whose run is held.
        public init(_ task: QueuedTask) {
            taskId = task.id
            runId = task.runID
            tenant = task.tenant
            takenUntil = task.takenUntil
        }
    }

    /// Makes a document of a worker, without its runs.
    public init(_ worker: Worker) {
        workerPoolId = worker.key.poolID
        workerGroup = worker.key.group
        workerId = worker.key.id
        launchConfigId = worker.launchConfigID
        launchId = worker.launchID
        providerId = worker.providerID
        instanceId = worker.instanceID
        state = worker.bucket
        reason = worker.stopReason ?? worker.drain
        capacity = worker.capacity
        claimed = worker.claimed
        requested = worker.requestedAt
        started = worker.startedAt
        registered = worker.registeredAt
        expires = worker.expiresAt
        ends = worker.endsAt
        lastContact = worker.contactedAt
        idleSince = worker.idleSince
        suspectedSince = worker.suspectedAt
        stoppingSince = worker.stoppingAt
        stopped = worker.stoppedAt
    }

    /// Its full name.
    public var key: WorkerKey { WorkerKey(poolID: workerPoolId, group: workerGroup, id: workerId) }
}

/// A page of workers, by pool, group and name.
public struct WorkersAnswer: PagedAnswer {
    public var workers: [WorkerDocument]
    public var continuationToken: String?

    public var elements: [WorkerDocument] { workers }

    public init(elements: [WorkerDocument], continuationToken: String?) {
        workers = elements
        self.continuationToken = continuationToken
    }
}

/// `POST .../retire`: takes a worker out of service.
public struct RetireRequest: Codable, Sendable {
    /// Whether its instance is ended at once, instead of once it has finished what it has.
    public var atOnce: Bool?

    /// Makes a request.
    public init(atOnce: Bool?) { self.atOnce = atOnce }

    /// Reads and checks a request as it came.
    ///
    /// - Throws: everything that is wrong with it.
    public init(_ document: Document) throws(Problems) {
        let reader = DocumentReader(document)
        atOnce = reader.boolean("atOnce")
        try reader.finish()
    }
}
