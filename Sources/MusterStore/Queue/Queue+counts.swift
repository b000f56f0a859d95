import MusterCore

/// Changes of the queue's counters, gathered over a transaction and written once.
///
/// `tenants`, `tenant_counts` and `demand` say how many tasks wait; they change in the transaction that
/// changes the tasks, so that nobody ever has to count tasks.
struct PendingCounts {
    private struct Key: Hashable {
        let tenant: Tenant
        let priority: Int
    }

    private let pool: PoolID
    private var changes: [Key: Int] = [:]

    init(_ pool: PoolID) { self.pool = pool }

    /// Counts a task as waiting (1) or no longer waiting (-1).
    mutating func add(_ count: Int, for task: QueuedTask) {
        changes[Key(tenant: task.tenant, priority: task.priority.rank), default: 0] += count
    }

    /// Writes the counters, in the order of their keys; `besidesTenants` when the tenants' own rows have been
    /// written already.
    func write(in transaction: any WriteTransaction, besidesTenants: Bool = false) async throws {
        var total = 0
        var byTenant: [Tenant: Int] = [:]
        for (key, count) in changes.sorted(by: {
            ($0.key.tenant, $0.key.priority) < ($1.key.tenant, $1.key.priority)
        })
        where count != 0 {
            total += count
            byTenant[key.tenant, default: 0] += count
            try await transaction.run(
                """
                INSERT INTO tenant_counts (pool_id, tenant, priority, limit_set, pending) VALUES ($1, $2, $3, '', $4)
                ON CONFLICT (pool_id, tenant, priority, limit_set)
                    DO UPDATE SET pending = tenant_counts.pending + excluded.pending
                """, pool, key.tenant, key.priority, count)
        }
        for (tenant, count) in byTenant.sorted(by: { $0.key < $1.key }) where count != 0 && !besidesTenants {
            try await transaction.run(
                """
                INSERT INTO tenants (pool_id, tenant, turn, pending) VALUES ($1, $2, 0, $3)
                ON CONFLICT (pool_id, tenant) DO UPDATE SET pending = tenants.pending + excluded.pending
                """, pool, tenant, count)
        }
        if total != 0 {
            try await transaction.run(
                """
                INSERT INTO demand (pool_id, limit_set, pending) VALUES ($1, '', $2)
                ON CONFLICT (pool_id, limit_set) DO UPDATE SET pending = demand.pending + excluded.pending
                """, pool, total)
        }
        if !changes.isEmpty { transaction.signal(.pool(pool)) }
        if changes.values.contains(where: { $0 > 0 }) { transaction.signal(.queue(pool)) }
    }
}
