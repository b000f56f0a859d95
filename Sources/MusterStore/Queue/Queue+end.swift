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

/// What a worker says of a run of its.
public struct RunStatement<Content: Sendable>: Sendable {
    /// The run.
    public var run: RunReference
    /// Who says it.
    public var worker: WorkerKey
    /// What it says.
    public var content: Content

    /// Makes a statement.
    public init(_ run: RunReference, by worker: WorkerKey, _ content: Content) {
        self.run = run
        self.worker = worker
        self.content = content
    }

    var holder: TaskHolder { TaskHolder(group: worker.group, workerID: worker.id) }
}

extension WriteTransaction {
    /// Prolongs workers' claims on runs; the times they now last to, nil for a claim that is lost.
    public func renew(
        _ renewals: [RunStatement<Void>], lease: Duration, at now: Timestamp
    ) async throws -> [Timestamp?] {
        var ends: [Timestamp?] = []
        var rows: [Int64: Timestamp] = [:]
        for (renewal, task) in zip(renewals, try await tasks(renewals.map(\.run.taskID))) {
            guard var task, task.poolID == renewal.worker.poolID,
                task.renew(run: renewal.run.runID, by: renewal.holder, until: now + lease)
            else {
                ends.append(nil)
                continue
            }
            rows[task.sequence] = task.takenUntil
            ends.append(task.takenUntil)
        }
        if !rows.isEmpty {
            try await change(
                .update("tasks", where: ["sequence"], [.set("taken_until")]),
                rows.sorted { $0.key < $1.key }.map { [$0.key, $0.value] })
        }
        return ends
    }

    /// Takes workers' word for how runs ended. Idempotent by (task, run).
    public func report(_ reports: [RunStatement<RunEnd>], at now: Timestamp) async throws -> [ReportOutcome] {
        var changes = TaskChanges(at: now)
        var outcomes: [ReportOutcome] = []
        // Several reports may be of one task.
        var ended: [TaskID: (task: QueuedTask, report: RunStatement<RunEnd>)] = [:]
        for (report, stored) in zip(reports, try await tasks(reports.map(\.run.taskID))) {
            guard let task = ended[report.run.taskID]?.task ?? stored,
                task.poolID == report.worker.poolID
            else {
                outcomes.append(.claimLost)
                continue
            }
            if task.isHeld(run: report.run.runID, by: report.holder) {
                let became = changes.end(task, report.content)
                ended[task.id] = (became, report)
                outcomes.append(.accepted(became.state))
            } else if let (task, first) = ended[report.run.taskID], first.run == report.run {
                let isRepeat =
                    first.worker == report.worker
                    && first.content.resolution == report.content.resolution
                    && first.content.reason == report.content.reason
                outcomes.append(isRepeat ? .accepted(task.state) : .claimLost)
            } else {
                outcomes.append(try await isKnown(report) ? .accepted(task.state) : .claimLost)
            }
        }
        try await changes.write(in: self)
        return outcomes
    }

    /// Whether a report repeats what a run ended with.
    private func isKnown(_ report: RunStatement<RunEnd>) async throws -> Bool {
        guard let known = try await endedRun(report.run) else { return false }
        return known.holder == report.holder && known.resolution == report.content.resolution
            && known.reason == report.content.reason
    }

    /// Takes every claim from a worker that is gone: its tasks run again elsewhere.
    ///
    /// - Returns: how many there were.
    @discardableResult
    public func endClaims(of worker: WorkerKey, because reason: RunReason, at now: Timestamp) async throws
        -> Int
    {
        let held = try await tasks(heldBy: worker)
        try await end(held, because: reason, at: now)
        return held.count
    }

    /// Ends claims of some pools that nobody renewed; looks at the `limit` that have been due longest.
    ///
    /// - Returns: how many there were.
    public func expireClaims(of pools: Set<PoolID>, by now: Timestamp, limit: Int) async throws -> Int {
        let due = try await claimsDue(by: now, limit: limit).filter { pools.contains($0.poolID) }
        try await end(due, because: .claimExpired, at: now)
        return due.count
    }

    /// Resolves tasks of some pools whose deadline has passed; looks at the `limit` that have been due longest.
    ///
    /// - Returns: how many there were.
    public func resolveOverdueTasks(of pools: Set<PoolID>, by now: Timestamp, limit: Int) async throws -> Int
    {
        let due = try await tasksOverdue(by: now, limit: limit).filter { pools.contains($0.poolID) }
        try await withdraw(due, at: now) { $0.passDeadline(at: now) }
        return due.count
    }

    private func end(_ tasks: [QueuedTask], because reason: RunReason, at now: Timestamp) async throws {
        var changes = TaskChanges(at: now)
        for task in tasks { changes.end(task, RunEnd(.exception, because: reason)) }
        try await changes.write(in: self)
    }

    private func tasks(_ ids: [TaskID]) async throws -> [QueuedTask?] {
        try await rows("SELECT * FROM tasks WHERE id = $1", forEach: ids.map { [$0] }).map {
            try $0.first.map(QueuedTask.init(row:))
        }
    }
}

extension ReadTransaction {
    /// The pools of the tasks that have been due longest.
    ///
    /// - Parameter claimsToo: whether claims that nobody renewed are looked for, beside tasks whose deadline has
    ///   passed.
    public func poolsOfTasksDue(by now: Timestamp, claimsToo: Bool, limit: Int) async throws -> Set<PoolID> {
        let claims = claimsToo ? try await claimsDue(by: now, limit: limit) : []
        return Set((claims + (try await tasksOverdue(by: now, limit: limit))).map(\.poolID))
    }

    fileprivate func claimsDue(by now: Timestamp, limit: Int) async throws -> [QueuedTask] {
        try await rows(
            "SELECT * FROM tasks WHERE state = 'running' AND taken_until <= $1 ORDER BY taken_until LIMIT $2",
            now, limit
        ).map(QueuedTask.init(row:))
    }

    fileprivate func tasksOverdue(by now: Timestamp, limit: Int) async throws -> [QueuedTask] {
        try await rows(
            "SELECT * FROM tasks WHERE resolved_at IS NULL AND deadline_at <= $1 ORDER BY deadline_at LIMIT $2",
            now, limit
        ).map(QueuedTask.init(row:))
    }

    /// When the next claim expires or the next deadline passes.
    public func nextTaskDeadline() async throws -> Timestamp? {
        let taken = try await row("SELECT min(taken_until) AS at FROM tasks WHERE state = 'running'")?
            .optionalTime("at")
        let due = try await row("SELECT min(deadline_at) AS at FROM tasks WHERE resolved_at IS NULL")?
            .optionalTime("at")
        return [taken, due].compactMap(\.self).min()
    }
}
