public import MusterCore

extension WriteTransaction {
    /// Deletes tasks that were resolved before `moment`, with their runs; at most `limit`.
    ///
    /// - Returns: how many; the same for the other deletions here.
    public func deleteResolvedTasks(before moment: Timestamp, limit: Int) async throws -> Int {
        try await run(
            """
            DELETE FROM tasks WHERE sequence IN (
                SELECT sequence FROM tasks WHERE resolved_at < $1 ORDER BY resolved_at LIMIT $2)
            """, moment, limit)
    }

    /// Deletes workers that were gone before `moment`.
    public func deleteStoppedWorkers(before moment: Timestamp, limit: Int) async throws -> Int {
        let rows = try await rows(
            "SELECT * FROM workers WHERE stopped_at < $1 ORDER BY stopped_at LIMIT $2", moment, limit)
        var change = CapacityChange()
        for row in rows {
            let worker = try Worker(row: row)
            change.replace(worker, with: nil)
            try await run(
                "DELETE FROM workers WHERE pool_id = $1 AND worker_group = $2 AND id = $3", worker.key.poolID,
                worker.key.group, worker.key.id)
        }
        try await apply(change)
        return rows.count
    }

    /// Deletes launches that were settled before `moment` and have no workers any more.
    public func deleteSettledLaunches(before moment: Timestamp, limit: Int) async throws -> Int {
        try await run(
            """
            DELETE FROM launches WHERE id IN (
                SELECT id FROM launches AS l WHERE settled_at < $1
                    AND NOT EXISTS (SELECT 1 FROM workers AS w WHERE w.launch_id = l.id)
                ORDER BY settled_at LIMIT $2)
            """, moment, limit)
    }

    /// Deletes errors reported before `moment`.
    public func deleteErrors(before moment: Timestamp, limit: Int) async throws -> Int {
        try await run(
            """
            DELETE FROM errors WHERE id IN (
                SELECT id FROM errors WHERE reported_at < $1 ORDER BY reported_at LIMIT $2)
            """, moment, limit)
    }

    /// Deletes events from before `moment`, delivered or not: a dead sink must not fill the disk.
    ///
    /// Positions follow the order of commits, and times follow it closely: the first that is young ends it.
    public func deleteEvents(before moment: Timestamp, limit: Int) async throws -> Int {
        let oldest = try await rows(
            "SELECT position, time FROM outbox WHERE position > 0 ORDER BY position LIMIT $1", limit)
        var last: Int64?
        var count = 0
        for row in oldest {
            guard try row.time("time") < moment else { break }
            last = try row.integer("position")
            count += 1
        }
        guard let last else { return 0 }
        try await run("DELETE FROM outbox WHERE position <= $1", last)
        return count
    }

    /// Deletes what was audited before `moment`.
    public func deleteAudit(before moment: Timestamp, limit: Int) async throws -> Int {
        try await run(
            "DELETE FROM audit WHERE sequence IN (SELECT sequence FROM audit WHERE at < $1 ORDER BY at LIMIT $2)",
            moment,
            limit)
    }

    /// Deletes tokens that ended before `moment`.
    public func deleteTokens(before moment: Timestamp, limit: Int) async throws -> Int {
        try await run(
            "DELETE FROM tokens WHERE hash IN (SELECT hash FROM tokens WHERE expires_at < $1 LIMIT $2)",
            moment, limit)
    }

    /// Forgets tenants without tasks that were last active before `moment`.
    public func deleteIdleTenants(before moment: Timestamp, limit: Int) async throws -> Int {
        let rows = try await rows(
            """
            SELECT pool_id, tenant, limit_set, level FROM tenants
            WHERE pending = 0 AND active_at < $1 ORDER BY pool_id, tenant, limit_set, level LIMIT $2
            """, moment, limit)
        for row in rows {
            // A task of it may have come since.
            try await run(
                """
                DELETE FROM tenants WHERE pool_id = $1 AND tenant = $2 AND limit_set = $3 AND level = $4
                    AND pending = 0
                """, try row.text("pool_id"), try row.text("tenant"), try row.text("limit_set"),
                try row.int("level"))
        }
        return rows.count
    }

    /// Deletes counts of blocks in which no task waits any more.
    public func delete(_ blocks: [EmptyBlock]) async throws {
        for block in blocks {
            try await run(
                """
                DELETE FROM tenant_counts
                WHERE pool_id = $1 AND tenant = $2 AND priority = $3 AND block = $4 AND pending = 0
                """, block.pool, block.tenant, block.priority, block.block)
        }
    }

    /// Removes deleted pools of which nothing is left.
    public func removeEmptyDeletedPools() async throws {
        let rows = try await rows(
            """
            SELECT id FROM pools AS p WHERE deleted = 1
                AND NOT EXISTS (SELECT 1 FROM launch_configs AS c WHERE c.pool_id = p.id)
                AND NOT EXISTS (SELECT 1 FROM tasks AS t WHERE t.pool_id = p.id)
            """)
        for row in rows { try await removePool(try row.value("id", as: PoolID.self)) }
    }
}

/// A block of sequence numbers in which no task of a tenant waits any more.
public struct EmptyBlock: Sendable {
    fileprivate let pool: PoolID
    fileprivate let tenant: Tenant
    fileprivate let priority: Int
    fileprivate let block: Int64
}

extension ReadTransaction {
    /// Blocks in which no task waits any more; at most `limit`. Looks through all counts.
    public func emptyBlocks(limit: Int) async throws -> [EmptyBlock] {
        try await rows(
            "SELECT pool_id, tenant, priority, block FROM tenant_counts WHERE pending = 0 LIMIT $1", limit
        ).map {
            EmptyBlock(
                pool: try $0.value("pool_id", as: PoolID.self),
                tenant: try $0.value("tenant", as: Tenant.self), priority: try $0.int("priority"),
                block: try $0.integer("block"))
        }
    }
}
