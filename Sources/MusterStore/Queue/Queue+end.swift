public import MusterCore

/// What became of a report.
public enum ReportOutcome: Hashable, Sendable {
    /// The task's state now; also for a report that repeats what is known already.
    case accepted(QueuedTask.State)
    /// The run is not the worker's any more: the report changes nothing.
    case claimLost
}

/// How a run ended and what it left.
public struct RunEnd: Hashable, Sendable {
    public var resolution: Resolution
    public var reason: RunReason
    public var exitCode: Int?
    public var tail: String?
    public var output: String?

    /// Makes an end.
    public init(
        _ resolution: Resolution, because reason: RunReason, exitCode: Int? = nil, tail: String? = nil,
        output: String? = nil
    ) {
        self.resolution = resolution
        self.reason = reason
        self.exitCode = exitCode
        self.tail = tail
        self.output = output
    }
}

extension WriteTransaction {
    /// Prolongs a worker's claim on a run; the time it now lasts to, or nil when the claim is lost.
    public func renew(
        _ run: RunReference, by worker: WorkerKey, lease: Duration, at now: Timestamp
    ) async throws -> Timestamp? {
        guard var task = try await task(run.taskID), task.poolID == worker.poolID else { return nil }
        let holder = TaskHolder(group: worker.group, workerID: worker.id)
        guard task.renew(run: run.runID, by: holder, until: now + lease) else { return nil }
        try await self.run("UPDATE tasks SET taken_until = $2 WHERE id = $1", task.id, task.takenUntil)
        return task.takenUntil
    }

    /// Takes a worker's word for how a run ended. Idempotent by (task, run).
    public func report(
        _ run: RunReference, by worker: WorkerKey, _ end: RunEnd, at now: Timestamp
    ) async throws -> ReportOutcome {
        guard let task = try await task(run.taskID), task.poolID == worker.poolID else { return .claimLost }
        let holder = TaskHolder(group: worker.group, workerID: worker.id)
        if task.isHeld(run: run.runID, by: holder) {
            return .accepted(try await self.end(task, end, at: now).state)
        }
        let known = try await self.run(run)
        guard let known, known.holder == holder, known.resolution == end.resolution,
            known.reason == end.reason
        else {
            return .claimLost
        }
        return .accepted(task.state)
    }

    /// Takes every claim from a worker that is gone: its tasks run again elsewhere.
    ///
    /// - Returns: how many there were.
    @discardableResult
    public func endClaims(of worker: WorkerKey, because reason: RunReason, at now: Timestamp) async throws
        -> Int
    {
        let held = try await tasks(heldBy: worker)
        for task in held { try await end(task, RunEnd(.exception, because: reason), at: now) }
        return held.count
    }

    /// Ends claims of some pools that nobody renewed; looks at the `limit` that have been due longest.
    ///
    /// - Parameter holder: whose pools alone are looked at; all when it is nil.
    /// - Returns: how many there were.
    public func expireClaims(
        of pools: Set<PoolID>, heldBy holder: String? = nil, by now: Timestamp, limit: Int
    ) async throws -> Int {
        let due = try await claimsDue(by: now, of: holder, limit: limit).filter { pools.contains($0.poolID) }
        for task in due { try await end(task, RunEnd(.exception, because: .claimExpired), at: now) }
        return due.count
    }

    /// Resolves tasks of some pools whose deadline has passed; looks at the `limit` that have been due longest.
    ///
    /// - Parameter holder: whose pools alone are looked at; all when it is nil.
    /// - Returns: how many there were.
    public func resolveOverdueTasks(
        of pools: Set<PoolID>, heldBy holder: String? = nil, by now: Timestamp, limit: Int
    ) async throws -> Int {
        let due = try await tasksOverdue(by: now, of: holder, limit: limit).filter {
            pools.contains($0.poolID)
        }
        try await withdraw(due, at: now) { $0.passDeadline(at: now) }
        return due.count
    }

    /// Ends a task's current run and does what follows for the worker, the counters and the events.
    @discardableResult
    private func end(_ old: QueuedTask, _ end: RunEnd, at now: Timestamp) async throws -> QueuedTask {
        var task = old
        let effect = task.end(end.resolution, because: end.reason, at: now)
        guard effect != .none, let holder = old.holder else { return old }
        try await save(task)
        try await close(old.run, end, at: now)
        try await release(holder, of: old.poolID, at: now)
        if effect == .retried {
            var counts = PendingCounts(task.poolID)
            counts.add(1, for: task)
            try await counts.write(in: self)
            try await publish(task.event(.taskRetried, at: now, run: old.run, holder: holder))
        } else if let type = task.state.event {
            try await publish(task.event(type, at: now, holder: holder))
        }
        return task
    }

    func close(_ run: RunReference, _ end: RunEnd, at now: Timestamp) async throws {
        try await self.run(
            """
            UPDATE runs SET resolved_at = $3, resolution = $4, reason = $5, exit_code = $6, tail = $7, output = $8
            WHERE task_id = $1 AND run_id = $2
            """, run.taskID, run.runID, now, end.resolution.rawValue, end.reason.rawValue, end.exitCode,
            end.tail,
            end.output)
    }

    func release(_ holder: TaskHolder, of pool: PoolID, at now: Timestamp) async throws {
        let key = WorkerKey(poolID: pool, group: holder.group, id: holder.workerID)
        guard let account = try await account(of: key) else { return }
        try await changeClaims(of: key, by: -1, at: now)
        var capacity = CapacityChange()
        capacity.add(CapacityTally(claimed: -1), to: account)
        try await apply(capacity)
    }
}

extension ReadTransaction {
    /// The pools of the tasks that have been due longest.
    ///
    /// - Parameters:
    ///   - holder: whose pools alone are looked at; all when it is nil.
    ///   - claimsToo: whether claims that nobody renewed are looked for, beside tasks whose deadline has passed.
    public func poolsOfTasksDue(
        by now: Timestamp, of holder: String? = nil, claimsToo: Bool, limit: Int
    ) async throws -> Set<PoolID> {
        let claims = claimsToo ? try await claimsDue(by: now, of: holder, limit: limit) : []
        return Set((claims + (try await tasksOverdue(by: now, of: holder, limit: limit))).map(\.poolID))
    }

    fileprivate func claimsDue(
        by now: Timestamp, of holder: String? = nil, limit: Int
    ) async throws -> [QueuedTask] {
        try await tasks("state = 'running'", due: "taken_until", by: now, of: holder, limit: limit)
    }

    fileprivate func tasksOverdue(
        by now: Timestamp, of holder: String? = nil, limit: Int
    ) async throws -> [QueuedTask] {
        try await tasks("resolved_at IS NULL", due: "deadline_at", by: now, of: holder, limit: limit)
    }

    private func tasks(
        _ condition: String, due column: String, by now: Timestamp, of holder: String?, limit: Int
    ) async throws -> [QueuedTask] {
        let held = holder.map { _ in "AND \(Lease.holdsPool("tasks", holder: 3))" } ?? ""
        return try await rows(
            "SELECT * FROM tasks WHERE \(condition) AND \(column) <= $1 \(held) ORDER BY \(column) LIMIT $2",
            [now, limit] + (holder.map { [$0] } ?? [])
        ).map(QueuedTask.init(row:))
    }

    /// When the next claim expires or the next deadline passes.
    ///
    /// - Parameters:
    ///   - holder: whose pools alone are looked at; all when it is nil.
    ///   - horizon: what is due later may be another's.
    public func nextTaskDeadline(
        of holder: String? = nil, before horizon: Timestamp = Timestamp(milliseconds: .max)
    ) async throws -> Timestamp? {
        let taken = try await next("taken_until", "state = 'running'", of: holder, before: horizon)
        let due = try await next("deadline_at", "resolved_at IS NULL", of: holder, before: horizon)
        return [taken, due].compactMap(\.self).min()
    }

    private func next(
        _ column: String, _ condition: String, of holder: String?, before horizon: Timestamp
    ) async throws -> Timestamp? {
        let next = try await row("SELECT min(\(column)) AS at FROM tasks WHERE \(condition)")?
            .optionalTime("at")
        guard let holder, let next, next < horizon else { return next }
        return try await row(
            """
            SELECT \(column) FROM tasks
            WHERE \(condition) AND \(column) < $1 AND \(Lease.holdsPool("tasks", holder: 2))
            ORDER BY \(column) LIMIT 1
            """, horizon, holder)?.optionalTime(column) ?? horizon
    }
}
