public import MusterCore

extension ReadTransaction {
    /// Compares every number that is kept with a full recount: O(workers + waiting and running tasks).
    ///
    /// - Returns: what differs; nothing in a store that is as Muster keeps it.
    public func counterDifferences() async throws -> [CounterDifference] {
        let claimed = try await claimedDifferences().map(\.difference)
        let capacity = try await capacityDifferences().flatMap(\.differences)
        return claimed + capacity + (try await QueueCounters.differences(in: self))
    }

    /// Workers whose number of claims is not that of the tasks they hold.
    fileprivate func claimedDifferences() async throws -> [(worker: WorkerKey, difference: CounterDifference)]
    {
        try await rows(
            """
            SELECT w.pool_id, w.worker_group, w.id, w.claimed, coalesce(h.held, 0) AS held
            FROM workers AS w LEFT JOIN (
                SELECT pool_id, worker_group, worker_id, count(*) AS held FROM tasks WHERE state = 'running'
                GROUP BY pool_id, worker_group, worker_id
            ) AS h ON h.pool_id = w.pool_id AND h.worker_group = w.worker_group AND h.worker_id = w.id
            WHERE w.claimed <> coalesce(h.held, 0) ORDER BY w.pool_id, w.worker_group, w.id
            """
        ).map { row in
            let key = try WorkerKey(row: row, id: "id")
            return (
                key,
                CounterDifference(
                    .claimed, key.poolID, "worker \(key.group)/\(key.id)", stored: try row.int("claimed"),
                    counted: try row.int("held"))
            )
        }
    }

    /// Accounts that do not hold what the workers and launches say.
    fileprivate func capacityDifferences() async throws -> [CapacityDifference] {
        let stored = try await capacityOfAllPools()
        let counted = try await recountedCapacity()
        var differences: [CapacityDifference] = []
        for pool in Set(stored.keys).union(counted.keys).sorted() {
            let (storedConfigs, countedConfigs) = (stored[pool] ?? [:], counted[pool] ?? [:])
            for config in Set(storedConfigs.keys).union(countedConfigs.keys).sorted() {
                for bucket in Bucket.allCases {
                    let difference = CapacityDifference(
                        account: CapacityAccount(poolID: pool, launchConfigID: config, bucket: bucket),
                        stored: storedConfigs[config]?[bucket] ?? .zero,
                        counted: countedConfigs[config]?[bucket] ?? .zero)
                    if difference.stored != difference.counted { differences.append(difference) }
                }
            }
        }
        return differences
    }
}

extension WriteTransaction {
    /// Sets every number that is kept to what a full recount gives.
    ///
    /// O(workers + waiting and running tasks), while no other write goes on.
    /// - Returns: what differed.
    public func recount(at now: Timestamp) async throws -> [CounterDifference] {
        let claimed = try await claimedDifferences()
        for (worker, difference) in claimed {
            try await setClaims(of: worker, to: difference.counted, at: now)
        }
        // Counted from the workers' claims, which are right by now.
        let capacity = try await capacityDifferences()
        for difference in capacity { try await set(difference.account, to: difference.counted) }
        let queue = try await QueueCounters.mend(in: self, at: now)
        let all = claimed.map(\.difference) + capacity.flatMap(\.differences) + queue
        for pool in Set(all.map(\.workerPoolId)) {
            signal(.pool(pool))
            signal(.queue(pool))
        }
        if !claimed.isEmpty { signal(.workers) }
        return all
    }

    private func setClaims(of worker: WorkerKey, to count: Int, at now: Timestamp) async throws {
        try await run(
            """
            UPDATE workers SET claimed = $4, idle_since = CASE WHEN $4 = 0 THEN $5 END,
                next_look_at = CASE WHEN $4 = 0 AND stopped_at IS NULL THEN $5 ELSE next_look_at END
            WHERE pool_id = $1 AND worker_group = $2 AND id = $3
            """, worker.poolID, worker.group, worker.id, count, now)
    }

    private func set(_ account: CapacityAccount, to tally: CapacityTally) async throws {
        try await run(
            """
            INSERT INTO capacity (pool_id, launch_config_id, bucket, workers, capacity, claimed)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (pool_id, launch_config_id, bucket) DO UPDATE SET workers = excluded.workers,
                capacity = excluded.capacity, claimed = excluded.claimed
            """, account.poolID, account.launchConfigID, account.bucket, tally.workers, tally.capacity,
            tally.claimed)
    }
}

/// An account that does not hold what the rows say.
private struct CapacityDifference {
    let account: CapacityAccount
    let stored: CapacityTally
    let counted: CapacityTally

    /// One for each number of the account that differs.
    var differences: [CounterDifference] {
        let numbers = [
            ("workers", stored.workers, counted.workers), ("capacity", stored.capacity, counted.capacity),
            ("claimed", stored.claimed, counted.claimed),
        ]
        return numbers.filter { $0.1 != $0.2 }.map { name, stored, counted in
            CounterDifference(
                .capacity, account.poolID,
                "launch config \(account.launchConfigID), \(account.bucket), \(name)",
                stored: stored, counted: counted)
        }
    }
}
