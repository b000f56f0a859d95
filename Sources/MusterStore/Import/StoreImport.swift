import MusterCore

/// Moves a whole store into an empty one of another engine.
public struct StoreImport: Sendable {
    /// How far it has come, for whoever waits.
    public struct Progress: Sendable {
        /// The table that is being copied.
        public let table: String
        /// Its rows that have been copied.
        public let copied: Int
        /// All its rows.
        public let rows: Int
    }

    /// Rows of a table that were copied, and found in the new store afterwards.
    public struct TableCount: Codable, Hashable, Sendable {
        /// The table.
        public let table: String
        /// Its rows.
        public let rows: Int
    }

    private let source: any ReadableStore
    private let progress: @Sendable (Progress) -> Void

    /// - Parameters:
    ///   - source: where the rows come from; nobody must write there meanwhile.
    ///   - progress: told after every some rows; the import may begin anew when a connection is lost.
    public init(from source: any ReadableStore, progress: @escaping @Sendable (Progress) -> Void) {
        self.source = source
        self.progress = progress
    }

    /// Copies every row in one transaction, and counts them again before it is committed: a death midway leaves
    /// the new store empty.
    ///
    /// - Throws: `Problem` `conflict` when there is anything in the new store, `store-failed` when the counts
    ///   differ at the end, and then nothing is imported.
    /// - Returns: the tables with their rows.
    public func run(into target: PostgresStore) async throws -> [TableCount] {
        let tables = TableShape.all().filter { !Self.ofProcesses.contains($0.name) }
        return try await target.write(in: .store) { transaction in
            for table in tables {
                guard try await transaction.rows("SELECT 1 FROM \(table.name) LIMIT 1").isEmpty else {
                    throw Problem(
                        .conflict,
                        "the database has been used already (there are rows in \(table.name)): import into an empty "
                            + "one, so that nothing is mixed")
                }
            }
            var counts: [TableCount] = []
            for table in tables { counts.append(try await self.copy(table, to: transaction)) }
            for (table, count) in zip(tables, counts) {
                let found = try await transaction.row("SELECT count(*) AS rows FROM \(table.name)")?.int(
                    "rows")
                guard found == count.rows else {
                    throw Problem(
                        .storeFailed,
                        "\(table.name) had \(count.rows) rows and has \(found ?? 0) now: nothing was imported"
                    )
                }
                if let serial = table.serial { try await transaction.continueCounting(table.name, serial) }
            }
            return counts
        }
    }

    /// What tells of processes, which do not move: nobody holds the leases any more, whose epochs go on.
    private static let ofProcesses: Set<String> = ["replicas"]

    private func copy(_ table: TableShape, to target: any WriteTransaction) async throws -> TableCount {
        let count = try await source.read { transaction in
            try await transaction.row("SELECT count(*) AS rows FROM \(table.name)")?.int("rows") ?? 0
        }
        let insertion = BulkChange.insert(into: table.name, table.columns)
        var last: [SQLValue]?
        var copied = 0
        progress(Progress(table: table.name, copied: 0, rows: count))
        while case let rows = try await page(of: table, after: last), !rows.isEmpty {
            last = try rows.last.map { row in try table.key.map { try row.value($0) } }
            try await target.change(
                insertion, try rows.map { row in try table.columns.map { try row.value($0) } })
            copied += rows.count
            progress(Progress(table: table.name, copied: copied, rows: count))
        }
        guard copied == count else {
            throw Problem(
                .storeFailed, "\(table.name) changed while it was copied: make sure that nobody works with it"
            )
        }
        return TableCount(table: table.name, rows: copied)
    }

    private func page(of table: TableShape, after last: [SQLValue]?) async throws -> [Row] {
        let key = table.key.joined(separator: ", ")
        let places = table.key.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
        let condition = last == nil ? "" : "WHERE (\(key)) > (\(places))"
        let sql =
            "SELECT * FROM \(table.name) \(condition) ORDER BY \(key) LIMIT \(StorePolicy.rowsPerImport)"
        return try await source.read { try await $0.rows(sql, last ?? []) }
    }
}
