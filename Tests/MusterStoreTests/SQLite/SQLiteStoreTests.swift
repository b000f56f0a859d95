import Glibc
import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterStore

@Suite struct SQLiteStoreTests {
    @Test("A second opening says who holds the database, and works once the first has let go")
    func oneHolder() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/muster.db"
        let first = try SQLiteStore(path: path)
        let problem = #expect(throws: Problem.self) { _ = try SQLiteStore(path: path) }
        #expect(problem?.code == .storeHeld)
        #expect(problem?.message.contains("process ") == true)
        await first.close()
        let second = try SQLiteStore(path: path)
        await second.close()
    }

    @Test("Opened for reading only it reads, refuses every write, and leaves leases and bytes as they are")
    func readOnly() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/muster.db"
        let first = try SQLiteStore(path: path)
        let lease = try await first.write(in: .store) {
            try await $0.acquireLease("x", holder: "h", for: .seconds(600))
        }
        await first.close()
        let bytes = try TextFile.read(path, limit: 1 << 24)
        let second = try SQLiteStore(path: path, access: .readOnly)
        #expect(try await second.read { try await $0.lease("x") } == lease)
        await #expect(throws: Problem.self) {
            try await second.write(in: .store) { try await $0.set("a", to: "b") }
        }
        await second.close()
        #expect(try TextFile.read(path, limit: 1 << 24) == bytes)
    }

    @Test("Opened for reading only it is not made, and not brought up to date")
    func readOnlyOld() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/muster.db"
        #expect(throws: Problem.self) { _ = try SQLiteStore(path: path, access: .readOnly) }
        #expect(access(path, F_OK) != 0)
        let connection = try SQLiteConnection(path: path, access: .readWrite)
        try Migrator(connection, now: noon, history: []).migrate()
        let problem = #expect(throws: Problem.self) { _ = try SQLiteStore(path: path, access: .readOnly) }
        #expect(problem?.code == .unavailable)
    }

    @Test("What was written is there after the database is opened again")
    func durable() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/muster.db"
        let first = try SQLiteStore(path: path)
        try await first.write(in: .store) { try await $0.set("name", to: "value") }
        await first.close()
        let second = try SQLiteStore(path: path)
        #expect(try await second.read { try await $0.setting("name") } == "value")
        await second.close()
    }

    @Test("A lease of a process that died is free at the next start, with a higher epoch")
    func deadHoldersLease() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/muster.db"
        let first = try SQLiteStore(path: path)
        let lost = try await first.write(in: .store) {
            try await $0.acquireLease("x", holder: "dead", for: .seconds(600))
        }
        await first.close()
        let second = try SQLiteStore(path: path)
        let lease = try await second.write(in: .store) {
            try await $0.acquireLease("x", holder: "next", for: .seconds(600))
        }
        #expect(lease?.epoch == (lost?.epoch ?? 0) + 1)
        await second.close()
    }

    @Test("A database of a newer version is refused and left as it is")
    func newer() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/muster.db"
        let connection = try SQLiteConnection(path: path, access: .readWrite)
        try Migrator(connection, now: noon).migrate()
        try connection.run("INSERT INTO migrations (id, applied_at) VALUES ('2099-01-future', 0)")
        let problem = #expect(throws: Problem.self) { _ = try SQLiteStore(path: path) }
        #expect(problem?.code == .storeNewer)
        #expect(problem?.message.contains("2099-01-future") == true)
    }

    @Test("A migration that fails halfway leaves nothing of itself, and what came before stays")
    func failedMigration() throws {
        let folder = try TemporaryFolder()
        let connection = try SQLiteConnection(path: folder.path + "/muster.db", access: .readWrite)
        let broken = Migration(
            id: "broken",
            steps: [
                .table("fresh", clustered: false, "id TEXT PRIMARY KEY"), .index("bad", on: "nowhere (x)"),
            ])
        #expect(throws: Problem.self) {
            try Migrator(connection, now: noon, history: Migration.all + [broken]).migrate()
        }
        let tables = try connection.rows("SELECT name FROM sqlite_master WHERE type = 'table'").map {
            try $0.text("name")
        }
        #expect(tables.contains("pools"))
        #expect(!tables.contains("fresh"))
        let applied = try connection.rows("SELECT id FROM migrations").map { try $0.text("id") }
        #expect(applied == Migration.all.map(\.id))
    }

    @Test("Every table is strict, and the schema of the design is there from the start")
    func schema() throws {
        let folder = try TemporaryFolder()
        let connection = try SQLiteConnection(path: folder.path + "/muster.db", access: .readWrite)
        try Migrator(connection, now: noon).migrate()
        let tables = try connection.rows(
            "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table'")
        let names = try Set(tables.map { try $0.text("name") })
        let wanted: Set = [
            "pools", "launch_configs", "launches", "workers", "errors", "capacity", "tasks", "tenants",
            "limits",
            "limit_holders", "limit_waiters", "outbox", "sink_cursors", "tokens", "plans", "leases",
            "settings", "audit",
        ]
        #expect(wanted.isSubset(of: names))
        for table in tables where try !table.text("name").hasPrefix("sqlite_") {
            let name = try table.text("name")
            #expect(try table.flag("strict"), "\(name)")
        }
    }
}
