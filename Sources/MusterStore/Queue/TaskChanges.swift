import MusterCore

/// What becomes of tasks that leave their workers or the queue: gathered over a transaction and written at once,
/// however many there are.
struct TaskChanges {
    private let now: Timestamp
    private var saved: [QueuedTask] = []
    private var runs: [[any SQLConvertible]] = []
    private var released: [WorkerKey: Int] = [:]
    private var counts: [PoolID: PendingCounts] = [:]
    private var freed: [String] = []
    private var reserved: [QueuedTask] = []
    private var events: [Event] = []

    init(at now: Timestamp) { self.now = now }

    /// Ends a task's current run, and what follows; the task as it became.
    @discardableResult
    mutating func end(_ old: QueuedTask, _ end: RunEnd) -> QueuedTask {
        var task = old
        let effect = task.end(end.resolution, because: end.reason, at: now)
        guard effect != .none, let holder = old.holder else { return old }
        saved.append(task)
        leave(holder, old, end)
        if effect == .retried {
            counts[task.poolID, default: PendingCounts(task.poolID)].add(1, for: task)
            events.append(task.event(.taskRetried, at: now, run: old.run, holder: holder))
        } else if let type = task.state.event {
            if task.hasHeldSinceSubmission { freed.append(task.holderName) }
            events.append(task.event(type, at: now, holder: holder))
        }
        return task
    }

    /// Resolves a task that nobody reported on, cancelled or past its deadline; false for one that is over
    /// already.
    mutating func withdraw(_ old: QueuedTask, _ change: (inout QueuedTask) -> QueuedTask.Effect)
        -> QueuedTask?
    {
        var task = old
        guard change(&task) == .resolved else { return nil }
        saved.append(task)
        if old.state == .pending {
            counts[old.poolID, default: PendingCounts(old.poolID)].add(-1, for: old)
        }
        if let holder = old.holder {
            leave(holder, old, RunEnd(.exception, because: task.reason ?? .cancelled))
        }
        if task.hasHeldSinceSubmission { freed.append(task.holderName) }
        if old.reservedAt != nil { reserved.append(old) }
        events.append(task.event(.taskException, at: now, holder: old.holder))
        return task
    }

    /// Writes everything.
    func write(in transaction: any WriteTransaction) async throws {
        guard !saved.isEmpty else { return }
        try await transaction.change(
            .update(
                "tasks", where: ["sequence"],
                [
                    .set("state"), .set("run_id"), .set("retries_left"), .set("worker_group"),
                    .set("worker_id"), .set("started_at"), .set("taken_until"), .set("holds_slots"),
                    .set("reserved_at"), .set("resolved_at"), .set("reason"),
                ]),
            saved.sorted { $0.sequence < $1.sequence }.map { task in
                [
                    task.sequence, task.state.rawValue, task.runID, task.retriesLeft, task.holder?.group,
                    task.holder?.workerID, task.startedAt, task.takenUntil, task.holdsSlots,
                    task.reservedAt, task.resolvedAt, task.reason?.rawValue,
                ]
            })
        if !runs.isEmpty {
            try await transaction.change(
                .insert(
                    into: "runs",
                    [
                        "task_id", "run_id", "worker_group", "worker_id", "started_at", "resolved_at",
                        "resolution", "reason", "exit_code", "tail", "output",
                    ]), runs)
        }
        try await transaction.release(released, at: now)
        try await transaction.releaseHolders(freed)
        for task in reserved {
            try await transaction.run("DELETE FROM limit_waiters WHERE task = $1", task.sequence)
            for entry in task.limits.entries { transaction.signal(.limit(entry.limit)) }
        }
        for counts in counts.sorted(by: { $0.key < $1.key }) {
            try await counts.value.write(in: transaction, at: now)
        }
        try await transaction.publish(events)
    }

    /// The run's record, its worker's room, and what it held.
    private mutating func leave(_ holder: TaskHolder, _ old: QueuedTask, _ end: RunEnd) {
        runs.append([
            old.id, old.runID, holder.group, holder.workerID, old.startedAt ?? now, now,
            end.resolution.rawValue, end.reason.rawValue, end.exitCode, end.tail, end.output,
        ])
        released[
            WorkerKey(poolID: old.poolID, group: holder.group, id: holder.workerID), default: 0] += 1
        if old.holdsSlots { freed.append(old.run.holderName) }
    }
}

extension QueuedTask {
    /// Whether it has had slots since its submission.
    var hasHeldSinceSubmission: Bool { limits.entries.contains { $0.standing != .needed } }

    /// The name under which it holds slots from its submission to its end.
    var holderName: String { "task:\(id)" }
}

extension RunReference {
    /// The name under which a run holds slots.
    var holderName: String { "task:\(taskID)/\(runID)" }
}
