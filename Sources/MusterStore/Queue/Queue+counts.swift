import MusterCore

/// How a pool's queue takes its turns.
struct QueueOrder {
    /// The number of the last turn.
    var turn: Int64
    /// Whether priority goes across tenants.
    var isByPriority: Bool

    /// The lane in which a task waits.
    func lane(of task: QueuedTask) -> QueueLane {
        QueueLane(limits: task.limits, level: isByPriority ? task.priority.rank : 0)
    }
}

extension ReadTransaction {
    /// How a pool's queue takes its turns.
    func queueOrder(of pool: PoolID) async throws -> QueueOrder {
        let row = try await row("SELECT turn, by_priority FROM queues WHERE pool_id = $1", pool)
        return QueueOrder(
            turn: try row?.integer("turn") ?? 0, isByPriority: try row?.flag("by_priority") ?? false)
    }
}

/// Changes of a queue's counters, gathered over a transaction and written once.
///
/// `tenants`, `tenant_counts` and `demand` say how many tasks wait; they change in the transaction that
/// changes the tasks, so that nobody ever has to count tasks.
struct PendingCounts {
    private struct Waiting: Hashable {
        let tenant: Tenant
        let limits: LimitSet
        let priority: Int
    }

    private struct Block: Hashable {
        let tenant: Tenant
        let priority: Int
        let block: Int64
    }

    private let pool: PoolID
    private var waiting: [Waiting: Int] = [:]
    private var blocks: [Block: Int] = [:]
    private var demand: [LimitSet: Int] = [:]

    init(_ pool: PoolID) { self.pool = pool }

    /// Counts a task as waiting (1) or no longer waiting (-1).
    mutating func add(_ count: Int, for task: QueuedTask) {
        let priority = task.priority.rank
        waiting[
            Waiting(tenant: task.tenant, limits: task.limits, priority: priority), default: 0] += count
        blocks[
            Block(tenant: task.tenant, priority: priority, block: task.sequence / StorePolicy.tasksPerBlock),
            default: 0] += count
        demand[task.limits, default: 0] += count
    }

    /// Writes the counters, in the order of their keys; `besidesTenants` when the tenants' own rows have been
    /// written already.
    func write(
        in transaction: any WriteTransaction, at now: Timestamp, besidesTenants: Bool = false
    ) async throws {
        guard !waiting.isEmpty else { return }
        if !besidesTenants { try await writeTenants(in: transaction, at: now) }
        let blocks = blocks.filter { $0.value != 0 }.sorted {
            ($0.key.tenant, $0.key.priority, $0.key.block) < ($1.key.tenant, $1.key.priority, $1.key.block)
        }
        if !blocks.isEmpty {
            try await transaction.change(
                .insert(
                    into: "tenant_counts", ["pool_id", "tenant", "priority", "block", "pending"],
                    onConflict: """
                        (pool_id, tenant, priority, block)
                            DO UPDATE SET pending = tenant_counts.pending + excluded.pending
                        """),
                blocks.map { [pool, $0.key.tenant, $0.key.priority, $0.key.block, $0.value] })
        }
        let demand = demand.filter { $0.value != 0 }.sorted { $0.key.text < $1.key.text }
        if !demand.isEmpty {
            try await transaction.change(
                .insert(
                    into: "demand", ["pool_id", "limit_set", "pending"],
                    onConflict:
                        "(pool_id, limit_set) DO UPDATE SET pending = demand.pending + excluded.pending"),
                demand.map { [pool, $0.key.text, $0.value] })
        }
        transaction.signal(.pool(pool))
        if waiting.values.contains(where: { $0 > 0 }) { transaction.signal(.queue(pool)) }
    }

    private func writeTenants(in transaction: any WriteTransaction, at now: Timestamp) async throws {
        let order = try await transaction.queueOrder(of: pool)
        var lanes: [Tenant: [QueueLane: Int]] = [:]
        for (key, count) in waiting where count != 0 {
            let lane = QueueLane(limits: key.limits, level: order.isByPriority ? key.priority : 0)
            lanes[key.tenant, default: [:]][lane, default: 0] += count
        }
        let tenants = lanes.keys.sorted()
        guard !tenants.isEmpty else { return }
        // A tenant's turn is the same in all its lanes.
        let turns = try await transaction.rows(
            "SELECT max(turn) AS turn FROM tenants WHERE pool_id = $1 AND tenant = $2",
            forEach: tenants.map { [pool, $0] })
        var values: [[any SQLConvertible]] = []
        for (tenant, turn) in zip(tenants, turns) {
            let turn = try turn.first?.optionalInteger("turn") ?? 0
            let ordered = (lanes[tenant] ?? [:]).sorted {
                ($0.key.limits.text, $0.key.level) < ($1.key.limits.text, $1.key.level)
            }
            for (lane, count) in ordered where count != 0 {
                values.append([pool, tenant, lane.limits.text, lane.level, turn, count, now])
            }
        }
        guard !values.isEmpty else { return }
        try await transaction.change(
            .insert(
                into: "tenants",
                ["pool_id", "tenant", "limit_set", "level", "turn", "pending", "active_at"],
                onConflict: """
                    (pool_id, tenant, limit_set, level) DO UPDATE SET
                        pending = tenants.pending + excluded.pending, active_at = excluded.active_at
                    """), values)
    }
}
