public import MusterCore

/// Somebody who wants slots for work that is no task.
public struct SlotRequest: Hashable, Sendable {
    /// The name under which it holds them; whoever asks again with it gets no second time.
    public var holder: String
    /// The limits: all or none.
    public var limits: [LimitID]
    /// How many of each.
    public var slots: Int
    /// How long they are held unless the holder renews.
    public var lease: Duration
    /// Whether it keeps a place in the line of those who wait.
    public var waits: Bool

    /// Makes a request.
    public init(holder: String, limits: [LimitID], slots: Int, lease: Duration, waits: Bool) {
        self.holder = holder
        self.limits = limits.sorted()
        self.slots = slots
        self.lease = lease
        self.waits = waits
    }
}

/// What somebody who wants slots is told.
public enum SlotReply: Hashable, Sendable {
    /// It has them, until a moment; nil for slots that come back with time, which nobody holds.
    case acquired(until: Timestamp?)
    /// It waits, with so many before it.
    case waiting(ahead: Int)
    /// Slots are free, and are left to tasks that asked before it.
    case yielding
}

extension WriteTransaction {
    /// Takes slots for work that is no task, all or none, or a place in the line of those who wait for them.
    ///
    /// Idempotent by holder: who has them gets the answer again, and holds them longer.
    /// - Parameter overtaking: whether tasks that asked before are passed over: their workers do not come.
    /// - Throws: `Problem` `limit-not-found`, `conflict` when the holder holds other slots, `input-invalid` for
    ///   more slots than there will ever be.
    public func acquire(
        _ request: SlotRequest, overtaking: Bool, at now: Timestamp
    ) async throws -> SlotReply {
        try await lock(limits: Set(request.limits.map(\.rawValue)))
        let usages = try await self.usages(of: request.limits, at: now)
        for id in request.limits {
            guard let usage = usages[id] else {
                throw Problem(.limitNotFound, "a concurrency limit has been deleted", field: "limits")
            }
            // One that is switched off holds nobody back.
            guard request.slots <= usage.limit.slots || !usage.limit.isActive else {
                throw Problem(
                    .inputInvalid,
                    "is \(request.slots), and the concurrency limit \(usage.limit.name) has \(usage.limit.slots)",
                    field: "slots")
            }
        }
        if let end = try await renewed(request, usages, at: now) {
            try await leaveLine(request.holder)
            return .acquired(until: end)
        }
        let waiters = try await limitWaiters(at: now)
        let place = waiters.first { $0.holder == request.holder }
        let before = waiters.filter { $0.sequence < place?.sequence ?? .max }
        let line = try await limitLine(before, usages: usages, at: now)
        let isFree = request.limits.allSatisfy { line.left[$0, default: .max] >= request.slots }
        if isFree {
            let askedAt = place?.askedAt ?? now
            var isTaken = false
            if !overtaking { isTaken = try await isAwaitedByTasks(request.limits, since: askedAt) }
            if !isTaken { return try await take(request, usages, at: now) }
        }
        try await standInLine(request, at: now)
        let overlapping = before.filter { !Set($0.limits).isDisjoint(with: request.limits) }
        return isFree ? .yielding : .waiting(ahead: overlapping.count)
    }

    /// Prolongs what a holder holds; when it ends now.
    ///
    /// - Throws: `Problem` `slot-lost` when it holds nothing any more.
    public func renewSlots(of holder: String, lease: Duration, at now: Timestamp) async throws -> Timestamp {
        let count = try await run(
            """
            UPDATE limit_holders SET expires_at = CASE WHEN expires_at > $2 THEN expires_at ELSE $2 END
            WHERE holder = $1 AND expires_at > $3
            """, holder, now + lease, now)
        guard count > 0 else {
            throw Problem(
                .slotLost,
                "\(JSONText.quoted(holder)) holds no slots any more: stop the work, or acquire again")
        }
        return now + lease
    }

    /// Gives back what a holder holds, and its place in the line; a repeat changes nothing.
    ///
    /// - Returns: of how many limits it held slots.
    public func releaseSlots(of holder: String, at now: Timestamp) async throws -> Int {
        try await leaveLine(holder)
        let held = try await rows("SELECT limit_id FROM limit_holders WHERE holder = $1", holder)
        try await releaseHolders([holder])
        return held.count
    }

    /// Ends holders and waiters whose time has passed; how many, at most `limit` of each.
    public func expireSlots(by now: Timestamp, limit: Int) async throws -> Int {
        let holders = try await rows(
            "SELECT limit_id, holder FROM limit_holders WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2",
            now, limit)
        for row in holders {
            let id = try row.value("limit_id", as: LimitID.self)
            // It may have renewed or acquired again since.
            let count = try await run(
                "DELETE FROM limit_holders WHERE limit_id = $1 AND holder = $2 AND expires_at <= $3", id,
                try row.text("holder"), now)
            if count > 0 { signal(.limit(id)) }
        }
        let waiters = try await rows(
            "SELECT sequence, limit_set FROM limit_waiters WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2",
            now, limit)
        for row in waiters {
            try await run(
                "DELETE FROM limit_waiters WHERE sequence = $1 AND expires_at <= $2",
                try row.integer("sequence"), now)
            for entry in LimitSet(text: try row.text("limit_set")).entries { signal(.limit(entry.limit)) }
        }
        return holders.count + waiters.count
    }

    /// When what a holder holds already ends now; nil when it holds nothing of these limits.
    private func renewed(
        _ request: SlotRequest, _ usages: [LimitID: LimitUsage], at now: Timestamp
    ) async throws -> Timestamp? {
        let held = try await rows(
            "SELECT limit_id, slots FROM limit_holders WHERE holder = $1 AND expires_at > $2", request.holder,
            now)
        guard !held.isEmpty else { return nil }
        let kept = Set(request.limits.filter { usages[$0]?.limit.rate == nil })
        guard try Set(held.map { try $0.value("limit_id", as: LimitID.self) }) == kept,
            try held.allSatisfy({ try $0.int("slots") == request.slots })
        else {
            throw Problem(
                .conflict,
                "\(JSONText.quoted(request.holder)) holds other slots: release them, or use another name",
                field: "holder")
        }
        return try await renewSlots(of: request.holder, lease: request.lease, at: now)
    }

    private func take(
        _ request: SlotRequest, _ usages: [LimitID: LimitUsage], at now: Timestamp
    ) async throws -> SlotReply {
        var spent: [ConcurrencyLimit] = []
        var holders: [[any SQLConvertible]] = []
        for usage in usages.values.sorted(by: { $0.limit.id < $1.limit.id }) {
            var limit = usage.limit
            if limit.rate == nil {
                holders.append([limit.id, request.holder, request.slots, now, now + request.lease])
            } else {
                limit.spend(request.slots, at: now)
                spent.append(limit)
            }
        }
        // What it held until its time passed is in the way of what it holds now.
        try await run(
            "DELETE FROM limit_holders WHERE holder = $1 AND expires_at <= $2", request.holder, now)
        try await insertHolders(holders)
        try await saveTokens(of: spent)
        try await leaveLine(request.holder)
        if !holders.isEmpty { signal(.slots) }
        return .acquired(until: holders.isEmpty ? nil : now + request.lease)
    }

    private func standInLine(_ request: SlotRequest, at now: Timestamp) async throws {
        guard request.waits else { return }
        try await run(
            """
            INSERT INTO limit_waiters (holder, limit_set, slots, asked_at, expires_at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (holder) DO UPDATE SET limit_set = excluded.limit_set, slots = excluded.slots,
                expires_at = excluded.expires_at
            """, request.holder, LimitSet(needing: request.limits).text, request.slots, now,
            now + LimitPolicy.waiterLease)
        signal(.slots)
    }

    private func leaveLine(_ holder: String) async throws {
        let place = try await row("SELECT limit_set FROM limit_waiters WHERE holder = $1", holder)
        guard let place else { return }
        try await run("DELETE FROM limit_waiters WHERE holder = $1", holder)
        for entry in LimitSet(text: try place.text("limit_set")).entries { signal(.limit(entry.limit)) }
    }

    /// Whether a task that would be next asked for one of these limits before a moment, and lacks no other.
    private func isAwaitedByTasks(_ ids: [LimitID], since moment: Timestamp) async throws -> Bool {
        let lanes = try await waitingLanes(for: Set(ids)).values.flatMap(\.self)
        guard !lanes.isEmpty else { return false }
        let usages = try await self.usages(of: Set(lanes.flatMap(\.needs)), at: moment)
        for lane in Set(lanes) where lane.needs.allSatisfy({ (usages[$0]?.free(at: moment) ?? 1) > 0 }) {
            if let task = try await nextTask(of: lane.pool, in: lane.limits), task.submittedAt < moment {
                return true
            }
        }
        return false
    }
}

extension ReadTransaction {
    /// When the next holder's or waiter's time passes.
    public func nextSlotEnd() async throws -> Timestamp? {
        let holder = try await row(
            "SELECT min(expires_at) AS at FROM limit_holders WHERE expires_at IS NOT NULL")?.optionalTime(
                "at")
        let waiter = try await row(
            "SELECT min(expires_at) AS at FROM limit_waiters WHERE expires_at IS NOT NULL")?.optionalTime(
                "at")
        return [holder, waiter].compactMap(\.self).min()
    }

    /// When slots that come back with time are there again for those who wait for them, by limit.
    public func nextTokens(at now: Timestamp) async throws -> [LimitID: Timestamp] {
        let limits = try await rows("SELECT * FROM limits WHERE slots_per_second IS NOT NULL AND active = 1")
            .map(ConcurrencyLimit.init(row:))
        guard !limits.isEmpty else { return [:] }
        let lanes = try await waitingLanes(for: Set(limits.map(\.id)))
        let waiters = try await limitWaiters(at: now)
        var moments: [LimitID: Timestamp] = [:]
        for limit in limits {
            let asked = waiters.first { $0.limits.contains(limit.id) }?.slots
            guard lanes[limit.id] != nil || asked != nil else { continue }
            moments[limit.id] = limit.comesBack(lanes[limit.id] == nil ? asked ?? 1 : 1, after: now)
        }
        return moments
    }
}
