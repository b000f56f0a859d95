import MusterCore
import MusterRuntime

/// Brings a PostgreSQL database's schema up to date, a migration at a time; of several processes that begin at
/// once, one does it.
struct PostgresMigrator {
    private let connection: PostgresConnection
    private let schema: String
    private let history: [Migration]

    init(_ connection: PostgresConnection, schema: String, history: [Migration] = Migration.all) {
        self.connection = connection
        self.schema = schema
        self.history = history
    }

    /// The schema in which the store's tables are: the first that exists of `search_path`.
    ///
    /// - Throws: `Problem` `store-failed` when there is none, or the database cannot hold every text.
    static func schema(of connection: PostgresConnection) throws -> String {
        let rows = try connection.rows(
            "SELECT current_schema()::text AS name, current_setting('server_encoding') AS encoding")
        guard let row = rows.first, let name = try row.optionalText("name") else {
            throw Problem(
                .storeFailed,
                "the search_path of this user names no schema that exists: create one, and grant it")
        }
        let encoding = try row.text("encoding")
        guard encoding == "UTF8" else {
            throw Problem(
                .storeFailed, "the encoding of the database is \(encoding): create one with ENCODING 'UTF8'")
        }
        return name
    }

    /// Applies what is missing, each migration in a transaction of its own.
    ///
    /// - Throws: `Problem` `store-newer` when the store has migrations that this version does not know,
    ///   `store-failed` when the schema is another program's.
    func migrate(now: Timestamp) throws {
        try alone { applied in
            if applied == nil {
                try ask(
                    "CREATE TABLE migrations (id TEXT COLLATE \"C\" PRIMARY KEY, applied_at BIGINT NOT NULL)")
                try ask(CommitMark.table)
            }
        }
        for migration in history {
            let isNew = try alone { applied in
                guard let applied, !applied.contains(migration.id) else { return false }
                for statement in migration.steps.flatMap(PostgresSchema.statements) {
                    try ask(statement)
                }
                try ask("INSERT INTO migrations (id, applied_at) VALUES ($1, $2)", migration.id, now)
                FaultPoint.reach(.migrationUnfinished)
                return true
            }
            if isNew { FaultPoint.reach(.migrationCommitted) }
        }
    }

    /// Makes sure that nothing is missing, and changes nothing.
    ///
    /// - Throws: as `migrate`; `unavailable` when there is something to be applied.
    func requireCurrent() throws {
        let applied = try applied() ?? []
        guard history.allSatisfy({ applied.contains($0.id) }) else {
            throw Problem(
                .unavailable,
                "the database must be brought up to date first: run muster migrate of this version")
        }
    }

    /// Runs `body` in a transaction that no other process's migration is beside, with what the database has.
    private func alone<Result>(_ body: (Set<String>?) throws -> Result) throws -> Result {
        let key = PostgresLocks.key(schema, "store", "")
        try ask("BEGIN ISOLATION LEVEL READ COMMITTED")
        // Another's migration, or an index of a large table, takes as long as it takes.
        try ask("SELECT set_config('lock_timeout', '0', true), set_config('statement_timeout', '0', true)")
        try ask("SELECT pg_advisory_xact_lock($1)", key)
        do {
            let result = try body(try applied())
            try ask("COMMIT")
            return result
        } catch {
            _ = try? ask("ROLLBACK")
            throw error
        }
    }

    private func ask(_ sql: String, _ values: any SQLConvertible...) throws(PostgresFailure) {
        try connection.ask([PostgresCommand(sql, values)], within: StorePolicy.postgresMigration)
    }

    /// The migrations that the database has; nil when it is empty.
    private func applied() throws -> Set<String>? {
        var tables: Set<String> = []
        for row in try connection.rows(
            "SELECT tablename::text AS name FROM pg_catalog.pg_tables WHERE schemaname = $1", schema)
        {
            tables.insert(try row.text("name"))
        }
        guard !tables.isEmpty else { return nil }
        guard tables.contains("migrations") else {
            throw Problem(
                .storeFailed,
                "the schema \(schema) holds the tables of another program: give Muster a database or a schema of "
                    + "its own")
        }
        var applied: Set<String> = []
        for row in try connection.rows("SELECT id FROM migrations") { applied.insert(try row.text("id")) }
        try Migration.requireKnown(applied, in: history)
        return applied
    }
}
