public import MusterCore

extension WriteTransaction {
    /// Moves what still runs along with a clock that was set by `jump` and says `now`, so that everything has
    /// lasted for as long as it had before.
    ///
    /// Claims begin anew instead: some may have been renewed by the new clock. What is over keeps the times it
    /// had, and so do the moments that people named, deadlines of tasks and ends of pauses.
    /// - Returns: how many claims there are.
    @discardableResult
    public func moveTimes(by jump: Duration, at now: Timestamp) async throws -> Int {
        var claims = 0
        let pools = try await rows("SELECT DISTINCT pool_id FROM tasks WHERE state = 'running'")
        for row in pools {
            let pool = try row.value("pool_id", as: PoolID.self)
            let lease = try await lifecycle(of: pool).claimTimeout
            claims += try await run(
                "UPDATE tasks SET taken_until = $2 WHERE state = 'running' AND pool_id = $1", pool,
                now + lease)
        }
        let milliseconds = jump.milliseconds
        // When a worker registered is part of what its credentials are derived from, and stays.
        let since = [
            "requested_at", "started_at", "suspected_at", "contacted_at", "idle_since", "stopping_at",
            "termination_sent_at", "missed_since",
        ]
        try await run(
            """
            UPDATE workers SET \(since.map(Self.moved).joined(separator: ", ")),
                expires_at = expires_at + $1, next_look_at = $2
            WHERE stopped_at IS NULL
            """, milliseconds, now)
        try await run("UPDATE tokens SET expires_at = expires_at + $1", milliseconds)
        try await run(
            """
            UPDATE launches SET \(Self.moved("planned_at")), \(Self.moved("sent_at"))
            WHERE state = 'planned'
            """, milliseconds, now)
        for table in ["limit_holders", "limit_waiters"] {
            try await run(
                "UPDATE \(table) SET expires_at = expires_at + $1 WHERE expires_at IS NOT NULL", milliseconds)
        }
        try await run(
            "UPDATE limits SET \(Self.moved("tokens_at")) WHERE tokens_at IS NOT NULL", milliseconds, now)
        let tries = ["health_at", "tried_at", "failed_at"].map(Self.moved).joined(separator: ", ")
        try await run("UPDATE launch_configs SET \(tries)", milliseconds, now)
        let marked = "CASE WHEN marked_at + $1 > $2 THEN $2 ELSE marked_at + $1 END"
        try await run(
            "UPDATE unavailable_offerings SET marked_at = \(marked), until_at = until_at - marked_at + \(marked)",
            milliseconds, now)
        // Whoever has been there is there; nobody can say for how long by this clock.
        try await run(
            """
            UPDATE replicas SET since = since + $1, seen_at = seen_at + $1, expires_at = expires_at + $1,
                attended_since = $2
            """, milliseconds, now)
        for signal in [StoreSignal.deadlines, .workers, .slots] { self.signal(signal) }
        return claims
    }

    /// A moment of the past by the new clock; one that was written after the clock was set is not moved beyond
    /// the present.
    private static func moved(_ column: String) -> String {
        "\(column) = CASE WHEN \(column) + $1 > $2 THEN $2 ELSE \(column) + $1 END"
    }
}
