public import MusterCore

extension WriteTransaction {
    /// Puts tasks into the queue, all or none.
    ///
    /// A task whose id is there already with the same content is left as it is, so that a submission whose
    /// answer was lost can be repeated.
    /// - Throws: `Problem` `conflict` when an id is there with other content, `pool-not-found`.
    /// - Returns: the tasks as they stand, in the order given.
    public func submit(_ tasks: [QueuedTask]) async throws -> [QueuedTask] {
        for pool in Set(tasks.map(\.poolID)).sorted() {
            guard let pool = try await self.pool(pool), !pool.isDeleted else { throw try await missing(pool) }
        }
        let stored = try await self.stored(tasks.map(\.id))
        var new: [QueuedTask] = []
        var known: [TaskID: QueuedTask] = [:]
        for (task, stored) in zip(tasks, stored) {
            if let old = stored ?? known[task.id] {
                try require(old, sameAs: task)
            } else {
                new.append(task)
            }
            known[task.id] = stored ?? task
        }
        guard !new.isEmpty else { return stored.compactMap(\.self) }
        try await takeSlots(for: &new)
        try await insert(new)
        var counts: [PoolID: PendingCounts] = [:]
        var submitted: [TaskID: QueuedTask] = [:]
        for (task, wanted) in zip(try await self.stored(new.map(\.id)), new) {
            guard let task, task.poolID == wanted.poolID else {
                throw Problem(
                    .conflict, "one of the tasks has just been submitted to another pool", field: "taskId")
            }
            counts[task.poolID, default: PendingCounts(task.poolID)].add(1, for: task)
            submitted[task.id] = task
        }
        try await publish(new.map { $0.event(.taskSubmitted, at: $0.submittedAt) })
        for counts in counts.sorted(by: { $0.key < $1.key }) {
            try await counts.value.write(in: self, at: new[0].submittedAt)
        }
        let isSoon = new.contains { $0.deadlineAt - $0.submittedAt <= QueuePolicy.deadlineLook }
        if isSoon { signal(.deadlines) }
        return tasks.compactMap { submitted[$0.id] ?? known[$0.id] }
    }

    private func stored(_ ids: [TaskID]) async throws -> [QueuedTask?] {
        try await rows("SELECT * FROM tasks WHERE id = $1", forEach: ids.map { [$0] }).map {
            try $0.first.map(QueuedTask.init(row:))
        }
    }

    private func insert(_ tasks: [QueuedTask]) async throws {
        try await change(
            .insert(
                into: "tasks",
                [
                    "id", "pool_id", "tenant", "priority", "limit_set", "state", "payload", "run_id",
                    "retries_left", "submitted_at", "deadline_at",
                ], onConflict: "(id) DO NOTHING"),
            tasks.map { task in
                [
                    task.id, task.poolID, task.tenant, task.priority.rank, task.limits.text,
                    task.state.rawValue, StoredJSON.text(task.payload), task.runID, task.retriesLeft,
                    task.submittedAt, task.deadlineAt,
                ]
            })
    }

    private func require(_ stored: QueuedTask, sameAs task: QueuedTask) throws(Problem) {
        guard stored.poolID == task.poolID, stored.tenant == task.tenant, stored.priority == task.priority,
            stored.payload == task.payload, stored.limits.named == task.limits.named
        else {
            throw Problem(
                .conflict, "a task \(task.id) with other content has been submitted before", field: "taskId")
        }
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
