public import MusterCore

/// Where a pending task stands.
public struct QueuePlaces: Hashable, Sendable {
    /// Among the pending tasks of its tenant, from 1. Changes only by the tenant's own acts.
    public var inTenantQueue: Int
    /// Its turn among all pending tasks of the pool, from 1, if nothing else comes.
    public var inQueue: Int

    /// Names both places.
    public init(inTenantQueue: Int, inQueue: Int) {
        self.inTenantQueue = inTenantQueue
        self.inQueue = inQueue
    }
}

extension ReadTransaction {
    /// The places of a task; nil when it is not pending.
    ///
    /// From counts, without sorting the queue: the tasks ahead within the tenant's own priority are counted
    /// on their index, everything else comes from counters, O(tenants).
    public func places(of task: QueuedTask) async throws -> QueuePlaces? {
        guard task.state == .pending else { return nil }
        let own = try await row(
            """
            SELECT
                (SELECT coalesce(sum(pending), 0) FROM tenant_counts
                    WHERE pool_id = $1 AND tenant = $2 AND priority > $3)
                + (SELECT count(*) FROM tasks WHERE pool_id = $1 AND tenant = $2 AND state = 'pending'
                    AND priority = $3 AND sequence <= (SELECT sequence FROM tasks WHERE id = $4)) AS place
            """, task.poolID, task.tenant, task.priority.rank, task.id)
        guard let place = try own?.int("place") else { return nil }
        // Turn r of this tenant comes after r − 1 turns of everybody, and after the r-th of those whose turn
        // is before its own.
        let others = try await row(
            """
            SELECT coalesce(sum(CASE WHEN t.pending < $3 THEN t.pending ELSE $3 - 1 END), 0)
                + coalesce(sum(CASE WHEN t.pending >= $3 AND (t.turn, t.tenant) < (m.turn, m.tenant)
                    THEN 1 ELSE 0 END), 0) AS ahead
            FROM tenants AS t, tenants AS m
            WHERE t.pool_id = $1 AND t.pending > 0 AND t.tenant <> $2 AND m.pool_id = $1 AND m.tenant = $2
            """, task.poolID, task.tenant, place)
        return QueuePlaces(inTenantQueue: place, inQueue: place + (try others?.int("ahead") ?? 0))
    }
}
