/// A task, from its submission to its end.
public struct QueuedTask: Hashable, Sendable {
    /// Where it is on its way; see `QueuedTask+StateMachine.swift`.
    public enum State: String, CaseIterable, Codable, Sendable {
        case pending, running, completed, failed, exception
    }

    /// Its name.
    public var id: TaskID
    /// The pool whose workers may run it.
    public var poolID: PoolID
    /// Whose it is.
    public var tenant: Tenant
    /// How urgent it is among its tenant's.
    public var priority: Priority
    /// What is to be done.
    public var payload: TaskPayload
    /// When it was submitted.
    public var submittedAt: Timestamp
    /// When it must have been resolved; afterwards it is an exception.
    public var deadlineAt: Timestamp
    /// How often it may be tried again.
    public var retriesLeft: Int

    /// The limits that it asks for and has not got at its submission.
    public var limits = LimitSet.none

    /// Its place in the order of submissions; 0 before it is stored.
    public package(set) var sequence: Int64 = 0
    /// Where it is on its way.
    public package(set) var state = State.pending
    /// The run that is on its way, or the next one.
    public package(set) var runID = 0
    /// Who runs it.
    public package(set) var holder: TaskHolder?
    /// When the run that is on its way began.
    public package(set) var startedAt: Timestamp?
    /// Whether the run that is on its way holds slots of limits.
    public package(set) var holdsSlots = false
    /// Since when slots of its limits that come free are kept for it.
    public package(set) var reservedAt: Timestamp?
    /// When the claim ends unless it is renewed.
    public package(set) var takenUntil: Timestamp?
    /// When it was resolved.
    public package(set) var resolvedAt: Timestamp?
    /// Why it was resolved so.
    public package(set) var reason: RunReason?

    /// A task that has just been submitted.
    public init(
        id: TaskID, poolID: PoolID, tenant: Tenant, priority: Priority, payload: TaskPayload,
        submittedAt: Timestamp, deadlineAt: Timestamp, retriesLeft: Int
    ) {
        self.id = id
        self.poolID = poolID
        self.tenant = tenant
        self.priority = priority
        self.payload = payload
        self.submittedAt = submittedAt
        self.deadlineAt = deadlineAt
        self.retriesLeft = retriesLeft
    }

    /// Its current run.
    public var run: RunReference { RunReference(taskID: id, runID: runID) }
}

/// A worker as the holder of a claim.
public struct TaskHolder: Hashable, Sendable {
    /// Where it runs.
    public var group: WorkerGroup
    /// Its name there.
    public var workerID: WorkerID

    /// Names a holder.
    public init(group: WorkerGroup, workerID: WorkerID) {
        self.group = group
        self.workerID = workerID
    }
}
