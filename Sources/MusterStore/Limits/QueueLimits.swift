import MusterCore

/// What limits leave to the tasks of one pool within one transaction.
struct QueueLimits {
    /// A part of the queue and the limits of which each of its tasks takes a slot.
    struct Lane {
        let limits: LimitSet
        let needs: [LimitID]
    }

    /// The lanes in which tasks wait.
    let lanes: [Lane]
    /// Whether a tenant may have tasks in more than one lane.
    let hasLanes: Bool
    /// What is left of each limit that a lane needs.
    var rooms: [LimitID: LimitRoom] = [:]

    private let pool: PoolID
    private let ofPool: LimitID?
    private let now: Timestamp
    private var usages: [LimitID: LimitUsage] = [:]
    private var line: LimitLine?
    private var waiters: [LimitWaiter] = []
    private var holders: [[any SQLConvertible]] = []
    private var spent: [LimitID: Int] = [:]
    private var served: [Int64] = []

    init(of pool: PoolID, at now: Timestamp, in transaction: any WriteTransaction) async throws {
        self.pool = pool
        self.now = now
        ofPool = try await transaction.limitID(of: pool)
        let demand = try await transaction.rows(
            "SELECT limit_set, pending FROM demand WHERE pool_id = $1", pool)
        let ofPool = ofPool
        lanes = try demand.filter { try $0.int("pending") > 0 }.map {
            let limits = LimitSet(text: try $0.text("limit_set"))
            return Lane(limits: limits, needs: limits.needs(ofPool: ofPool))
        }
        hasLanes = demand.count > 1
        let needed = Set(lanes.flatMap(\.needs))
        guard !needed.isEmpty else { return }
        try await transaction.lock(limits: Set(needed.map(\.rawValue)))
        usages = try await transaction.usages(of: needed, at: now)
        waiters = try await transaction.limitWaiters(at: now)
        let line = try await transaction.limitLine(waiters, usages: usages, at: now)
        self.line = line
        for (id, usage) in usages {
            rooms[id] = LimitRoom(free: usage.free(at: now), kept: line.kept[id] ?? [])
        }
    }

    /// The pool's tasks that have reserved and can have all their limits now, in the order of reservation; their
    /// rows are added to `rows`.
    func ready(
        at now: Timestamp, in transaction: any ReadTransaction, _ rows: inout [Int64: Row]
    ) async throws -> [ClaimTurns.Ready] {
        let tasks = (line?.ready ?? []).filter { $0.poolID == pool }.compactMap(\.task)
            .filter { !served.contains($0) }
        guard !tasks.isEmpty else { return [] }
        let found = try await transaction.rows(
            "SELECT * FROM tasks WHERE sequence = $1 AND state = 'pending'", forEach: tasks.map { [$0] })
        var ready: [ClaimTurns.Ready] = []
        for row in found.compactMap(\.first) {
            let head = try QueueHead(row, at: now)
            let needs = LimitSet(text: try row.text("limit_set")).needs(ofPool: ofPool)
            guard !head.isOverdue, needs.allSatisfy({ rooms[$0].map { $0.free > 0 } ?? true }) else {
                continue
            }
            rows[head.sequence] = row
            ready.append(
                ClaimTurns.Ready(
                    tenant: try row.value("tenant", as: Tenant.self), head: head, needs: needs))
        }
        return ready
    }

    /// Whether tasks wait for slots that come back with time.
    var awaitsTokens: Bool { usages.values.contains { $0.limit.rate != nil } }

    /// Notes that a task takes a slot of each limit that it needs; whether it holds any that it gives back.
    mutating func take(for task: QueuedTask) -> Bool {
        if task.reservedAt != nil { served.append(task.sequence) }
        var holds = false
        for id in task.limits.needs(ofPool: ofPool) {
            guard let usage = usages[id] else { continue }
            if usage.limit.rate == nil {
                holds = true
                holders.append([id, task.run.holderName, 1, now, SQLValue.null])
            } else {
                spent[id, default: 0] += 1
            }
        }
        return holds
    }

    /// Writes who holds what.
    func write(in transaction: any WriteTransaction, at now: Timestamp) async throws {
        try await transaction.insertHolders(holders)
        try await transaction.saveTokens(
            of: spent.compactMap { id, count in
                guard var limit = usages[id]?.limit else { return nil }
                limit.spend(count, at: now)
                return limit
            })
        if !served.isEmpty {
            for task in served {
                try await transaction.run("DELETE FROM limit_waiters WHERE task = $1", task)
            }
        }
        try await reserve(in: transaction)
    }

    /// Lets the next task of each lane that several limits keep missing reserve, once it has waited for long.
    private func reserve(in transaction: any WriteTransaction) async throws {
        for lane in lanes where lane.needs.count > 1 {
            let isFree = lane.needs.map { rooms[$0].map { $0.free > 0 } ?? true }
            guard isFree.contains(false), isFree.contains(true),
                let task = try await transaction.nextTask(of: pool, in: lane.limits),
                task.reservedAt == nil, now - task.submittedAt >= LimitPolicy.patience,
                !waiters.contains(where: { $0.poolID == pool && $0.limits == lane.needs })
            else { continue }
            try await transaction.run(
                """
                INSERT INTO limit_waiters (holder, limit_set, slots, asked_at, pool_id, task)
                VALUES ($1, $2, 1, $3, $4, $5)
                """, task.holderName, LimitSet(needing: lane.needs).text, now, pool, task.sequence)
            try await transaction.run(
                "UPDATE tasks SET reserved_at = $2 WHERE sequence = $1", task.sequence, now)
        }
    }
}

extension ReadTransaction {
    /// The task of a lane that would be next: the first of the tenant whose turn it is.
    func nextTask(of pool: PoolID, in limits: LimitSet) async throws -> QueuedTask? {
        let tenant = try await row(
            """
            SELECT tenant FROM tenants WHERE pool_id = $1 AND limit_set = $2 AND pending > 0
            ORDER BY level DESC, turn, tenant LIMIT 1
            """, pool, limits.text)
        guard let tenant else { return nil }
        return try await row(
            """
            SELECT * FROM tasks WHERE pool_id = $1 AND tenant = $2 AND limit_set = $3 AND state = 'pending'
            ORDER BY priority DESC, sequence LIMIT 1
            """, pool, try tenant.text("tenant"), limits.text
        ).map(QueuedTask.init(row:))
    }
}

extension WriteTransaction {
    /// Writes down who holds slots; who holds some of a limit already goes on to hold them.
    func insertHolders(_ holders: [[any SQLConvertible]]) async throws {
        guard !holders.isEmpty else { return }
        try await change(
            .insert(
                into: "limit_holders", ["limit_id", "holder", "slots", "acquired_at", "expires_at"],
                onConflict: "(limit_id, holder) DO NOTHING"), holders)
    }

    /// Gives back whatever holders hold; what of it was there no more changes nothing.
    func releaseHolders(_ holders: [String]) async throws {
        guard !holders.isEmpty else { return }
        let held = try await rows(
            "SELECT limit_id FROM limit_holders WHERE holder = $1", forEach: holders.map { [$0] })
        for (holder, rows) in zip(holders, held) where !rows.isEmpty {
            try await run("DELETE FROM limit_holders WHERE holder = $1", holder)
            for row in rows { signal(.limit(try row.value("limit_id", as: LimitID.self))) }
        }
    }
}
