extension WriteTransaction {
    /// Lets PostgreSQL count a column up from what is in it.
    func continueCounting(_ table: String, _ column: String) async throws {
        _ = try await rows(
            """
            SELECT setval(pg_get_serial_sequence($1, $2), (SELECT coalesce(max(\(column)), 0) + 1 FROM \(table)), false)
            """, table, column)
    }
}
