import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterStore

@Suite("Opening a PostgreSQL database")
struct PostgresOpeningTests {
    /// Runs `body` with a database that has no tables yet.
    private func withEmpty(_ body: (PostgresServer, String) async throws -> Void) async throws {
        let server = try await PostgresServer.shared.value
        let database = try await server.emptyDatabase()
        try await body(server, database)
        try await server.remove(database)
    }

    @Test("Several that begin at once make the tables once")
    func migrateAtOnce() async throws {
        try await withEmpty { server, database in
            let address = try PostgresAddress(database)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        let store = try await PostgresStore.open(address)
                        #expect(try await store.read { try await $0.schemaState().isCurrent })
                        await store.close()
                    }
                }
                try await group.waitForAll()
            }
            let applied = try await server.execute("SELECT id FROM migrations ORDER BY id", in: database)
            #expect(applied == Migration.all.map(\.id).sorted())
        }
    }

    @Test("A migration that fails halfway leaves nothing of itself, and what came before stays")
    func failedMigration() async throws {
        try await withEmpty { server, database in
            let connection = try PostgresConnection.open(
                PostgresAddress(database), clock: SystemClock(), for: .work)
            let broken = Migration(
                id: "broken",
                steps: [
                    .table("fresh", clustered: false, "id TEXT PRIMARY KEY"),
                    .index("bad", on: "nowhere (x)"),
                ])
            let migrator = PostgresMigrator(
                connection, schema: "public", history: Migration.all + [broken])
            #expect(throws: PostgresFailure.self) { try migrator.migrate(now: noon) }
            let tables = try await server.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'", in: database)
            #expect(tables.contains("pools") && !tables.contains("fresh"))
            let applied = try await server.execute("SELECT id FROM migrations ORDER BY id", in: database)
            #expect(applied == Migration.all.map(\.id).sorted())
        }
    }

    @Test("A database of a newer version is refused and left as it is")
    func newer() async throws {
        try await PostgresDatabase.run { database in
            try await database.execute("INSERT INTO migrations VALUES ('2099-01-future', 0)")
            for access in [StoreAccess.readWrite, .readOnly] {
                let problem = await #expect(throws: Problem.self) {
                    _ = try await PostgresStore.open(PostgresAddress(database.address), access: access)
                }
                #expect(problem?.code == .storeNewer && problem?.message.contains("2099-01-future") == true)
            }
        }
    }

    @Test("Another program's tables are left alone, and a schema of its own beside them is of use")
    func otherProgram() async throws {
        try await withEmpty { server, database in
            try await server.execute("CREATE TABLE invoices (id int)", in: database)
            let problem = await #expect(throws: Problem.self) {
                _ = try await PostgresStore.open(PostgresAddress(database))
            }
            #expect(problem?.code == .storeFailed && problem?.message.contains("another program") == true)
            #expect(
                try await server.execute(
                    "SELECT tablename FROM pg_tables WHERE schemaname = 'public'", in: database)
                    == ["invoices"])
            try await server.execute("CREATE SCHEMA muster", in: database)
            let store = try await PostgresStore.open(
                PostgresAddress(database + "?options=-csearch_path%3Dmuster"))
            try await store.write(in: .store) { try await $0.set("x", to: "y") }
            await store.close()
            #expect(try await server.execute("SELECT value FROM muster.settings", in: database) == ["y"])
        }
    }

    @Test("Opened for reading only, an empty database is not made into one of Muster's")
    func readOnly() async throws {
        try await withEmpty { server, database in
            let problem = await #expect(throws: Problem.self) {
                _ = try await PostgresStore.open(PostgresAddress(database), access: .readOnly)
            }
            #expect(problem?.code == .unavailable)
            let tables = try await server.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'", in: database)
            #expect(tables == [])
        }
    }

    @Test("A search path that leads nowhere, and an encoding that cannot hold every text, are refused")
    func unfit() async throws {
        try await withEmpty { server, database in
            let nowhere = await #expect(throws: Problem.self) {
                _ = try await PostgresStore.open(
                    PostgresAddress(database + "?options=-csearch_path%3Dnowhere"))
            }
            #expect(nowhere?.message.contains("search_path") == true)
            try await server.execute("CREATE DATABASE latin ENCODING LATIN1 TEMPLATE template0 LOCALE 'C'")
            let encoding = await #expect(throws: Problem.self) {
                _ = try await PostgresStore.open(
                    PostgresAddress("postgresql://muster@127.0.0.1:\(server.port)/latin"))
            }
            #expect(encoding?.message.contains("LATIN1") == true)
            try await server.remove("latin")
        }
    }

    @Test(
        "Who may not in, what is not there and who does not answer are told apart, and no password is shown")
    func refused() async throws {
        try await withEmpty { server, database in
            try await server.execute(
                """
                DO $$ BEGIN CREATE ROLE locked LOGIN PASSWORD 'right';
                EXCEPTION WHEN duplicate_object THEN NULL; END $$
                """)
            let place = "127.0.0.1:\(server.port)"
            for (address, words) in [
                ("postgresql://locked:s3cret@\(place)/postgres", "does not let this user in"),
                ("postgresql://nobody:s3cret@\(place)/postgres", "does not let this user in"),
                ("postgresql://muster:s3cret@\(place)/nowhere", "no such database"),
                ("host=127.0.0.1 port=1 dbname=x user=y password=s3cret", "cannot be reached"),
                ("host=/nowhere dbname=x user=y password=s3cret", "cannot be reached"),
            ] {
                let problem = await #expect(throws: Problem.self) {
                    _ = try await PostgresStore.open(PostgresAddress(address), machine: HastyClock())
                }
                #expect(problem?.code == .storeFailed)
                #expect(problem?.message.contains(words) == true, "\(problem?.message ?? "")")
                #expect(problem?.message.contains("s3cret") == false)
            }
            let name = database.split(separator: "/").last ?? ""
            let problem = await #expect(throws: Problem.self) {
                _ = try await PostgresStore.open(
                    PostgresAddress("postgresql://locked:right@\(place)/\(name)"), access: .readOnly)
            }
            // It was let in, and found no tables.
            #expect(problem?.code == .unavailable)
        }
    }

    @Test(
        "A connection string that cannot be read is refused without repeating it",
        arguments: ["host=x password=a s3cret", "postgresql://u:s3cret@h/d?nonsense=1", "password='s3cret"])
    func unreadable(text: String) {
        let problem = #expect(throws: Problem.self) { _ = try PostgresAddress(text) }
        #expect(problem?.code == .inputInvalid && problem?.message.contains("s3cret") == false)
    }

    @Test("A database is described without its password")
    func described() throws {
        let address = try PostgresAddress("postgresql://ada:s3cret@db.example:5433/fleet")
        #expect("\(address)" == "fleet at db.example:5433 as ada")
        var dumped = ""
        dump(address, to: &dumped)
        #expect(!dumped.contains("s3cret"))
    }
}
