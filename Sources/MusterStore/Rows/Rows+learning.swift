public import MusterCore

extension ReadTransaction {
    /// What has been learned of how a pool's work comes and goes; nil for nothing, or what another version wrote and
    /// this one does not understand.
    public func demandStatistics(of pool: PoolID) async throws -> DemandStatistics? {
        let row = try await row("SELECT learned FROM demand_statistics WHERE pool_id = $1", pool)
        guard let text = try row?.text("learned") else { return nil }
        return try? StoredJSON.value(DemandStatistics.self, text)
    }
}

extension WriteTransaction {
    /// Keeps what has been learned of how a pool's work comes and goes.
    public func save(_ statistics: DemandStatistics, of pool: PoolID) async throws {
        try await run(
            """
            INSERT INTO demand_statistics (pool_id, learned) VALUES ($1, $2)
            ON CONFLICT (pool_id) DO UPDATE SET learned = excluded.learned
            """, pool, StoredJSON.text(statistics))
    }

    /// Takes into a launch config's boot times how long one of its workers took to come.
    public func addBoot(_ time: Duration, of id: LaunchConfigID, in pool: PoolID) async throws {
        guard var boots = try await launchConfig(id, of: pool)?.boots else { return }
        boots.add(time)
        try await run(
            "UPDATE launch_configs SET boot_seconds = $3, boots = $4 WHERE pool_id = $1 AND id = $2", pool,
            id,
            boots.mean, boots.count)
    }
}
