import MusterCore
import MusterRuntime

/// Care of the database on a thread of its own, with a connection for each piece of it.
actor SQLiteUpkeep: StoreUpkeep {
    private let executor = QueueExecutor(label: "muster.store.upkeep")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    private let path: String
    private var isClosed = false

    init(path: String) { self.path = path }

    func close() { isClosed = true }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any ReadTransaction) async throws -> Result
    ) async throws -> Result {
        let connection = try opened()
        // Ends with the connection, and with it the moment that it reads.
        try connection.run("BEGIN")
        return try await body(SQLiteReadTransaction(connection))
    }

    func damage() throws -> [String] { try Self.damage(opened()) }

    func backUp(to target: String, replacing: Bool) throws -> BackupFacts {
        let connection = try opened()
        try SQLiteBackupTarget(path: target, database: path).check(replacing: replacing)
        let schema = try DurableFile.make(at: target, mode: 0o600, replacing: replacing) {
            temporary throws(Problem) in
            do throws(Problem) {
                try connection.run("VACUUM INTO $1", [temporary.sqlValue])
            } catch  where error.code == .storeFull {
                throw Problem(.storeFull, "the disk of \(target) is full: there is no backup")
            }
            let schema = try Self.verified(temporary)
            FaultPoint.reach(.backupUnnamed)
            return schema
        }
        return BackupFacts(path: target, bytes: try FileSize.of(target), schema: schema)
    }

    private func opened() throws(Problem) -> SQLiteConnection {
        guard !isClosed else { throw Problem(.shuttingDown, "the store has been closed") }
        let connection = try SQLiteConnection(path: path, access: .readOnly)
        connection.giveUpWhenCancelled()
        return connection
    }

    private static func damage(_ connection: SQLiteConnection) throws(Problem) -> [String] {
        var found: [String] = []
        for row in try connection.rows("PRAGMA quick_check(\(StorePolicy.damageReported))") {
            let line = try row.text("quick_check")
            if line != "ok" { found.append(line) }
        }
        return found
    }

    /// Makes sure that a copy can be used; the last step of its schema.
    private static func verified(_ copy: String) throws(Problem) -> String {
        let connection = try SQLiteConnection(path: copy, access: .readOnly)
        connection.giveUpWhenCancelled()
        let damage = try damage(connection)
        guard damage.isEmpty else {
            throw Problem(
                .storeFailed, "the copy is damaged, and was thrown away: \(damage.joined(separator: "; "))")
        }
        var applied: [String] = []
        for row in try connection.rows("SELECT id FROM migrations") { applied.append(try row.text("id")) }
        let schema = SchemaState(applied: applied)
        guard schema.isCurrent, let last = schema.applied.last else {
            throw Problem(
                .storeFailed,
                "the copy has not the schema of this program, and was thrown away: see muster doctor")
        }
        return last
    }
}
