public import MusterCore
import MusterRuntime
public import MusterStore

/// Takes tasks in, answers questions about them, and takes workers' word for how they ended.
public final class TaskDesk: Sendable {
    let context: EngineContext
    /// The uptime until which no claim expires, because a renewal was refused that may come again till then.
    private let claimsLastUntil = Locked(Duration.zero)

    private let renewals: Gathering<RunStatement<Void>, Timestamp?>
    private let reports: Gathering<RunStatement<RunEnd>, ReportOutcome>

    init(_ context: EngineContext) {
        self.context = context
        renewals = Self.renewals(context)
        reports = Self.reports(context)
    }

    /// Submits tasks, all or none; a repeat with the same ids and content changes nothing.
    public func submit(_ submissions: [TaskSubmission]) async throws -> [QueuedTask] {
        let now = context.clock.now()
        let limits = try await limits(of: submissions)
        let tasks = submissions.map { submission in
            var task = submission.task(
                id: submission.id ?? context.withChance { NewIdentifier.task(at: now, using: &$0) }, at: now)
            task.limits = LimitSet(needing: submission.limits.compactMap { limits[$0] })
            return task
        }
        return try await context.write(in: .pools(Set(tasks.map(\.poolID))), reaching: .tasksSubmitted) {
            try await $0.submit(tasks)
        }
    }

    /// What the limits that submissions name are referred to by.
    private func limits(of submissions: [TaskSubmission]) async throws -> [LimitName: LimitID] {
        var first: [LimitName: Int] = [:]
        for (index, submission) in submissions.enumerated() {
            for name in submission.limits where first[name] == nil { first[name] = index }
        }
        guard !first.isEmpty else { return [:] }
        let names = first
        return try await context.store.read { transaction in
            var limits: [LimitName: LimitID] = [:]
            for (name, index) in names.sorted(by: { $0.key < $1.key }) {
                guard let limit = try await transaction.limit(named: name) else {
                    throw try await transaction.missing(name, field: "tasks[\(index)].limits")
                }
                limits[name] = limit.id
            }
            return limits
        }
    }

    /// Prolongs a worker's claim; when it ends now.
    ///
    /// - Throws: `Problem` `claim-lost`.
    public func renew(_ run: RunReference, by worker: WorkerKey) async throws -> Timestamp {
        let end: Timestamp?
        do {
            end = try await renewals.ask(RunStatement(run, by: worker, ()), of: worker.poolID)
        } catch {
            // The worker is there and has been told to try again: that the store is full is not its fault.
            claimsLastUntil.withLock { $0 = context.clock.uptime() + context.policy.claimGrace }
            throw error
        }
        guard let end else { throw Self.lost(run) }
        return end
    }

    /// Takes a worker's word for how a run ended; the task's state now.
    ///
    /// - Throws: `Problem` `claim-lost`, and then nothing changes.
    public func report(_ run: RunReference, by worker: WorkerKey, _ end: RunEnd) async throws
        -> QueuedTask.State
    {
        switch try await reports.ask(RunStatement(run, by: worker, end), of: worker.poolID) {
        case .accepted(let state): return state
        case .claimLost: throw Self.lost(run)
        }
    }

    private static func renewals(_ context: EngineContext) -> Gathering<RunStatement<Void>, Timestamp?> {
        Gathering(limit: context.policy.reportsPerWrite) { pool, renewals in
            let now = context.clock.now()
            return try await context.write(in: .pool(pool), reaching: .claimRenewed) { transaction in
                let lease = try await transaction.lifecycle(of: pool).claimTimeout
                return try await transaction.renew(renewals, lease: lease, at: now)
            }
        }
    }

    private static func reports(_ context: EngineContext) -> Gathering<RunStatement<RunEnd>, ReportOutcome> {
        Gathering(limit: context.policy.reportsPerWrite) { pool, reports in
            let now = context.clock.now()
            return try await context.write(in: .pool(pool), reaching: .runReported) {
                try await $0.report(reports, at: now)
            }
        }
    }

    /// Cancels a task.
    public func cancel(_ id: TaskID, by actor: String) async throws -> QueuedTask {
        let now = context.clock.now()
        guard let pool = try await context.store.read({ try await $0.task(id) })?.poolID else {
            throw Problem(.taskNotFound, "there is no task \(id)")
        }
        return try await context.write(in: .pool(pool), reaching: .taskCancelled) { transaction in
            let task = try await transaction.cancel(id, at: now)
            try await transaction.audit(
                actor: actor, action: "cancel", subject: "task/\(id)", detail: .object([:]), at: now)
            return task
        }
    }

    /// Ends claims and tasks whose time has passed.
    ///
    /// - Returns: when the next one's time passes.
    func expire() async throws -> Timestamp? {
        let limit = context.policy.tasksPerExpiry
        let now = try await context.moment()
        // Nobody could renew while Muster was away.
        let uptime = context.clock.uptime()
        let graceEnd = max(
            context.attendedSince + context.policy.claimGrace,
            now + (claimsLastUntil.withLock { $0 } - uptime))
        let mayExpireClaims = now >= graceEnd
        var isDone = false
        while !isDone {
            let pools = try await context.store.read { transaction in
                try await transaction.poolsOfTasksDue(by: now, claimsToo: mayExpireClaims, limit: limit)
            }
            isDone = pools.isEmpty
            guard !isDone else { break }
            let ended = try await context.write(
                in: .pools(pools), reaching: { $0 == (0, 0) ? nil : .tasksExpired }
            ) { transaction in
                let expired =
                    mayExpireClaims
                    ? try await transaction.expireClaims(of: pools, by: now, limit: limit) : 0
                return (expired, try await transaction.resolveOverdueTasks(of: pools, by: now, limit: limit))
            }
            // None: somebody else has ended them, or those of another pool are due by now.
            isDone = ended == (0, 0)
        }
        let next = try await context.store.read { try await $0.nextTaskDeadline() }
        return mayExpireClaims
            ? next : next.map { max($0, now + context.policy.failureDelay) }.map { min($0, graceEnd) }
    }

    private static func lost(_ run: RunReference) -> Problem {
        Problem(.claimLost, "the run \(run) is not this worker's any more: stop it, and do not report it")
    }
}

/// A task as somebody submits it.
public struct TaskSubmission: Sendable {
    /// Its name; made up when the submitter gives none.
    public var id: TaskID?
    /// The pool whose workers may run it.
    public var poolID: PoolID
    /// Whose it is.
    public var tenant: Tenant
    /// How urgent it is.
    public var priority: Priority
    /// What is to be done.
    public var payload: TaskPayload
    /// When it must have been resolved; a day from now when the submitter gives none.
    public var deadlineAt: Timestamp?
    /// How often it may be tried again.
    public var retries: Int
    /// The limits that it is subject to besides its pool's.
    public var limits: [LimitName]

    /// Makes a submission.
    public init(
        id: TaskID? = nil, poolID: PoolID, tenant: Tenant = .unnamed, priority: Priority = .medium,
        payload: TaskPayload, deadlineAt: Timestamp? = nil, retries: Int = QueuePolicy.retries,
        limits: [LimitName] = []
    ) {
        self.id = id
        self.poolID = poolID
        self.tenant = tenant
        self.priority = priority
        self.payload = payload
        self.deadlineAt = deadlineAt
        self.retries = retries
        self.limits = limits
    }

    func task(id: TaskID, at now: Timestamp) -> QueuedTask {
        QueuedTask(
            id: id, poolID: poolID, tenant: tenant, priority: priority, payload: payload, submittedAt: now,
            deadlineAt: deadlineAt ?? now + QueuePolicy.deadline, retriesLeft: retries)
    }
}
