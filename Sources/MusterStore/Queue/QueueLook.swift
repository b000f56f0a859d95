import MusterCore

/// A look at the heads of a pool's queue: as many tenants as there may be turns, and as many tasks of each as it
/// may have turns.
struct QueueLook {
    private let pool: PoolID
    private let wanted: Int
    private let order: QueueOrder
    private let limits: QueueLimits
    private let now: Timestamp
    private let transaction: any ReadTransaction

    init(
        _ pool: PoolID, wanted: Int, order: QueueOrder, limits: QueueLimits, at now: Timestamp,
        in transaction: any ReadTransaction
    ) {
        self.pool = pool
        self.wanted = wanted
        self.order = order
        self.limits = limits
        self.now = now
        self.transaction = transaction
    }

    /// What is seen, and the rows of the tasks that were looked at.
    func lanes() async throws -> (
        lanes: [ClaimTurns.Lane], ready: [ClaimTurns.Ready], rows: [Int64: Row]
    ) {
        var rows: [Int64: Row] = [:]
        let ready = try await limits.ready(at: now, in: transaction, &rows)
        let open = limits.lanes.filter { lane in
            lane.needs.allSatisfy { limits.rooms[$0].map { $0.free > 0 } ?? true }
        }
        let levels = order.isByPriority ? Priority.allCases.map(\.rank) : [0]
        let keys = open.flatMap { lane in
            levels.map { (QueueLane(limits: lane.limits, level: $0), lane.needs) }
        }
        guard !keys.isEmpty, wanted > 0 else { return ([], ready, rows) }
        let most = Self.rounded(wanted)
        let tenants = try await transaction.rows(
            """
            SELECT tenant, turn FROM tenants
            WHERE pool_id = $1 AND limit_set = $2 AND level = $3 AND pending > 0
            ORDER BY turn, tenant LIMIT \(most)
            """, forEach: keys.map { [pool, $0.0.limits.text, $0.0.level] })
        let places = zip(keys, tenants).flatMap { key, rows in rows.map { (key.0, $0) } }
        // Where there are more tenants than turns, each has one at most.
        let isCutOff = tenants.contains { $0.count == most }
        let each = isCutOff ? 1 : Self.rounded(wanted / max(1, places.count) + 1)
        var heads = try await heads(of: places, each: each)[...]
        var lanes: [ClaimTurns.Lane] = []
        for (key, tenants) in zip(keys, tenants) where !tenants.isEmpty {
            var seen: [QueuedTenant] = []
            for row in tenants {
                let tasks = heads.popFirst() ?? []
                for task in tasks { rows[try task.integer("sequence")] = task }
                seen.append(
                    QueuedTenant(
                        tenant: try row.value("tenant", as: Tenant.self), turn: try row.integer("turn"),
                        heads: try tasks.map { try QueueHead($0, at: now) }, isCutOff: tasks.count == each))
            }
            lanes.append(
                ClaimTurns.Lane(key.0, needs: key.1, tenants: seen, isCutOff: tenants.count == most))
        }
        return (lanes, ready, rows)
    }

    private func heads(of places: [(QueueLane, Row)], each: Int) async throws -> [[Row]] {
        try await transaction.rows(
            """
            SELECT * FROM tasks WHERE pool_id = $1 AND tenant = $2 AND limit_set = $3 AND state = 'pending'
                \(order.isByPriority ? "AND priority = $4" : "")
            ORDER BY priority DESC, sequence LIMIT \(each)
            """,
            forEach: places.map { lane, row in
                let key: [any SQLConvertible] = [pool, try row.text("tenant"), lane.limits.text]
                return order.isByPriority ? key + [lane.level] : key
            })
    }

    /// A bound stands in the statement itself: few different ones make few statements.
    private static func rounded(_ count: Int) -> Int {
        var bound = 1
        while bound < min(count, StorePolicy.tasksPerRound) { bound *= 2 }
        return bound
    }
}

extension QueueHead {
    init(_ row: Row, at now: Timestamp) throws {
        self.init(
            sequence: try row.integer("sequence"), priority: try row.int("priority"),
            bytes: try row.text("payload").utf8.count, submittedAt: try row.time("submitted_at"),
            isOverdue: try row.time("deadline_at") <= now)
    }
}
