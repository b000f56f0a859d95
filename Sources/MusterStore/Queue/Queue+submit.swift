public import MusterCore

extension WriteTransaction {
    /// Puts tasks into the queue, all or none.
    ///
    /// A task whose id is there already with the same content is left as it is, so that a submission whose
    /// answer was lost can be repeated.
    /// - Throws: `Problem` `conflict` when an id is there with other content, `pool-not-found`.
    /// - Returns: the tasks as they stand, in the order given.
    public func submit(_ tasks: [QueuedTask]) async throws -> [QueuedTask] {
        var counts: [PoolID: PendingCounts] = [:]
        var submitted: [QueuedTask] = []
        submitted.reserveCapacity(tasks.count)
        for task in tasks {
            if counts[task.poolID] == nil {
                guard let pool = try await pool(task.poolID), !pool.isDeleted else {
                    throw try await missing(task.poolID)
                }
                counts[task.poolID] = PendingCounts(task.poolID)
            }
            if try await insert(task) {
                counts[task.poolID]?.add(1, for: task)
                try await publish(task.event(.taskSubmitted, at: task.submittedAt))
                submitted.append(task)
            } else {
                submitted.append(try await repeated(task))
            }
        }
        for counts in counts.sorted(by: { $0.key < $1.key }) { try await counts.value.write(in: self) }
        if !submitted.isEmpty { signal(.deadlines) }
        return submitted
    }

    private func insert(_ task: QueuedTask) async throws -> Bool {
        try await run(
            """
            INSERT INTO tasks (id, pool_id, tenant, priority, state, payload, run_id, retries_left, submitted_at,
                deadline_at)
            VALUES ($1, $2, $3, $4, 'pending', $5, 0, $6, $7, $8) ON CONFLICT (id) DO NOTHING
            """, task.id, task.poolID, task.tenant, task.priority.rank, StoredJSON.text(task.payload),
            task.retriesLeft, task.submittedAt, task.deadlineAt) == 1
    }

    private func repeated(_ task: QueuedTask) async throws -> QueuedTask {
        guard let stored = try await self.task(task.id) else {
            throw Problem(.storeFailed, "the task \(task.id) is neither new nor there")
        }
        guard stored.poolID == task.poolID, stored.tenant == task.tenant, stored.priority == task.priority,
            stored.payload == task.payload
        else {
            throw Problem(
                .conflict, "a task \(task.id) with other content has been submitted before", field: "taskId")
        }
        return stored
    }

    /// Writes a task as it became.
    func save(_ task: QueuedTask) async throws {
        try await run(
            """
            UPDATE tasks SET state = $2, run_id = $3, retries_left = $4, worker_group = $5, worker_id = $6,
                taken_until = $7, resolved_at = $8, reason = $9 WHERE id = $1
            """, task.id, task.state.rawValue, task.runID, task.retriesLeft, task.holder?.group,
            task.holder?.workerID, task.takenUntil, task.resolvedAt, task.reason?.rawValue)
    }
}

extension QueuedTask {
    /// An event of this task.
    func event(_ type: EventType, at now: Timestamp, run: RunReference? = nil, holder: TaskHolder? = nil)
        -> Event
    {
        Event(
            type, subject: "task/\(id)", poolID: poolID, time: now,
            data: .object([
                "taskId": .string(id.rawValue), "workerPoolId": .string(poolID.rawValue),
                "tenant": .string(tenant.rawValue), "state": .string(state.rawValue),
                "runId": .integer(run?.runID ?? runID), "reason": reason.map { .string($0.rawValue) },
                "workerGroup": (holder ?? self.holder).map { .string($0.group.rawValue) },
                "workerId": (holder ?? self.holder).map { .string($0.workerID.rawValue) },
            ]))
    }
}
