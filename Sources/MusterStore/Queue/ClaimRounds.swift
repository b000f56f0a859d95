import MusterCore

/// Hands out the tasks of one pool within one transaction: looks at the heads of the queue, decides, writes, and
/// looks again if what it saw was not enough.
///
/// The pool's row in `queues` says with which number the turns go on; it is written last.
struct ClaimRounds {
    /// A worker that waits.
    struct Waiting {
        let holder: TaskHolder
        let room: ClaimTurns.Room
    }

    /// Whether there may be more.
    private(set) var asksAgain = false

    private let pool: PoolID
    private let transaction: any WriteTransaction
    private let end: Timestamp
    private let now: Timestamp
    private let firstTurn: Int64
    private var order: QueueOrder
    private var limits: QueueLimits
    private var counts: PendingCounts
    private var events: [Event] = []
    private var overdue = 0

    init(
        _ pool: PoolID, until end: Timestamp, at now: Timestamp, in transaction: any WriteTransaction
    ) async throws {
        self.pool = pool
        self.transaction = transaction
        self.end = end
        self.now = now
        order = try await transaction.queueOrder(of: pool)
        firstTurn = order.turn
        limits = try await QueueLimits(of: pool, at: now, in: transaction)
        counts = PendingCounts(pool)
    }

    /// One round; what was claimed, and the place of the worker that got it.
    mutating func next(for workers: [Waiting]) async throws -> [(QueuedTask, worker: Int)] {
        asksAgain = false
        let wanted = min(workers.reduce(0) { $0 + $1.room.tasks }, StorePolicy.tasksPerRound)
        let look = QueueLook(pool, wanted: wanted, order: order, limits: limits, at: now, in: transaction)
        let (lanes, ready, rows) = try await look.lanes()
        guard !lanes.isEmpty || !ready.isEmpty else { return [] }
        let turns = ClaimTurns(
            lanes: lanes, ready: ready, limits: limits.rooms, rooms: workers.map(\.room), turn: order.turn,
            overdueLimit: StorePolicy.overduePerClaim - overdue)
        limits.rooms = turns.limits
        order.turn = turns.turn
        asksAgain = turns.asksAgain

        var claimed: [(QueuedTask, worker: Int)] = []
        for choice in turns.choices {
            guard let row = rows[choice.sequence] else { continue }
            var task = try QueuedTask(row: row)
            let holdsSlots = limits.take(for: task)
            guard task.claim(by: workers[choice.worker].holder, until: end, at: now) else { continue }
            task.holdsSlots = holdsSlots
            claimed.append((task, choice.worker))
        }
        try await write(claimed.map(\.0), turns)
        let late = try await passDeadlines(of: turns.overdue, rows)
        try await correct(turns.mistakes)
        if !claimed.isEmpty, end - now <= QueuePolicy.deadlineLook { transaction.signal(.deadlines) }
        overdue += late
        if overdue >= StorePolicy.overduePerClaim {
            // The rest is left to the next transaction.
            asksAgain = false
            transaction.signal(.queue(pool))
        }
        // Whatever may be behind what was seen, something must have changed to see more.
        if claimed.isEmpty, late == 0, turns.mistakes.isEmpty { asksAgain = false }
        return claimed
    }

    /// Writes what all rounds changed together.
    func finish() async throws {
        if order.turn != firstTurn {
            try await transaction.change(
                .insert(
                    into: "queues", ["pool_id", "turn"],
                    onConflict: "(pool_id) DO UPDATE SET turn = excluded.turn"), [[pool, order.turn]])
        }
        try await counts.write(in: transaction, at: now, besidesTenants: true)
        try await limits.write(in: transaction, at: now)
        // Somebody notices when slots come back with time.
        if limits.awaitsTokens { transaction.signal(.slots) }
        try await transaction.publish(events)
    }

    private mutating func write(_ tasks: [QueuedTask], _ turns: ClaimTurns) async throws {
        guard !tasks.isEmpty else { return }
        var rows: [[any SQLConvertible]] = []
        var taken: [Place: Int] = [:]
        for task in tasks {
            counts.add(-1, for: task)
            events.append(task.event(.taskClaimed, at: now))
            rows.append([
                task.sequence, task.state.rawValue, task.holder?.group, task.holder?.workerID,
                task.startedAt, task.takenUntil, task.holdsSlots,
                SQLValue.null,
            ])
            taken[Place(tenant: task.tenant, lane: order.lane(of: task)), default: 0] += 1
        }
        try await transaction.change(
            .update(
                "tasks", where: ["sequence"],
                [
                    .set("state"), .set("worker_group"), .set("worker_id"), .set("started_at"),
                    .set("taken_until"), .set("holds_slots"), .set("reserved_at"),
                ]), rows.sorted { Self.sequence($0) < Self.sequence($1) })
        let last = Dictionary(turns.choices.map { ($0.tenant, $0.turn) }, uniquingKeysWith: { max($0, $1) })
        try await transaction.change(
            .update(
                "tenants", where: ["pool_id", "tenant", "limit_set", "level"],
                [.set("turn"), .add("pending"), .set("active_at")]),
            taken.sorted { $0.key < $1.key }.map { place, count in
                [
                    pool, place.tenant, place.lane.limits.text, place.lane.level, last[place.tenant],
                    -count, now,
                ]
            })
        guard limits.hasLanes || order.isByPriority else { return }
        // A tenant's turn is the same in all its lanes.
        try await transaction.change(
            .update("tenants", where: ["pool_id", "tenant"], [.set("turn")]),
            last.sorted { $0.key < $1.key }.map { [pool, $0.key, $0.value] })
    }

    private static func sequence(_ row: [any SQLConvertible]) -> Int64 {
        if case .integer(let number) = row.first?.sqlValue { number } else { 0 }
    }

    /// Resolves tasks whose deadline has passed; how many. None of them is a turn.
    private mutating func passDeadlines(of sequences: [Int64], _ rows: [Int64: Row]) async throws -> Int {
        guard !sequences.isEmpty else { return 0 }
        var changes = TaskChanges(at: now)
        for sequence in sequences {
            guard let task = try rows[sequence].map(QueuedTask.init(row:)) else { continue }
            let now = now
            _ = changes.withdraw(task) { $0.passDeadline(at: now) }
        }
        try await changes.write(in: transaction)
        return sequences.count
    }

    /// Sets right tenants whose counters say that tasks wait where none does: they must not keep the others
    /// from their turns. Nothing is known to cause it.
    private func correct(_ mistakes: [ClaimTurns.Mistake]) async throws {
        for mistake in Set(mistakes) {
            try await transaction.run(
                """
                UPDATE tenants SET pending = 0
                WHERE pool_id = $1 AND tenant = $2 AND limit_set = $3 AND level = $4
                """, pool, mistake.tenant, mistake.lane.limits.text, mistake.lane.level)
            try await transaction.run(
                """
                DELETE FROM tenant_counts WHERE pool_id = $1 AND tenant = $2 AND NOT EXISTS (
                    SELECT 1 FROM tenants AS t WHERE t.pool_id = $1 AND t.tenant = $2 AND t.pending > 0)
                """, pool, mistake.tenant)
            try await transaction.run(
                """
                UPDATE demand SET pending = (SELECT coalesce(sum(pending), 0) FROM tenants
                    WHERE pool_id = $1 AND limit_set = $2)
                WHERE pool_id = $1 AND limit_set = $2
                """, pool, mistake.lane.limits.text)
        }
    }

    /// A tenant's row in a lane.
    private struct Place: Hashable, Comparable {
        let tenant: Tenant
        let lane: QueueLane

        static func < (left: Place, right: Place) -> Bool {
            (left.tenant, left.lane.limits.text, left.lane.level)
                < (right.tenant, right.lane.limits.text, right.lane.level)
        }
    }
}
