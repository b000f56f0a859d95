import MusterCore
import MusterRuntime

/// Brings an embedded database's schema up to date, a migration at a time.
struct Migrator {
    private let connection: SQLiteConnection
    private let now: Timestamp
    private let history: [Migration]

    init(_ connection: SQLiteConnection, now: Timestamp, history: [Migration] = Migration.all) {
        self.connection = connection
        self.now = now
        self.history = history
    }

    /// Makes sure that a database is new or one of Muster's, without changing anything.
    ///
    /// - Throws: `Problem` `store-failed` when it is another program's, damaged, or no database at all.
    static func recognize(_ connection: SQLiteConnection, _ path: String) throws(Problem) {
        let tables = try connection.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
        var names: Set<String> = []
        for table in tables { names.insert(try table.text("name")) }
        guard names.isEmpty || names.contains("migrations") else {
            throw Problem(
                .storeFailed,
                "\(path) is a database of another program: name the right state folder with --config")
        }
    }

    /// Applies what is missing; each migration in a transaction of its own, so that a crash leaves whole ones.
    ///
    /// - Throws: `Problem` `store-newer` when the store has migrations that this version does not know.
    func migrate() throws(Problem) {
        try connection.script(
            "CREATE TABLE IF NOT EXISTS migrations (id TEXT PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT")
        let applied = try applied()
        for migration in history where !applied.contains(migration.id) {
            try apply(migration)
            FaultPoint.reach(.migrationCommitted)
        }
    }

    /// Makes sure that nothing is missing, and changes nothing.
    ///
    /// - Throws: `Problem` `store-newer` as `migrate`; `unavailable` when there is something to be applied.
    func requireCurrent() throws(Problem) {
        let hasHistory = try !connection.rows(
            "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'migrations'"
        ).isEmpty
        let applied = hasHistory ? try applied() : []
        guard history.allSatisfy({ applied.contains($0.id) }) else {
            throw Problem(
                .unavailable,
                "the database must be brought up to date first: start muster serve, or muster run, of this version"
            )
        }
    }

    /// The migrations that the database has.
    private func applied() throws(Problem) -> Set<String> {
        var applied: Set<String> = []
        for row in try connection.rows("SELECT id FROM migrations") { applied.insert(try row.text("id")) }
        try Migration.requireKnown(applied, in: history)
        return applied
    }

    private func apply(_ migration: Migration) throws(Problem) {
        try connection.run("BEGIN IMMEDIATE")
        do throws(Problem) {
            for step in migration.steps { try connection.script(Self.statement(step)) }
            try connection.run(
                "INSERT INTO migrations (id, applied_at) VALUES ($1, $2)",
                [migration.id.sqlValue, now.sqlValue])
            FaultPoint.reach(.migrationUnfinished)
            try connection.run("COMMIT")
        } catch {
            _ = try? connection.run("ROLLBACK")
            throw error
        }
    }

    /// A step in SQLite's words.
    static func statement(_ step: SchemaStep) -> String {
        switch step {
        case .table(let name, let clustered, let columns):
            // One writer commits in the order in which it writes.
            let own = "INTEGER PRIMARY KEY AUTOINCREMENT"
            let columns = columns.replacing(SchemaStep.inOrderOfCommits, with: own)
                .replacing("SERIAL PRIMARY KEY", with: own)
            return "CREATE TABLE \(name) (\(columns)) STRICT\(clustered ? ", WITHOUT ROWID" : "")"
        case .index(let name, let on): return "CREATE INDEX \(name) ON \(on)"
        }
    }
}
