public import MusterCore

extension ReadTransaction {
    /// What there is of each launch config of a pool: O(launch configs), however many workers there are.
    public func capacity(of pool: PoolID) async throws -> [LaunchConfigID: CapacityTable] {
        try await tables("SELECT * FROM capacity WHERE pool_id = $1", [pool])[pool] ?? [:]
    }

    /// What there is of each launch config of every pool.
    public func capacityOfAllPools() async throws -> [PoolID: [LaunchConfigID: CapacityTable]] {
        try await tables("SELECT * FROM capacity", [])
    }

    /// The same counted anew from workers and launches: a full recount, O(workers).
    public func recountedCapacity() async throws -> [PoolID: [LaunchConfigID: CapacityTable]] {
        try await tables(
            """
            SELECT pool_id, launch_config_id, bucket, sum(workers) AS workers, sum(capacity) AS capacity,
                sum(claimed) AS claimed
            FROM (
                SELECT pool_id, launch_config_id, bucket, 1 AS workers, capacity, claimed FROM workers
                UNION ALL
                SELECT pool_id, launch_config_id, 'requested', count - obtained,
                    (count - obtained) * capacity_per_instance, 0
                FROM launches WHERE state = 'planned'
            ) AS counted
            GROUP BY pool_id, launch_config_id, bucket
            """, [])
    }

    private func tables(
        _ sql: String, _ values: [any SQLConvertible]
    ) async throws -> [PoolID: [LaunchConfigID: CapacityTable]] {
        var tables: [PoolID: [LaunchConfigID: CapacityTable]] = [:]
        for row in try await rows(sql, values) {
            let pool = try row.value("pool_id", as: PoolID.self)
            let config = try row.value("launch_config_id", as: LaunchConfigID.self)
            let bucket = try row.value("bucket", as: Bucket.self)
            let tally = CapacityTally(
                workers: try row.int("workers"), capacity: try row.int("capacity"),
                claimed: try row.int("claimed"))
            if tally != .zero { tables[pool, default: [:]][config, default: CapacityTable()][bucket] = tally }
        }
        return tables
    }
}

extension WriteTransaction {
    /// Changes the accounts, in the order of their names so that two writers never wait for each other.
    public func apply(_ change: CapacityChange) async throws {
        let ordered = change.changes.sorted {
            ($0.key.poolID, $0.key.launchConfigID, $0.key.bucket.rawValue)
                < ($1.key.poolID, $1.key.launchConfigID, $1.key.bucket.rawValue)
        }
        guard !ordered.isEmpty else { return }
        try await self.change(
            .insert(
                into: "capacity",
                ["pool_id", "launch_config_id", "bucket", "workers", "capacity", "claimed"],
                onConflict: """
                    (pool_id, launch_config_id, bucket) DO UPDATE SET
                        workers = capacity.workers + excluded.workers,
                        capacity = capacity.capacity + excluded.capacity,
                        claimed = capacity.claimed + excluded.claimed
                    """),
            ordered.map { account, tally in
                [
                    account.poolID, account.launchConfigID, account.bucket, tally.workers, tally.capacity,
                    tally.claimed,
                ]
            })
    }
}
