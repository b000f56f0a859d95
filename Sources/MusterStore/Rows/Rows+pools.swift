public import MusterCore

extension ReadTransaction {
    /// A pool without its launch configs; nil when there is none of that name.
    public func pool(_ id: PoolID) async throws -> Pool? {
        try await row("\(Self.poolSelection) WHERE p.id = $1", id).map(Pool.init(row:))
    }

    /// All pools without their launch configs, by name.
    public func pools() async throws -> [Pool] {
        try await rows("\(Self.poolSelection) ORDER BY p.id").map(Pool.init(row:))
    }

    /// Pools with what their limits say of themselves.
    private static var poolSelection: String {
        """
        SELECT p.*, l.name AS limit_name, l.slots AS limit_slots, l.when_full AS limit_when_full,
            l.pool_id AS limit_pool
        FROM pools AS p LEFT JOIN limits AS l ON l.id = p.limit_id
        """
    }

    /// The names of all pools.
    public func poolIDs() async throws -> [PoolID] {
        try await rows("SELECT id FROM pools ORDER BY id").map { try $0.value("id", as: PoolID.self) }
    }

    /// Which provider each pool's instances are of.
    public func providersOfPools() async throws -> [PoolID: ProviderID] {
        var providers: [PoolID: ProviderID] = [:]
        for row in try await rows("SELECT id, provider_id FROM pools") {
            providers[try row.value("id", as: PoolID.self)] =
                try row.value("provider_id", as: ProviderID.self)
        }
        return providers
    }

    /// The problem that there is no pool of this name, with the name that was probably meant.
    public func missing(_ id: PoolID) async throws -> Problem {
        let names = try await rows("SELECT id FROM pools WHERE deleted = 0").map { try $0.text("id") }
        let near = Spelling.nearest(to: id.rawValue, among: names).map { "; did you mean \($0)?" } ?? ""
        return Problem(.poolNotFound, "there is no worker pool \(id)\(near)", field: "workerPoolId")
    }

    /// The times that a pool gives its workers; the defaults when there is no such pool any more.
    public func lifecycle(of pool: PoolID) async throws -> Lifecycle {
        try await self.pool(pool)?.definition.lifecycle ?? Lifecycle()
    }
}

extension WriteTransaction {
    /// Writes a pool, new or changed. Its launch configs are rows of their own.
    public func save(_ pool: Pool) async throws {
        let definition = pool.definition
        try await run(
            """
            INSERT INTO pools (id, provider_id, description, owner, email_on_error, config, paused, paused_until,
                pause_reason, deleted, created_at, modified_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            ON CONFLICT (id) DO UPDATE SET provider_id = excluded.provider_id, description = excluded.description,
                owner = excluded.owner, email_on_error = excluded.email_on_error, config = excluded.config,
                paused = excluded.paused, paused_until = excluded.paused_until,
                pause_reason = excluded.pause_reason, deleted = excluded.deleted,
                created_at = excluded.created_at, modified_at = excluded.modified_at
            """, pool.id, definition.providerID, definition.description, definition.owner,
            definition.emailOnError,
            definition.documentWithoutLaunchConfigs.canonicalJSON, pool.pause != nil, pool.pause?.until,
            pool.pause?.reason ?? "", pool.isDeleted, pool.createdAt, pool.modifiedAt)
        try await setOrder(of: pool.id, isByPriority: definition.priorityAcrossTenants, at: pool.modifiedAt)
        signal(.pool(pool.id))
    }

    /// Sets whether priority goes across a pool's tenants, and counts its tasks by the new order if that changes.
    private func setOrder(of pool: PoolID, isByPriority: Bool, at now: Timestamp) async throws {
        guard try await queueOrder(of: pool).isByPriority != isByPriority else { return }
        try await run(
            """
            INSERT INTO queues (pool_id, turn, by_priority) VALUES ($1, 0, $2)
            ON CONFLICT (pool_id) DO UPDATE SET by_priority = excluded.by_priority
            """, pool, isByPriority)
        let level = isByPriority ? "priority" : "0"
        let rows = try await rows(
            """
            SELECT w.tenant, w.limit_set, w.level, w.pending, coalesce(t.turn, 0) AS turn
            FROM (
                SELECT tenant, limit_set, \(level) AS level, count(*) AS pending FROM tasks
                WHERE pool_id = $1 AND state = 'pending' GROUP BY tenant, limit_set, \(isByPriority ? "priority" : "pool_id")
            ) AS w LEFT JOIN (
                SELECT tenant, max(turn) AS turn FROM tenants WHERE pool_id = $1 GROUP BY tenant
            ) AS t ON t.tenant = w.tenant
            ORDER BY w.tenant, w.limit_set, w.level
            """, pool)
        // What was served lately keeps its turn, in a row of another level.
        try await run("DELETE FROM tenants WHERE pool_id = $1 AND pending > 0", pool)
        try await change(
            .insert(
                into: "tenants",
                ["pool_id", "tenant", "limit_set", "level", "turn", "pending", "active_at"],
                onConflict: "(pool_id, tenant, limit_set, level) DO UPDATE SET pending = excluded.pending"),
            rows.map {
                [
                    pool, try $0.text("tenant"), try $0.text("limit_set"), try $0.int("level"),
                    try $0.integer("turn"), try $0.int("pending"), now,
                ]
            })
        signal(.queue(pool))
    }

    /// Removes a pool that has no workers, launches, configs or tasks any more.
    public func removePool(_ id: PoolID) async throws {
        for table in [
            "capacity", "queues", "tenants", "tenant_counts", "demand", "demand_statistics", "plans",
            "errors",
        ] {
            try await run("DELETE FROM \(table) WHERE pool_id = $1", id)
        }
        try await run("DELETE FROM leases WHERE name = $1", Lease.name(ofPool: id))
        try await run("DELETE FROM pools WHERE id = $1", id)
    }
}

extension Pool {
    init(row: Row) throws {
        let paused = try row.flag("paused")
        var definition = PoolDefinition(
            id: try row.value("id", as: PoolID.self),
            providerID: try row.value("provider_id", as: ProviderID.self),
            description: try row.text("description"), owner: try row.text("owner"),
            emailOnError: try row.flag("email_on_error"),
            stored: try StoredJSON.document(try row.text("config")))
        definition.limit = try PoolLimit(row: row)
        self.init(
            definition: definition,
            pause: paused
                ? Pause(until: try row.optionalTime("paused_until"), reason: try row.text("pause_reason"))
                : nil,
            isDeleted: try row.flag("deleted"), createdAt: try row.time("created_at"),
            modifiedAt: try row.time("modified_at"))
    }
}

extension PoolLimit {
    /// The limit of a pool's row; nil for a pool without one.
    fileprivate init?(row: Row) throws {
        guard try row.value("limit_name") != .null else { return nil }
        if try row.optionalText("limit_pool") == nil {
            self = .shared(try row.value("limit_name", as: LimitName.self))
        } else {
            self = .own(
                slots: try row.int("limit_slots"),
                whenFull: try row.value("limit_when_full", as: ConcurrencyLimit.WhenFull.self))
        }
    }
}
