public import MusterCore

/// A run of a task as it is remembered.
public struct RunRecord: Hashable, Sendable {
    /// The attempt, counted from 0.
    public var runID: Int
    /// Who ran it.
    public var holder: TaskHolder
    /// When it was claimed.
    public var startedAt: Timestamp
    /// When it ended.
    public var resolvedAt: Timestamp?
    /// How it ended.
    public var resolution: Resolution?
    /// Why it ended so.
    public var reason: RunReason?
    /// The command's exit code.
    public var exitCode: Int?
    /// The last lines of its output.
    public var tail: String?
    /// Where the whole output is.
    public var output: String?
}

extension ReadTransaction {
    /// A task.
    public func task(_ id: TaskID) async throws -> QueuedTask? {
        try await row("SELECT * FROM tasks WHERE id = $1", id).map(QueuedTask.init(row:))
    }

    /// The runs of a task, first to last; the one that is on its way included.
    public func runs(of task: TaskID) async throws -> [RunRecord] {
        let ended = try await rows("SELECT * FROM runs WHERE task_id = $1 ORDER BY run_id", task).map(
            RunRecord.init(row:))
        return ended + [try await self.task(task).flatMap(RunRecord.init(current:))].compactMap(\.self)
    }

    /// One run of a task that has ended.
    public func endedRun(_ run: RunReference) async throws -> RunRecord? {
        try await row("SELECT * FROM runs WHERE task_id = $1 AND run_id = $2", run.taskID, run.runID)
            .map(RunRecord.init(row:))
    }

    /// The tasks that a worker holds.
    public func tasks(heldBy worker: WorkerKey) async throws -> [QueuedTask] {
        try await rows(
            """
            SELECT * FROM tasks WHERE pool_id = $1 AND worker_group = $2 AND worker_id = $3 AND state = 'running'
            ORDER BY sequence
            """, worker.poolID, worker.group, worker.id
        ).map(QueuedTask.init(row:))
    }

    /// A page of a pool's tasks in the order of their submission.
    ///
    /// - Parameters:
    ///   - after: the sequence number of the last task of the page before.
    /// - Returns: the tasks, and the number to go on from when there are more.
    public func tasks(
        of pool: PoolID, state: QueuedTask.State?, tenant: Tenant?, after: Int64, limit: Int
    ) async throws -> (tasks: [QueuedTask], next: Int64?) {
        let rows = try await rows(
            """
            SELECT * FROM tasks WHERE pool_id = $1 AND sequence > $2
                AND (CAST($3 AS TEXT) IS NULL OR state = $3) AND (CAST($4 AS TEXT) IS NULL OR tenant = $4)
            ORDER BY sequence LIMIT $5
            """, pool, after, state?.rawValue, tenant, limit + 1)
        let page = rows.prefix(limit)
        let next = rows.count > limit ? try page.last?.integer("sequence") : nil
        return (try page.map(QueuedTask.init(row:)), next)
    }

    /// How many tasks of a pool wait: from counters, however many they are.
    public func pendingTasks(of pool: PoolID) async throws -> Int {
        try await row("SELECT coalesce(sum(pending), 0) AS pending FROM demand WHERE pool_id = $1", pool)?
            .int("pending") ?? 0
    }
}

extension QueuedTask {
    init(row: Row) throws {
        self.init(
            id: try row.value("id", as: TaskID.self), poolID: try row.value("pool_id", as: PoolID.self),
            tenant: try row.value("tenant", as: Tenant.self),
            priority: Priority(rank: try row.int("priority")),
            payload: try TaskPayload(stored: try row.text("payload")),
            submittedAt: try row.time("submitted_at"), deadlineAt: try row.time("deadline_at"),
            retriesLeft: try row.int("retries_left"))
        limits = LimitSet(text: try row.text("limit_set"))
        sequence = try row.integer("sequence")
        state = try row.value("state", as: State.self)
        runID = try row.int("run_id")
        if let group = try row.optionalText("worker_group"), let worker = try row.optionalText("worker_id") {
            holder = TaskHolder(group: WorkerGroup(rawValue: group), workerID: WorkerID(rawValue: worker))
        }
        startedAt = try row.optionalTime("started_at")
        takenUntil = try row.optionalTime("taken_until")
        holdsSlots = try row.flag("holds_slots")
        reservedAt = try row.optionalTime("reserved_at")
        resolvedAt = try row.optionalTime("resolved_at")
        reason = try row.optionalText("reason").flatMap(RunReason.init(rawValue:))
    }
}

extension RunRecord {
    /// The run that is on its way; nil when there is none.
    init?(current task: QueuedTask) {
        guard let holder = task.holder, let startedAt = task.startedAt else { return nil }
        self.init(runID: task.runID, holder: holder, startedAt: startedAt)
    }

    init(row: Row) throws {
        self.init(
            runID: try row.int("run_id"),
            holder: TaskHolder(
                group: try row.value("worker_group", as: WorkerGroup.self),
                workerID: try row.value("worker_id", as: WorkerID.self)),
            startedAt: try row.time("started_at"))
        resolvedAt = try row.optionalTime("resolved_at")
        resolution = try row.optionalText("resolution").flatMap(Resolution.init(rawValue:))
        reason = try row.optionalText("reason").flatMap(RunReason.init(rawValue:))
        exitCode = try row.optionalInteger("exit_code").map(Int.init)
        tail = try row.optionalText("tail")
        output = try row.optionalText("output")
    }
}
