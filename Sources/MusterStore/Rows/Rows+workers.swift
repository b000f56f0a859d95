public import MusterCore

extension ReadTransaction {
    /// A worker.
    public func worker(_ key: WorkerKey) async throws -> Worker? {
        try await row(
            "SELECT * FROM workers WHERE pool_id = $1 AND worker_group = $2 AND id = $3", key.poolID,
            key.group,
            key.id
        ).map(Worker.init(row:))
    }

    /// Where a worker is counted; nil when there is none of that name.
    func account(of worker: WorkerKey) async throws -> CapacityAccount? {
        try await row(
            """
            SELECT launch_config_id, bucket FROM workers
            WHERE pool_id = $1 AND worker_group = $2 AND id = $3
            """, worker.poolID, worker.group, worker.id
        ).map {
            CapacityAccount(
                poolID: worker.poolID,
                launchConfigID: try $0.value("launch_config_id", as: LaunchConfigID.self),
                bucket: try $0.value("bucket", as: Bucket.self))
        }
    }

    /// Workers of a provider that are not known to be gone, after `key` in the order of their names; bounded.
    ///
    /// - Parameter group: whose workers alone are read; nil for all groups.
    public func livingWorkers(
        of provider: ProviderID, in group: WorkerGroup? = nil, after key: WorkerKey?, limit: Int
    ) async throws -> [Worker] {
        try await rows(
            """
            SELECT * FROM workers WHERE provider_id = $1 AND stopped_at IS NULL
                AND (pool_id, worker_group, id) > ($2, $3, $4) AND ($6 = '' OR worker_group = $6)
            ORDER BY pool_id, worker_group, id LIMIT $5
            """, provider, key?.poolID.rawValue ?? "", key?.group.rawValue ?? "", key?.id.rawValue ?? "",
            limit, group?.rawValue ?? ""
        ).map(Worker.init(row:))
    }

    /// Workers whose next look is due, those due longest first; bounded.
    ///
    /// - Parameter holder: whose pools alone are looked at; all when it is nil.
    public func workersToLookAt(
        by now: Timestamp, of holder: String? = nil, limit: Int
    ) async throws -> [Worker] {
        guard let holder else {
            return try await rows(
                "SELECT * FROM workers WHERE next_look_at <= $1 ORDER BY next_look_at LIMIT $2", now, limit
            ).map(Worker.init(row:))
        }
        return try await rows(
            """
            SELECT * FROM workers WHERE next_look_at <= $1 AND \(Lease.holdsPool("workers", holder: 3))
            ORDER BY next_look_at LIMIT $2
            """, now, limit, holder
        ).map(Worker.init(row:))
    }

    /// When the next look at a worker is due.
    ///
    /// - Parameters:
    ///   - holder: whose pools alone are looked at; all when it is nil.
    ///   - horizon: what is due later may be another's.
    public func nextWorkerLook(
        of holder: String? = nil, before horizon: Timestamp = Timestamp(milliseconds: .max)
    ) async throws -> Timestamp? {
        let next = try await row(
            "SELECT min(next_look_at) AS at FROM workers WHERE next_look_at IS NOT NULL")?
            .optionalTime("at")
        guard let holder, let next, next < horizon else { return next }
        return try await row(
            """
            SELECT next_look_at FROM workers WHERE next_look_at < $1 AND \(Lease.holdsPool("workers", holder: 2))
            ORDER BY next_look_at LIMIT 1
            """, horizon, holder)?.optionalTime("next_look_at") ?? horizon
    }

    /// Workers of a pool that have held no claim since `cutoff`: those that idle longest, bounded, and of them
    /// the oldest first.
    public func idleWorkers(of pool: PoolID, since cutoff: Timestamp, limit: Int) async throws -> [IdleWorker]
    {
        try await rows(
            """
            SELECT pool_id, worker_group, id, capacity FROM (
                SELECT pool_id, worker_group, id, capacity, requested_at FROM workers
                WHERE pool_id = $1 AND bucket = 'running' AND claimed = 0 AND idle_since <= $2
                ORDER BY idle_since LIMIT $3) AS idle
            ORDER BY requested_at
            """, pool, cutoff, limit
        ).map { IdleWorker(key: try WorkerKey(row: $0, id: "id"), capacity: try $0.int("capacity")) }
    }

    /// Since when the first of a pool's workers has held no claim that began to do so after `cutoff`.
    public func nextIdleWorker(of pool: PoolID, after cutoff: Timestamp) async throws -> Timestamp? {
        try await row(
            """
            SELECT min(idle_since) AS at FROM workers
            WHERE pool_id = $1 AND bucket = 'running' AND claimed = 0 AND idle_since > $2
            """, pool, cutoff)?.optionalTime("at")
    }

    /// The workers that a launch gave, gone ones included.
    public func workers(of launch: LaunchID) async throws -> [Worker] {
        try await rows("SELECT * FROM workers WHERE launch_id = $1 ORDER BY id", launch).map(
            Worker.init(row:))
    }

    /// How many instances a launch has brought, those that are gone included.
    public func workerCount(of launch: LaunchID) async throws -> Int {
        try await row("SELECT count(*) AS count FROM workers WHERE launch_id = $1", launch)?.int("count") ?? 0
    }

    /// The living workers of a launch config; bounded.
    public func livingWorkers(
        of config: LaunchConfigID, in pool: PoolID, notDraining: Bool, limit: Int
    ) async throws -> [Worker] {
        try await rows(
            """
            SELECT * FROM workers WHERE pool_id = $1 AND launch_config_id = $2 AND stopped_at IS NULL
                \(notDraining ? "AND drain IS NULL AND stopping_at IS NULL" : "")
            LIMIT $3
            """, pool, config, limit
        ).map(Worker.init(row:))
    }
}

extension WriteTransaction {
    /// Writes a worker as it became; `old` is the row it replaces, nil for a new one.
    ///
    /// The buckets change with it, and somebody looks at its deadlines soon.
    public func save(_ worker: Worker, was old: Worker?, lookAt: Timestamp?) async throws {
        let values: [any SQLConvertible] = [
            worker.key.poolID, worker.key.group, worker.key.id, worker.launchConfigID, worker.launchID,
            worker.providerID, worker.instanceID, worker.capacity, worker.claimed, worker.state.rawValue,
            worker.bucket, worker.drain, worker.suspectedAt, worker.quarantinedUntil, worker.isOverdue,
            worker.requestedAt, worker.startedAt, worker.registeredAt, worker.nonce, worker.expiresAt,
            worker.credentialsUsedAt, worker.contactedAt, worker.idleSince, worker.stoppingAt,
            worker.stopReason,
            worker.terminationSentAt, worker.missedSince, worker.stoppedAt, lookAt, worker.endsAt,
        ]
        try await run(old == nil ? WorkerStatements.insert : WorkerStatements.update, values)
        var change = CapacityChange()
        change.replace(old, with: worker)
        try await apply(change)
        signal(.workers)
        if !change.changes.isEmpty { signal(.pool(worker.key.poolID)) }
    }

    /// Sets when somebody looks at a worker's deadlines again.
    public func setNextLook(at moment: Timestamp?, for key: WorkerKey) async throws {
        try await run(
            "UPDATE workers SET next_look_at = $4 WHERE pool_id = $1 AND worker_group = $2 AND id = $3",
            key.poolID,
            key.group, key.id, moment)
    }

    /// Notes that a worker that is not suspected has called, and nothing else of it.
    public func noteContact(of key: WorkerKey, at now: Timestamp) async throws {
        try await run(
            """
            UPDATE workers SET contacted_at = $4
            WHERE pool_id = $1 AND worker_group = $2 AND id = $3 AND (contacted_at IS NULL OR contacted_at < $4)
            """, key.poolID, key.group, key.id, now)
    }
}

private enum WorkerStatements {
    private static let columns = [
        "pool_id", "worker_group", "id", "launch_config_id", "launch_id", "provider_id", "instance_id",
        "capacity",
        "claimed", "state", "bucket", "drain", "suspected_at", "quarantined_until", "overdue", "requested_at",
        "started_at", "registered_at", "nonce", "expires_at", "credentials_used_at", "contacted_at",
        "idle_since",
        "stopping_at", "stop_reason", "termination_sent_at", "missed_since", "stopped_at", "next_look_at",
        "ends_at",
    ]

    static let insert = """
        INSERT INTO workers (\(columns.joined(separator: ", ")))
        VALUES (\((1...columns.count).map { "$\($0)" }.joined(separator: ", ")))
        """

    static let update = """
        UPDATE workers SET \(columns.enumerated().dropFirst(3).map { "\($1) = $\($0 + 1)" }.joined(separator: ", "))
        WHERE pool_id = $1 AND worker_group = $2 AND id = $3
        """
}

extension Worker {
    init(row: Row) throws {
        self.init(
            key: try WorkerKey(row: row, id: "id"),
            launchConfigID: try row.value("launch_config_id", as: LaunchConfigID.self),
            launchID: try row.value("launch_id", as: LaunchID.self),
            providerID: try row.value("provider_id", as: ProviderID.self),
            instanceID: try row.text("instance_id"), capacity: try row.int("capacity"),
            requestedAt: try row.time("requested_at"))
        claimed = try row.int("claimed")
        state = try row.value("state", as: State.self)
        drain = try row.optionalText("drain")
        suspectedAt = try row.optionalTime("suspected_at")
        quarantinedUntil = try row.optionalTime("quarantined_until")
        isOverdue = try row.flag("overdue")
        startedAt = try row.optionalTime("started_at")
        registeredAt = try row.optionalTime("registered_at")
        nonce = try row.optionalText("nonce")
        expiresAt = try row.optionalTime("expires_at")
        credentialsUsedAt = try row.optionalTime("credentials_used_at")
        contactedAt = try row.optionalTime("contacted_at")
        idleSince = try row.optionalTime("idle_since")
        stoppingAt = try row.optionalTime("stopping_at")
        stopReason = try row.optionalText("stop_reason")
        terminationSentAt = try row.optionalTime("termination_sent_at")
        missedSince = try row.optionalTime("missed_since")
        stoppedAt = try row.optionalTime("stopped_at")
        endsAt = try row.optionalTime("ends_at")
    }
}

extension WorkerKey {
    init(row: Row, id: String) throws {
        self.init(
            poolID: try row.value("pool_id", as: PoolID.self),
            group: try row.value("worker_group", as: WorkerGroup.self),
            id: try row.value(id, as: WorkerID.self))
    }
}
