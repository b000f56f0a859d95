public import MusterCore

/// A limit and how much of it is taken.
public struct LimitUsage: Hashable, Sendable {
    /// The limit.
    public var limit: ConcurrencyLimit
    /// How many slots are held by those whose time has not passed.
    public var held: Int

    /// How many slots somebody could take now.
    public func free(at now: Timestamp) -> Int { limit.free(held: held, at: now) }
}

/// Somebody who holds slots of a limit.
public struct LimitHolder: Hashable, Sendable {
    /// Its name: `task:ID/RUN` for a run, `task:ID` for a task since its submission, else what it calls itself.
    public var holder: String
    /// How many slots.
    public var slots: Int
    /// Since when.
    public var acquiredAt: Timestamp
    /// When its time passes unless it renews; nil for tasks, whose slots come back with their end.
    public var expiresAt: Timestamp?
}

extension ReadTransaction {
    /// Limits and how much of each is taken; those that do not exist are left out.
    public func usages(of ids: some Collection<LimitID>, at now: Timestamp) async throws
        -> [LimitID: LimitUsage]
    {
        let ids = ids.sorted()
        guard !ids.isEmpty else { return [:] }
        let limits = try await rows("SELECT * FROM limits WHERE id = $1", forEach: ids.map { [$0] })
        let held = try await rows(
            """
            SELECT coalesce(sum(slots), 0) AS held FROM limit_holders
            WHERE limit_id = $1 AND (expires_at IS NULL OR expires_at > $2)
            """, forEach: ids.map { [$0, now] })
        var usages: [LimitID: LimitUsage] = [:]
        for ((id, limit), held) in zip(zip(ids, limits), held) {
            guard let limit = try limit.first.map(ConcurrencyLimit.init(row:)) else { continue }
            usages[id] = LimitUsage(limit: limit, held: try held.first?.int("held") ?? 0)
        }
        return usages
    }

    /// Those who hold slots of a limit, in the order of their names, after `holder`; bounded.
    public func holders(of id: LimitID, after holder: String, limit: Int, at now: Timestamp) async throws
        -> Page<LimitHolder, String>
    {
        let holders = try await rows(
            """
            SELECT * FROM limit_holders
            WHERE limit_id = $1 AND holder > $2 AND (expires_at IS NULL OR expires_at > $3)
            ORDER BY holder LIMIT $4
            """, id, holder, now, limit + 1
        ).map(LimitHolder.init(row:))
        return Page(holders, limit: limit, \.holder)
    }

    /// Those who wait for slots in order, in that order.
    public func limitWaiters(at now: Timestamp) async throws -> [LimitWaiter] {
        try await rows(
            "SELECT * FROM limit_waiters WHERE expires_at IS NULL OR expires_at > $1 ORDER BY sequence", now
        ).map(LimitWaiter.init(row:))
    }

    /// What those who wait in order leave of some limits.
    ///
    /// Limits that some of them wait for besides are looked at too: who cannot have all keeps nothing at first.
    func limitLine(
        _ waiters: [LimitWaiter], usages: [LimitID: LimitUsage], at now: Timestamp
    ) async throws -> LimitLine {
        let others = Set(waiters.flatMap(\.limits)).subtracting(usages.keys)
        let all = try await self.usages(of: others, at: now).merging(usages) { $1 }
        return LimitLine(waiters, free: all.mapValues { $0.free(at: now) }, at: now)
    }
}

extension LimitHolder {
    init(row: Row) throws {
        self.init(
            holder: try row.text("holder"), slots: try row.int("slots"),
            acquiredAt: try row.time("acquired_at"), expiresAt: try row.optionalTime("expires_at"))
    }
}

extension LimitWaiter {
    init(row: Row) throws {
        self.init(
            sequence: try row.integer("sequence"), holder: try row.text("holder"),
            limits: LimitSet(text: try row.text("limit_set")).entries.map(\.limit),
            slots: try row.int("slots"), askedAt: try row.time("asked_at"),
            poolID: try row.optionalText("pool_id").map(PoolID.init(rawValue:)),
            task: try row.optionalInteger("task"))
    }
}
