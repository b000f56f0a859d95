import MusterCore

/// How many tasks wait, as the three tables of the queue's counters say it or as the tasks do.
struct QueueCounters {
    fileprivate struct Pool: Hashable {
        let id: PoolID
        let limits: LimitSet
    }

    fileprivate struct Owner: Hashable {
        let pool: PoolID
        let tenant: Tenant
        let lane: QueueLane
    }

    fileprivate struct Block: Hashable {
        let pool: PoolID
        let tenant: Tenant
        let priority: Int
        let block: Int64
    }

    private var demand: [Pool: Int] = [:]
    private var tenants: [Owner: Int] = [:]
    private var blocks: [Block: Int] = [:]

    /// What the counters say.
    private static func stored(in transaction: any ReadTransaction) async throws -> QueueCounters {
        var counters = QueueCounters()
        for row in try await transaction.rows("SELECT * FROM demand") {
            let pool = Pool(
                id: try row.value("pool_id", as: PoolID.self),
                limits: LimitSet(text: try row.text("limit_set")))
            counters.demand[pool] = try row.int("pending")
        }
        for row in try await transaction.rows("SELECT * FROM tenants") {
            counters.tenants[try Owner(row)] = try row.int("pending")
        }
        for row in try await transaction.rows("SELECT * FROM tenant_counts") {
            counters.blocks[try Block(row)] = try row.int("pending")
        }
        return counters
    }

    /// What the tasks say: a full recount.
    private static func counted(in transaction: any ReadTransaction) async throws -> QueueCounters {
        var counters = QueueCounters()
        let rows = try await transaction.rows(
            """
            SELECT pool_id, tenant, limit_set, priority, block, count(*) AS pending,
                coalesce((SELECT by_priority FROM queues AS q WHERE q.pool_id = w.pool_id), 0) AS by_priority
            FROM (
                SELECT pool_id, tenant, limit_set, priority, sequence / \(StorePolicy.tasksPerBlock) AS block
                FROM tasks WHERE state = 'pending'
            ) AS w
            GROUP BY pool_id, tenant, limit_set, priority, block
            """)
        for row in rows {
            let block = try Block(row)
            let pending = try row.int("pending")
            let limits = LimitSet(text: try row.text("limit_set"))
            let level = try row.flag("by_priority") ? block.priority : 0
            let owner = Owner(
                pool: block.pool, tenant: block.tenant, lane: QueueLane(limits: limits, level: level))
            counters.blocks[block, default: 0] += pending
            counters.tenants[owner, default: 0] += pending
            counters.demand[Pool(id: block.pool, limits: limits), default: 0] += pending
        }
        return counters
    }

    /// What differs, in the order of the names.
    static func differences(in transaction: any ReadTransaction) async throws -> [CounterDifference] {
        try await comparison(in: transaction).all
    }

    /// Sets the counters to what the tasks say, turns aside; what differed.
    static func mend(
        in transaction: any WriteTransaction, at now: Timestamp
    ) async throws -> [CounterDifference] {
        let found = try await comparison(in: transaction)
        let counted = found.counted
        try await transaction.change(
            .insert(
                into: "demand", ["pool_id", "limit_set", "pending"],
                onConflict: "(pool_id, limit_set) DO UPDATE SET pending = excluded.pending"),
            found.demand.map { [$0.0.id, $0.0.limits.text, counted.demand[$0.0] ?? 0] })
        let turns = try await transaction.rows(
            "SELECT coalesce(max(turn), 0) AS turn FROM tenants WHERE pool_id = $1 AND tenant = $2",
            forEach: found.tenants.map { [$0.0.pool, $0.0.tenant] })
        try await transaction.change(
            .insert(
                into: "tenants",
                ["pool_id", "tenant", "limit_set", "level", "turn", "pending", "active_at"],
                onConflict:
                    "(pool_id, tenant, limit_set, level) DO UPDATE SET pending = excluded.pending"),
            try zip(found.tenants, turns).map { owner, turn in
                [
                    owner.0.pool, owner.0.tenant, owner.0.lane.limits.text, owner.0.lane.level,
                    try turn.first?.integer("turn") ?? 0, counted.tenants[owner.0] ?? 0, now,
                ]
            })
        try await transaction.change(
            .insert(
                into: "tenant_counts", ["pool_id", "tenant", "priority", "block", "pending"],
                onConflict: "(pool_id, tenant, priority, block) DO UPDATE SET pending = excluded.pending"),
            found.blocks.map { block, _ in
                [block.pool, block.tenant, block.priority, block.block, counted.blocks[block] ?? 0]
            })
        return found.all
    }

    private struct Comparison {
        let counted: QueueCounters
        let demand: [(Pool, CounterDifference)]
        let tenants: [(Owner, CounterDifference)]
        let blocks: [(Block, CounterDifference)]

        var all: [CounterDifference] { demand.map(\.1) + tenants.map(\.1) + blocks.map(\.1) }
    }

    private static func comparison(in transaction: any ReadTransaction) async throws -> Comparison {
        let stored = try await stored(in: transaction)
        let counted = try await counted(in: transaction)
        return Comparison(
            counted: counted,
            demand: differing(stored.demand, counted.demand) { pool, stored, counted in
                CounterDifference(
                    .demand, pool.id, "waiting tasks" + subject(pool.limits), stored: stored, counted: counted
                )
            },
            tenants: differing(stored.tenants, counted.tenants) { owner, stored, counted in
                let level =
                    owner.lane.level > 0 ? ", priority \(Priority(rank: owner.lane.level).rawValue)" : ""
                return CounterDifference(
                    .tenants, owner.pool, "tenant \(owner.tenant)\(level)\(subject(owner.lane.limits))",
                    stored: stored, counted: counted)
            },
            blocks: differing(stored.blocks, counted.blocks) { block, stored, counted in
                CounterDifference(
                    .tenantCounts, block.pool,
                    "tenant \(block.tenant), priority \(Priority(rank: block.priority).rawValue), block \(block.block)",
                    stored: stored, counted: counted)
            })
    }

    private static func subject(_ limits: LimitSet) -> String {
        limits.isEmpty ? "" : ", limits \(limits.text)"
    }

    private static func differing<Key: Hashable>(
        _ stored: [Key: Int], _ counted: [Key: Int], _ difference: (Key, Int, Int) -> CounterDifference
    ) -> [(Key, CounterDifference)] {
        Set(stored.keys).union(counted.keys)
            .filter { (stored[$0] ?? 0) != (counted[$0] ?? 0) }
            .map { ($0, difference($0, stored[$0] ?? 0, counted[$0] ?? 0)) }
            .sorted { ($0.1.workerPoolId, $0.1.subject) < ($1.1.workerPoolId, $1.1.subject) }
    }
}

extension QueueCounters.Owner {
    fileprivate init(_ row: Row) throws {
        self.init(
            pool: try row.value("pool_id", as: PoolID.self), tenant: try row.value("tenant", as: Tenant.self),
            lane: QueueLane(limits: LimitSet(text: try row.text("limit_set")), level: try row.int("level")))
    }
}

extension QueueCounters.Block {
    fileprivate init(_ row: Row) throws {
        self.init(
            pool: try row.value("pool_id", as: PoolID.self), tenant: try row.value("tenant", as: Tenant.self),
            priority: try row.int("priority"), block: try row.integer("block"))
    }
}
