public import MusterCore

extension ReadTransaction {
    /// The number of the last task that was submitted to a pool; 0 when there is none.
    public func lastSequence(of pool: PoolID) async throws -> Int64 {
        try await row("SELECT coalesce(max(sequence), 0) AS last FROM tasks WHERE pool_id = $1", pool)?
            .integer("last") ?? 0
    }
}

extension WriteTransaction {
    /// Cancels a task; one that is over already stays as it is.
    ///
    /// - Throws: `Problem` `task-not-found`.
    public func cancel(_ id: TaskID, at now: Timestamp) async throws -> QueuedTask {
        guard let task = try await task(id) else { throw Problem(.taskNotFound, "there is no task \(id)") }
        return try await withdraw([task], at: now) { $0.cancel(at: now) }.first ?? task
    }

    /// Cancels tasks; those that are over already or not there any more stay as they are.
    ///
    /// - Returns: how many were cancelled.
    public func cancel(_ ids: some Sequence<TaskID>, at now: Timestamp) async throws -> Int {
        var tasks: [TaskID: QueuedTask] = [:]
        let found = try await rows("SELECT * FROM tasks WHERE id = $1", forEach: ids.map { [$0] })
        for row in found.compactMap(\.first) {
            let task = try QueuedTask(row: row)
            tasks[task.id] = task
        }
        let open = tasks.values.filter { $0.resolvedAt == nil }.sorted { $0.id < $1.id }
        return try await withdraw(open, at: now) { $0.cancel(at: now) }.count
    }

    /// Cancels tasks of a pool that are not over, in the order of their submission; bounded.
    ///
    /// - Parameters:
    ///   - numbers: the sequence numbers they may have.
    ///   - limit: the most that are cancelled.
    /// - Returns: how many were cancelled, and the number of the last of them when there may be more.
    public func cancelTasks(
        of pool: PoolID, tenant: Tenant?, in numbers: ClosedRange<Int64>, limit: Int, at now: Timestamp
    ) async throws -> (cancelled: Int, last: Int64?) {
        let rows = try await rows(
            """
            SELECT * FROM tasks WHERE pool_id = $1 AND sequence BETWEEN $2 AND $3
                AND resolved_at IS NULL AND (CAST($4 AS TEXT) IS NULL OR tenant = $4)
            ORDER BY sequence LIMIT $5
            """, pool, numbers.lowerBound, numbers.upperBound, tenant, limit)
        let tasks = try rows.map(QueuedTask.init(row:))
        try await withdraw(tasks, at: now) { $0.cancel(at: now) }
        return (tasks.count, rows.count < limit ? nil : try rows.last?.integer("sequence"))
    }

    /// Resolves tasks that nobody reported on, cancelled or past their deadline; those that are over already
    /// stay as they are.
    ///
    /// - Returns: those that were resolved.
    @discardableResult
    func withdraw(
        _ tasks: [QueuedTask], at now: Timestamp, _ change: (inout QueuedTask) -> QueuedTask.Effect
    ) async throws -> [QueuedTask] {
        var changes = TaskChanges(at: now)
        let withdrawn = tasks.compactMap { changes.withdraw($0, change) }
        try await changes.write(in: self)
        return withdrawn
    }
}
