public import MusterCore

extension WriteTransaction {
    /// Notes which of a pool's workers run nothing, as its task source says: O(what has changed).
    ///
    /// - Parameter instances: the instances that are idle, by their provider's names; those of other pools among
    ///   them do not matter.
    public func markIdle(
        _ instances: Set<String>, of pool: PoolID, at provider: ProviderID, now: Timestamp
    ) async throws {
        let known = try await rows(
            """
            SELECT * FROM workers
            WHERE pool_id = $1 AND bucket = 'running' AND claimed = 0 AND idle_since IS NOT NULL
            """, pool
        ).map(Worker.init(row:))
        for worker in known where !instances.contains(worker.instanceID) {
            try await setIdle(nil, worker.key, lookAt: nil)
        }
        let unchanged = Set(known.map(\.instanceID))
        for instance in instances.subtracting(unchanged).sorted() {
            let row = try await row(
                """
                SELECT * FROM workers WHERE provider_id = $1 AND instance_id = $2 AND stopped_at IS NULL
                """, provider, instance)
            guard let worker = try row.map(Worker.init(row:)), worker.key.poolID == pool,
                worker.state == .running
            else { continue }
            // One that was told to finish has done so.
            try await setIdle(now, worker.key, lookAt: worker.drain == nil ? nil : now)
        }
    }

    private func setIdle(_ since: Timestamp?, _ key: WorkerKey, lookAt: Timestamp?) async throws {
        try await run(
            """
            UPDATE workers SET idle_since = $4, next_look_at = coalesce($5, next_look_at)
            WHERE pool_id = $1 AND worker_group = $2 AND id = $3
            """, key.poolID, key.group, key.id, since, lookAt)
        if lookAt != nil { signal(.workers) }
    }
}
