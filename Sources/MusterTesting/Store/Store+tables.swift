public import MusterStore

extension Store {
    /// Everything in it, table by table: what must not change can be compared.
    public func tables() async throws -> [String: [String]] {
        try await read { transaction in
            var tables: [String: [String]] = [:]
            for (name, _) in try await transaction.columnsOfTables() {
                tables[name] = try await transaction.rows("SELECT * FROM \(name)").map { "\($0)" }.sorted()
            }
            return tables
        }
    }
}

extension ReadTransaction {
    /// The names of all tables and of their columns, as the engine knows them.
    public func columnsOfTables() async throws -> [String: [String]] {
        let question =
            switch StoreEngine.chosen {
            case .sqlite:
                """
                SELECT tables.name AS place, columns.name AS name
                FROM sqlite_master AS tables, pragma_table_info(tables.name) AS columns WHERE tables.type = 'table'
                """
            case .postgres:
                """
                SELECT table_name::text AS place, column_name::text AS name FROM information_schema.columns
                WHERE table_schema = current_schema() AND table_name <> 'commits'
                """
            }
        return try await rows(question).reduce(into: [:]) { tables, row in
            tables[try row.text("place"), default: []].append(try row.text("name"))
        }
    }
}
