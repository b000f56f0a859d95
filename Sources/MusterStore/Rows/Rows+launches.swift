public import MusterCore

extension ReadTransaction {
    /// A launch.
    public func launch(_ id: LaunchID) async throws -> Launch? {
        try await row("SELECT * FROM launches WHERE id = $1", id).map(Launch.init(row:))
    }

    /// Launches of which nobody knows yet what came, oldest first; bounded.
    public func plannedLaunches(limit: Int) async throws -> [Launch] {
        try await rows("SELECT * FROM launches WHERE state = 'planned' ORDER BY planned_at LIMIT $1", limit)
            .map(Launch.init(row:))
    }

    /// The same of one provider.
    public func plannedLaunches(at provider: ProviderID, limit: Int) async throws -> [Launch] {
        try await rows(
            """
            SELECT * FROM launches WHERE state = 'planned' AND provider_id = $1 ORDER BY planned_at LIMIT $2
            """, provider, limit
        ).map(Launch.init(row:))
    }

    /// The same with what tells one from another only, those after one that was read before.
    ///
    /// - Parameter holder: whose pools alone are looked at; all when it is nil.
    public func plannedLaunches(
        of holder: String?, after last: LaunchReference?, limit: Int
    ) async throws -> [LaunchReference] {
        let rows: [Row]
        let (moment, id) = (last?.plannedAt ?? Timestamp(milliseconds: .min), last?.id.rawValue ?? "")
        let what = "SELECT id, pool_id, provider_id, planned_at FROM launches WHERE state = 'planned'"
        let page = "AND (planned_at, id) > ($1, $2)"
        let order = "ORDER BY planned_at, id LIMIT $3"
        if let holder {
            let own = Lease.holdsPool("launches", holder: 4)
            rows = try await self.rows("\(what) \(page) AND \(own) \(order)", moment, id, limit, holder)
        } else {
            rows = try await self.rows("\(what) \(page) \(order)", moment, id, limit)
        }
        return try rows.map { row in
            LaunchReference(
                id: try row.value("id", as: LaunchID.self),
                poolID: try row.value("pool_id", as: PoolID.self),
                providerID: try row.value("provider_id", as: ProviderID.self),
                plannedAt: try row.time("planned_at"))
        }
    }

    /// Whether there is anything of a provider that must be found where it was: workers that are not gone, launches of
    /// which nobody knows what came.
    public func hasAnything(at provider: ProviderID) async throws -> Bool {
        try await row(
            """
            SELECT 1 AS found WHERE
                EXISTS (SELECT 1 FROM launches WHERE state = 'planned' AND provider_id = $1)
                OR EXISTS (SELECT 1 FROM workers WHERE provider_id = $1 AND stopped_at IS NULL)
            """, provider) != nil
    }

    /// How many instances have been asked for from a pool after `moment`, and when the first of them were.
    ///
    /// - Parameter now: what was asked for after it was so under a clock that was ahead, and does not count: nobody
    ///   knows when it was.
    public func instancesAsked(
        of pool: PoolID, after moment: Timestamp, upTo now: Timestamp
    ) async throws -> (count: Int, first: Timestamp?) {
        let row = try await row(
            """
            SELECT coalesce(sum(count), 0) AS count, min(planned_at) AS first FROM launches
            WHERE pool_id = $1 AND planned_at > $2 AND planned_at <= $3
            """, pool, moment, now)
        return (try row?.int("count") ?? 0, try row?.optionalTime("first"))
    }
}

extension WriteTransaction {
    /// Writes a launch as it became; `old` is the row it replaces, nil for a new one.
    ///
    /// The capacity that it counts as requested changes with it.
    public func save(_ launch: Launch, was old: Launch?) async throws {
        if old == nil {
            try await run(
                """
                INSERT INTO launches (id, pool_id, launch_config_id, provider_id, state, count,
                    capacity_per_instance, body, epoch, planned_at, attempts, obtained)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0)
                """, launch.id, launch.poolID, launch.launchConfigID, launch.providerID,
                launch.state.rawValue,
                launch.count, launch.capacityPerInstance, launch.body, launch.epoch, launch.plannedAt)
        } else {
            try await run(
                """
                UPDATE launches SET state = $2, sent_at = $3, attempts = $4, obtained = $5, error_kind = $6,
                    error_detail = $7, error_code = $8, error_message = $9, settled_at = $10 WHERE id = $1
                """, launch.id, launch.state.rawValue, launch.sentAt, launch.attempts, launch.obtained,
                launch.error?.label, launch.error?.kindDetail, launch.error?.cloudCode, launch.error?.message,
                launch.settledAt)
        }
        var change = CapacityChange()
        change.replace(old, with: launch)
        try await apply(change)
    }
}

extension Launch {
    init(row: Row) throws {
        self.init(
            id: try row.value("id", as: LaunchID.self), poolID: try row.value("pool_id", as: PoolID.self),
            launchConfigID: try row.value("launch_config_id", as: LaunchConfigID.self),
            providerID: try row.value("provider_id", as: ProviderID.self), count: try row.int("count"),
            capacityPerInstance: try row.int("capacity_per_instance"), body: try row.text("body"),
            epoch: try row.integer("epoch"), plannedAt: try row.time("planned_at"))
        state = try row.value("state", as: State.self)
        sentAt = try row.optionalTime("sent_at")
        attempts = try row.int("attempts")
        obtained = try row.int("obtained")
        settledAt = try row.optionalTime("settled_at")
        if let kind = try row.optionalText("error_kind") {
            error = CloudError(
                CloudError.Kind(label: kind, detail: try row.optionalText("error_detail")),
                cloudCode: try row.optionalText("error_code") ?? "",
                message: try row.optionalText("error_message") ?? "")
        }
    }
}
