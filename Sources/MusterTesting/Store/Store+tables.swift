public import MusterStore

extension Store {
    /// Everything in it, table by table: what must not change can be compared.
    public func tables() async throws -> [String: [String]] {
        try await read { transaction in
            var tables: [String: [String]] = [:]
            for table in try await transaction.rows("SELECT name FROM sqlite_master WHERE type = 'table'") {
                let name = try table.text("name")
                tables[name] = try await transaction.rows("SELECT * FROM \(name)").map { "\($0)" }.sorted()
            }
            return tables
        }
    }
}
