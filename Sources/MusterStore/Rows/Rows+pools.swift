public import MusterCore

extension ReadTransaction {
    /// A pool without its launch configs; nil when there is none of that name.
    public func pool(_ id: PoolID) async throws -> Pool? {
        try await row("SELECT * FROM pools WHERE id = $1", id).map(Pool.init(row:))
    }

    /// All pools without their launch configs, by name.
    public func pools() async throws -> [Pool] {
        try await rows("SELECT * FROM pools ORDER BY id").map(Pool.init(row:))
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
        signal(.pool(pool.id))
    }

    /// Removes a pool that has no workers, launches, configs or tasks any more.
    public func removePool(_ id: PoolID) async throws {
        for table in [
            "capacity", "queues", "tenants", "tenant_counts", "demand", "claim_requests", "plans", "errors",
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
        let definition = PoolDefinition(
            id: try row.value("id", as: PoolID.self),
            providerID: try row.value("provider_id", as: ProviderID.self),
            description: try row.text("description"), owner: try row.text("owner"),
            emailOnError: try row.flag("email_on_error"),
            stored: try StoredJSON.document(try row.text("config")))
        self.init(
            definition: definition,
            pause: paused
                ? Pause(until: try row.optionalTime("paused_until"), reason: try row.text("pause_reason"))
                : nil,
            isDeleted: try row.flag("deleted"), createdAt: try row.time("created_at"),
            modifiedAt: try row.time("modified_at"))
    }
}
