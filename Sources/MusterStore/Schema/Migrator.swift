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

    /// Applies what is missing; each migration in a transaction of its own, so that a crash leaves whole ones.
    ///
    /// - Throws: `Problem` `store-newer` when the store has migrations that this version does not know.
    func migrate() throws(Problem) {
        try connection.script(
            "CREATE TABLE IF NOT EXISTS migrations (id TEXT PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT")
        var applied: Set<String> = []
        for row in try connection.rows("SELECT id FROM migrations") { applied.insert(try row.text("id")) }
        let unknown = applied.subtracting(history.map(\.id))
        guard unknown.isEmpty else {
            throw Problem(
                .storeNewer,
                "the database was made by a newer version of Muster (it has \(unknown.sorted().joined(separator: ", "))): "
                    + "run that version, or restore a backup from before the upgrade")
        }
        for migration in history where !applied.contains(migration.id) {
            try apply(migration)
            FaultPoint.reach(.migrationCommitted)
        }
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
            let columns = columns.replacing("SERIAL PRIMARY KEY", with: "INTEGER PRIMARY KEY AUTOINCREMENT")
            return "CREATE TABLE \(name) (\(columns)) STRICT\(clustered ? ", WITHOUT ROWID" : "")"
        case .index(let name, let on): return "CREATE INDEX \(name) ON \(on)"
        }
    }
}
