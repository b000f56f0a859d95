import MusterCore

/// Hands out the tasks of one pool within one transaction, tenants in turn.
///
/// The pool's row in `queues` is the serialisation point: it is read first, and written last with the number
/// of the turn that the next claim begins with.
struct QueueTurns {
    private let pool: PoolID
    private let transaction: any WriteTransaction
    private let firstTurn: Int64
    private var turn: Int64
    private var counts: PendingCounts
    private var overdue = 0

    init(_ pool: PoolID, in transaction: any WriteTransaction) async throws {
        self.pool = pool
        self.transaction = transaction
        counts = PendingCounts(pool)
        try await transaction.run(
            "INSERT INTO queues (pool_id, turn) VALUES ($1, 0) ON CONFLICT (pool_id) DO UPDATE SET turn = queues.turn",
            pool)
        turn =
            try await transaction.row("SELECT turn FROM queues WHERE pool_id = $1", pool)?.integer("turn")
            ?? 0
        firstTurn = turn
    }

    /// The next task, claimed; nil when none waits, or when so many had passed their deadline that the rest is
    /// left to the next transaction.
    mutating func next(
        for holder: TaskHolder, until end: Timestamp, at now: Timestamp
    ) async throws -> QueuedTask? {
        while let tenant = try await nextTenant() {
            guard var task = try await head(of: tenant) else {
                try await correct(tenant)
                continue
            }
            counts.add(-1, for: task)
            if task.passDeadline(at: now) == .resolved {
                try await transaction.save(task)
                try await transaction.publish(task.event(.taskException, at: now))
                try await serve(tenant, isTurn: false, at: now)
                overdue += 1
                guard overdue < StorePolicy.overduePerClaim else {
                    transaction.signal(.queue(pool))
                    return nil
                }
                continue
            }
            guard task.claim(by: holder, until: end) else { return nil }
            try await transaction.save(task)
            try await transaction.run(
                "INSERT INTO runs (task_id, run_id, worker_group, worker_id, started_at) VALUES ($1, $2, $3, $4, $5)",
                task.id, task.runID, holder.group, holder.workerID, now)
            try await transaction.publish(task.event(.taskClaimed, at: now))
            try await serve(tenant, isTurn: true, at: now)
            transaction.signal(.deadlines)
            return task
        }
        return nil
    }

    /// Sets right a tenant whose counter says that tasks wait when none does: it must not keep the others
    /// from their turns. Nothing is known to cause it.
    private func correct(_ tenant: Tenant) async throws {
        try await transaction.run(
            "UPDATE tenants SET pending = 0 WHERE pool_id = $1 AND tenant = $2", pool, tenant)
        try await transaction.run(
            "DELETE FROM tenant_counts WHERE pool_id = $1 AND tenant = $2", pool, tenant)
        try await transaction.run(
            """
            UPDATE demand SET pending = (SELECT coalesce(sum(pending), 0) FROM tenants WHERE pool_id = $1)
            WHERE pool_id = $1 AND limit_set = ''
            """, pool)
    }

    /// Writes what the claims changed.
    func finish() async throws {
        guard turn != firstTurn else { return try await counts.write(in: transaction, besidesTenants: true) }
        try await transaction.run("UPDATE queues SET turn = $2 WHERE pool_id = $1", pool, turn)
        try await counts.write(in: transaction, besidesTenants: true)
    }

    private func nextTenant() async throws -> Tenant? {
        try await transaction.row(
            "SELECT tenant FROM tenants WHERE pool_id = $1 AND pending > 0 ORDER BY turn, tenant LIMIT 1",
            pool)?
            .value("tenant", as: Tenant.self)
    }

    private func head(of tenant: Tenant) async throws -> QueuedTask? {
        try await transaction.row(
            """
            SELECT * FROM tasks WHERE pool_id = $1 AND tenant = $2 AND state = 'pending'
            ORDER BY priority DESC, sequence LIMIT 1
            """, pool, tenant
        ).map(QueuedTask.init(row:))
    }

    /// The tenant's row changes with each task, since the next turn is decided by it.
    private mutating func serve(_ tenant: Tenant, isTurn: Bool, at now: Timestamp) async throws {
        if isTurn { turn += 1 }
        try await transaction.run(
            """
            UPDATE tenants SET pending = pending - 1, turn = coalesce($3, turn), served_at = coalesce($4, served_at)
            WHERE pool_id = $1 AND tenant = $2
            """, pool, tenant, isTurn ? turn : nil, isTurn ? now : nil)
    }
}
