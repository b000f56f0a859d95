public import MusterCore

extension ReadTransaction {
    /// The marks of a provider by these names that still say something: however many names there are, an engine
    /// behind a network is asked once.
    public func offeringMarks(
        of provider: ProviderID, named names: Set<String>, at now: Timestamp
    ) async throws -> OfferingMarks {
        guard !names.isEmpty else { return OfferingMarks() }
        let found = try await rows(
            "SELECT * FROM unavailable_offerings WHERE provider_id = $1 AND name = $2 AND until_at > $3",
            forEach: names.sorted().map { [provider, $0, now - OfferingPolicy.memory] })
        return OfferingMarks(try found.joined().map(OfferingMark.init(row:)))
    }

    /// How many instances of a pool's launch configs have been asked for of which nobody knows yet whether they
    /// come.
    public func unansweredInstances(of pool: PoolID) async throws -> [LaunchConfigID: Int] {
        let rows = try await rows(
            """
            SELECT launch_config_id, sum(count - obtained) AS instances FROM launches
            WHERE pool_id = $1 AND state = 'planned' GROUP BY launch_config_id
            """, pool)
        return try rows.reduce(into: [:]) { counts, row in
            counts[try row.value("launch_config_id", as: LaunchConfigID.self)] = try row.int("instances")
        }
    }
}

/// Marks are of all pools of a provider, and no scope covers them: each change is one statement that needs to know
/// nothing of what others write.
extension WriteTransaction {
    /// Writes marks, each in the place of the one that had its name.
    public func save(_ marks: [OfferingMark]) async throws {
        // In one order, so that two that write the same ones wait for each other and not both for both.
        for mark in marks.sorted(by: { $0.name < $1.name }) {
            try await run(
                """
                INSERT INTO unavailable_offerings (provider_id, name, cause, cloud_code, message, marked_at, until_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7)
                ON CONFLICT (provider_id, name) DO UPDATE SET cause = excluded.cause,
                    cloud_code = excluded.cloud_code, message = excluded.message, marked_at = excluded.marked_at,
                    until_at = excluded.until_at
                """, mark.providerID, mark.name, mark.cause.rawValue, mark.cloudCode, mark.message,
                mark.markedAt, mark.until)
        }
    }

    /// Deletes marks as they were read; one that was made anew since stays.
    public func delete(_ marks: [OfferingMark]) async throws {
        for mark in marks.sorted(by: { $0.name < $1.name }) {
            try await run(
                "DELETE FROM unavailable_offerings WHERE provider_id = $1 AND name = $2 AND marked_at <= $3",
                mark.providerID, mark.name, mark.markedAt)
        }
    }

    /// Deletes marks that ended before `moment`; at most `limit`.
    ///
    /// - Returns: how many.
    public func deleteOfferingMarks(before moment: Timestamp, limit: Int) async throws -> Int {
        try await run(
            """
            DELETE FROM unavailable_offerings WHERE until_at < $1 AND (provider_id, name) IN (
                SELECT provider_id, name FROM unavailable_offerings WHERE until_at < $1 ORDER BY until_at LIMIT $2)
            """, moment, limit)
    }
}

extension OfferingMark {
    init(row: Row) throws {
        self.init(
            providerID: try row.value("provider_id", as: ProviderID.self), name: try row.text("name"),
            cause: try row.value("cause", as: Cause.self), cloudCode: try row.text("cloud_code"),
            message: try row.text("message"), markedAt: try row.time("marked_at"),
            until: try row.time("until_at"))
    }
}
