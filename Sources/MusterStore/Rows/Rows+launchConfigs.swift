public import MusterCore

extension ReadTransaction {
    /// A launch config, archived or not.
    public func launchConfig(_ id: LaunchConfigID, of pool: PoolID) async throws -> LaunchConfig? {
        try await row("SELECT * FROM launch_configs WHERE pool_id = $1 AND id = $2", pool, id)
            .map(LaunchConfig.init(row:))
    }

    /// All launch configs of a pool, archived ones included, in the order of the definition.
    public func launchConfigs(of pool: PoolID) async throws -> [LaunchConfig] {
        try await rows("SELECT * FROM launch_configs WHERE pool_id = $1 ORDER BY ordinal, id", pool)
            .map(LaunchConfig.init(row:))
    }
}

extension WriteTransaction {
    /// Writes a launch config, new or changed. `ordinal` is its place in the definition.
    public func save(_ config: LaunchConfig, ordinal: Int) async throws {
        let settings = config.definition.settings
        try await run(
            """
            INSERT INTO launch_configs (pool_id, id, content, ordinal, capacity_per_instance, initial_weight,
                max_capacity, canary, paused, paused_until, pause_reason, suspension, archived_at, successes,
                failures, health_at, allowance, is_canary, tried_at, setbacks, failed_at, silent_in_a_row,
                created_at, modified_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
                $21, $22, $23, $24)
            ON CONFLICT (pool_id, id) DO UPDATE SET ordinal = excluded.ordinal,
                capacity_per_instance = excluded.capacity_per_instance, initial_weight = excluded.initial_weight,
                max_capacity = excluded.max_capacity, canary = excluded.canary, paused = excluded.paused,
                paused_until = excluded.paused_until, pause_reason = excluded.pause_reason,
                suspension = excluded.suspension, archived_at = excluded.archived_at,
                modified_at = excluded.modified_at
            """, config.poolID, config.id, config.definition.content.canonicalJSON, ordinal,
            settings.capacityPerInstance, settings.initialWeight, settings.maxCapacity, settings.canary,
            config.pause != nil, config.pause?.until, config.pause?.reason ?? "", config.suspension,
            config.archivedAt, config.health.successes, config.health.failures, config.health.at,
            config.health.allowance, config.health.isCanary, config.health.triedAt, config.health.setbacks,
            config.health.failedAt, config.health.silentInARow, config.createdAt, config.modifiedAt)
        signal(.pool(config.poolID))
    }

    /// Writes what has been learned of a launch config's health, and nothing else of it.
    public func save(_ health: Health, of id: LaunchConfigID, in pool: PoolID) async throws {
        try await run(
            """
            UPDATE launch_configs SET successes = $3, failures = $4, health_at = $5, allowance = $6, is_canary = $7,
                tried_at = $8, setbacks = $9, failed_at = $10, silent_in_a_row = $11
            WHERE pool_id = $1 AND id = $2
            """, pool, id, health.successes, health.failures, health.at, health.allowance, health.isCanary,
            health.triedAt, health.setbacks, health.failedAt, health.silentInARow)
    }

    /// Writes why nothing is launched from a launch config until a person resumes it, or nil, and nothing else of
    /// it.
    public func save(suspension: String?, of id: LaunchConfigID, in pool: PoolID) async throws {
        try await run(
            "UPDATE launch_configs SET suspension = $3 WHERE pool_id = $1 AND id = $2", pool, id, suspension)
        signal(.pool(pool))
    }

    /// Changes a launch config's health in place; nothing when it has been deleted, or nothing has changed.
    public func changeHealth(
        of id: LaunchConfigID, in pool: PoolID, _ change: (inout Health) -> Void
    ) async throws {
        guard let old = try await launchConfig(id, of: pool)?.health else { return }
        var health = old
        change(&health)
        guard health != old else { return }
        try await save(health, of: id, in: pool)
        signal(.pool(pool))
    }

    /// Deletes archived launch configs that no worker and no launch refers to any more.
    ///
    /// - Returns: how many.
    public func deleteUnusedLaunchConfigs() async throws -> Int {
        let unused = try await rows(
            """
            SELECT pool_id, id FROM launch_configs AS c WHERE archived_at IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM workers AS w WHERE w.pool_id = c.pool_id AND w.launch_config_id = c.id)
                AND NOT EXISTS (SELECT 1 FROM launches AS l WHERE l.pool_id = c.pool_id AND l.launch_config_id = c.id)
            """)
        for row in unused {
            let pool = try row.value("pool_id", as: PoolID.self)
            let id = try row.value("id", as: LaunchConfigID.self)
            try await run("DELETE FROM capacity WHERE pool_id = $1 AND launch_config_id = $2", pool, id)
            try await run("DELETE FROM launch_configs WHERE pool_id = $1 AND id = $2", pool, id)
        }
        return unused.count
    }
}

extension LaunchConfig {
    init(row: Row) throws {
        let settings = LaunchConfigSettings(
            capacityPerInstance: try row.int("capacity_per_instance"),
            initialWeight: try row.real("initial_weight"),
            maxCapacity: try row.optionalInteger("max_capacity").map(Int.init),
            canary: try row.optionalInteger("canary").map(Int.init))
        self.init(
            poolID: try row.value("pool_id", as: PoolID.self),
            definition: LaunchConfigDefinition(
                id: try row.value("id", as: LaunchConfigID.self),
                content: try StoredJSON.document(try row.text("content")), settings: settings),
            createdAt: try row.time("created_at"))
        if try row.flag("paused") {
            pause = Pause(until: try row.optionalTime("paused_until"), reason: try row.text("pause_reason"))
        }
        suspension = try row.optionalText("suspension")
        archivedAt = try row.optionalTime("archived_at")
        health = Health(
            successes: try row.real("successes"), failures: try row.real("failures"),
            at: try row.time("health_at"), allowance: try row.optionalInteger("allowance").map(Int.init),
            isCanary: try row.flag("is_canary"), triedAt: try row.optionalTime("tried_at"),
            setbacks: try row.int("setbacks"), failedAt: try row.optionalTime("failed_at"),
            silentInARow: try row.int("silent_in_a_row"))
        boots = BootStatistics(mean: try row.real("boot_seconds"), count: try row.int("boots"))
        modifiedAt = try row.time("modified_at")
    }
}
