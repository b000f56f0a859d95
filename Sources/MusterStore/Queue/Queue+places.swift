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
    /// From counts, without sorting the queue: what lies before the task in its tenant's queue is a sum over
    /// blocks of sequence numbers and a count within its own block; everything else comes from counters,
    /// O(tenants). Limits are passed over: they hold back, but change no turn.
    public func places(of id: TaskID) async throws -> QueuePlaces? {
        guard let task = try await task(id), task.state == .pending else { return nil }
        let order = try await queueOrder(of: task.poolID)
        let (higher, before) = try await tasksBefore(task)
        let inTenantQueue = higher + before + 1
        // Its place among those with which its tenant's turns are shared.
        let place = order.isByPriority ? before + 1 : inTenantQueue
        let level = order.lane(of: task).level
        // Turn r of this tenant comes after r − 1 turns of everybody, and after the r-th of those whose turn is
        // before its own. Where priority goes across tenants, all that is above comes first, and moves those that
        // it serves behind the others: level after level, those with more turns there end up later.
        let levels = order.isByPriority ? Array(level + 1..<Priority.allCases.count) : []
        let sums = levels.map { ", sum(CASE WHEN level = \($0) THEN pending ELSE 0 END) AS above\($0)" }
            .joined()
        let key = (levels.map { "above\($0)" } + ["turn", "tenant"])
        let theirs = key.map { "t.\($0)" }.joined(separator: ", ")
        let own = key.map { "m.\($0)" }.joined(separator: ", ")
        let columns = """
            tenant, max(turn) AS turn, sum(CASE WHEN level = $3 THEN pending ELSE 0 END) AS pending,
                sum(CASE WHEN level > $3 THEN pending ELSE 0 END) AS above\(sums)
            """
        // One look at the tenants, whichever of the two an engine goes through first.
        let others = try await row(
            """
            WITH waiting AS (
                SELECT \(columns) FROM tenants WHERE pool_id = $1 AND pending > 0 GROUP BY tenant
            ), mine AS MATERIALIZED (
                SELECT \(columns) FROM tenants WHERE pool_id = $1 AND tenant = $2 AND pending > 0 GROUP BY tenant
            )
            SELECT coalesce(sum(t.above), 0) AS above,
                coalesce(sum(CASE WHEN t.tenant = $2 THEN 0 WHEN t.pending < $4 THEN t.pending ELSE $4 - 1 END), 0)
                + coalesce(sum(CASE WHEN t.tenant <> $2 AND t.pending >= $4 AND (\(theirs)) < (\(own))
                    THEN 1 ELSE 0 END), 0) AS ahead
            FROM waiting AS t, mine AS m
            """, task.poolID, task.tenant, level, place)
        let turnsBefore = (try others?.int("above") ?? 0) + (try others?.int("ahead") ?? 0)
        return QueuePlaces(inTenantQueue: inTenantQueue, inQueue: place + turnsBefore)
    }

    /// How many of its tenant's tasks come before a task: those of higher priorities, and those of its own.
    private func tasksBefore(_ task: QueuedTask) async throws -> (higher: Int, same: Int) {
        let block = task.sequence / StorePolicy.tasksPerBlock
        let counted = try await row(
            """
            SELECT coalesce(sum(CASE WHEN priority > $3 THEN pending ELSE 0 END), 0) AS higher,
                coalesce(sum(CASE WHEN priority = $3 AND block < $4 THEN pending ELSE 0 END), 0) AS same
            FROM tenant_counts WHERE pool_id = $1 AND tenant = $2
            """, task.poolID, task.tenant, task.priority.rank, block)
        // The index has the tasks of each lane in their order.
        let lanes = try await rows(
            "SELECT DISTINCT limit_set FROM tenants WHERE pool_id = $1 AND tenant = $2 AND pending > 0",
            task.poolID, task.tenant)
        let within = try await rows(
            """
            SELECT count(*) AS count FROM tasks
            WHERE pool_id = $1 AND tenant = $2 AND limit_set = $3 AND state = 'pending' AND priority = $4
                AND sequence >= $5 AND sequence < $6
            """,
            forEach: lanes.map {
                [
                    task.poolID, task.tenant, try $0.text("limit_set"), task.priority.rank,
                    block * StorePolicy.tasksPerBlock, task.sequence,
                ]
            })
        let near = try within.reduce(0) { try $0 + ($1.first?.int("count") ?? 0) }
        return (try counted?.int("higher") ?? 0, (try counted?.int("same") ?? 0) + near)
    }
}
