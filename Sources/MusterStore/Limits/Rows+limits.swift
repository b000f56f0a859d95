public import MusterCore

extension ReadTransaction {
    /// A limit.
    public func limit(_ id: LimitID) async throws -> ConcurrencyLimit? {
        try await row("SELECT * FROM limits WHERE id = $1", id).map(ConcurrencyLimit.init(row:))
    }

    /// A limit by what people call it.
    public func limit(named name: LimitName) async throws -> ConcurrencyLimit? {
        try await row("SELECT * FROM limits WHERE name = $1", name).map(ConcurrencyLimit.init(row:))
    }

    /// A page of limits by name, after `name`.
    public func limits(after name: LimitName?, limit: Int) async throws -> Page<ConcurrencyLimit, LimitName> {
        let limits = try await rows(
            "SELECT * FROM limits WHERE name > $1 ORDER BY name LIMIT $2", name?.rawValue ?? "", limit + 1
        ).map(ConcurrencyLimit.init(row:))
        return Page(limits, limit: limit, \.name)
    }

    /// The problem that there is no limit of this name, with the name that was probably meant.
    public func missing(_ name: LimitName, field: String?) async throws -> Problem {
        let names = try await rows("SELECT name FROM limits").map { try $0.text("name") }
        let near = Spelling.nearest(to: name.rawValue, among: names).map { "; did you mean \($0)?" } ?? ""
        return Problem(
            .limitNotFound,
            "there is no concurrency limit \(JSONText.quoted(name.rawValue))\(near): "
                + "make it with muster limit create", field: field)
    }

    /// What limits are called now.
    public func limitNames(of ids: Set<LimitID>) async throws -> [LimitID: LimitName] {
        let ids = ids.sorted()
        let rows = try await rows("SELECT name FROM limits WHERE id = $1", forEach: ids.map { [$0] })
        return try zip(ids, rows).reduce(into: [:]) { names, found in
            names[found.0] = try found.1.first?.value("name", as: LimitName.self)
        }
    }

    /// The limit that a pool's tasks are subject to; nil for none.
    public func limitID(of pool: PoolID) async throws -> LimitID? {
        try await row("SELECT limit_id FROM pools WHERE id = $1", pool)?.optionalText("limit_id")
            .map(LimitID.init(rawValue:))
    }

    /// The pools that a limit is of, deleted ones aside.
    public func pools(withLimit id: LimitID) async throws -> [PoolID] {
        try await rows("SELECT id FROM pools WHERE limit_id = $1 AND deleted = 0 ORDER BY id", id).map {
            try $0.value("id", as: PoolID.self)
        }
    }

    /// How many tasks wait that need a slot of a limit, by pool.
    public func waitingTasks(for id: LimitID) async throws -> [PoolID: Int] {
        var waiting: [PoolID: Int] = [:]
        for lane in try await waitingLanes(for: [id])[id] ?? [] {
            waiting[lane.pool, default: 0] += lane.pending
        }
        return waiting
    }

    /// The pools of which tasks wait that need slots of some limits.
    public func poolsWaiting(for ids: Set<LimitID>) async throws -> Set<PoolID> {
        Set(try await waitingLanes(for: ids).values.flatMap { $0.map(\.pool) })
    }

    /// The parts of pools' queues whose tasks need slots of some limits, by limit.
    func waitingLanes(for ids: Set<LimitID>) async throws -> [LimitID: [WaitingLane]] {
        var lanes: [LimitID: [WaitingLane]] = [:]
        let rows = try await rows(
            """
            SELECT d.pool_id, d.limit_set, d.pending, p.limit_id FROM demand AS d JOIN pools AS p ON p.id = d.pool_id
            WHERE d.pending > 0 AND (d.limit_set <> '' OR p.limit_id IS NOT NULL)
            """)
        for row in rows {
            let limits = LimitSet(text: try row.text("limit_set"))
            let ofPool = try row.optionalText("limit_id").map(LimitID.init(rawValue:))
            let needs = limits.needs(ofPool: ofPool)
            for id in needs where ids.contains(id) {
                lanes[id, default: []].append(
                    WaitingLane(
                        pool: try row.value("pool_id", as: PoolID.self), limits: limits, needs: needs,
                        pending: try row.int("pending")))
            }
        }
        return lanes
    }
}

/// A part of a pool's queue that waits for slots.
struct WaitingLane: Hashable {
    let pool: PoolID
    let limits: LimitSet
    let needs: [LimitID]
    let pending: Int
}

extension WriteTransaction {
    /// Writes a limit, new or changed; slots that come back with time are not taken back by it.
    public func save(_ limit: ConcurrencyLimit) async throws {
        try await run(
            """
            INSERT INTO limits (id, name, pool_id, description, slots, active, when_full, slots_per_second, tokens,
                tokens_at, created_at, modified_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            ON CONFLICT (id) DO UPDATE SET name = excluded.name, description = excluded.description,
                slots = excluded.slots, active = excluded.active, when_full = excluded.when_full,
                slots_per_second = excluded.slots_per_second, tokens = excluded.tokens,
                tokens_at = excluded.tokens_at, modified_at = excluded.modified_at
            """, limit.id, limit.name, limit.poolID, limit.description, limit.slots, limit.isActive,
            limit.whenFull.rawValue, limit.rate?.slotsPerSecond, limit.rate?.tokens, limit.rate?.countedAt,
            limit.createdAt, limit.modifiedAt)
        signal(.limit(limit.id))
    }

    /// Deletes a limit with its holders.
    public func deleteLimit(_ id: LimitID) async throws {
        try await run("DELETE FROM limit_holders WHERE limit_id = $1", id)
        try await run("DELETE FROM limits WHERE id = $1", id)
        signal(.limit(id))
    }

    /// Sets the limit that a pool's tasks are subject to.
    public func setLimit(_ id: LimitID?, of pool: PoolID) async throws {
        try await run("UPDATE pools SET limit_id = $2 WHERE id = $1", pool, id)
        signal(.pool(pool))
        signal(.queue(pool))
    }

    /// Writes what is left of slots that come back with time.
    func saveTokens(of limits: [ConcurrencyLimit]) async throws {
        let rated = limits.filter { $0.rate != nil }.sorted { $0.id < $1.id }
        guard !rated.isEmpty else { return }
        try await change(
            .update("limits", where: ["id"], [.set("tokens"), .set("tokens_at")]),
            rated.map { [$0.id, $0.rate?.tokens, $0.rate?.countedAt] })
    }
}

extension ConcurrencyLimit {
    init(row: Row) throws {
        var rate: Rate?
        if try row.value("slots_per_second") != .null {
            rate = Rate(
                slotsPerSecond: try row.real("slots_per_second"), tokens: try row.real("tokens"),
                countedAt: try row.time("tokens_at"))
        }
        self.init(
            id: try row.value("id", as: LimitID.self), name: try row.value("name", as: LimitName.self),
            poolID: try row.optionalText("pool_id").map(PoolID.init(rawValue:)),
            description: try row.text("description"), slots: try row.int("slots"),
            isActive: try row.flag("active"), whenFull: try row.value("when_full", as: WhenFull.self),
            rate: rate, createdAt: try row.time("created_at"), modifiedAt: try row.time("modified_at"))
    }
}
