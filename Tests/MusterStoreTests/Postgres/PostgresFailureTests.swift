import MusterCore
import MusterRuntime
import MusterStore
import MusterTesting
import Testing

@testable import MusterStore

@Suite("What the server takes back or refuses")
struct PostgresFailureTests {
    /// A function that fails with an error of a code until it was called so often.
    private func breaking(_ database: PostgresDatabase, _ state: String, times: Int) async throws {
        try await database.execute(
            """
            CREATE SEQUENCE calls;
            CREATE FUNCTION break() RETURNS int LANGUAGE plpgsql AS $$
            BEGIN
                IF nextval('calls') <= \(times) THEN RAISE EXCEPTION 'broken' USING ERRCODE = '\(state)'; END IF;
                RETURN 1;
            END $$;
            """)
    }

    @Test(
        "What others made impossible runs again until it is possible, and is done once",
        arguments: ["40001", "40P01", "55P03"])
    func again(state: String) async throws {
        try await PostgresDatabase.run { database in
            try await breaking(database, state, times: 4)
            let store = database.store
            try await store.write(in: .named("x")) { transaction in
                try await transaction.run("INSERT INTO settings (name, value) VALUES ('x', '')")
                _ = try await transaction.rows("SELECT break()")
                transaction.signal(.workers)
            }
            #expect(try await database.execute("SELECT count(*) FROM settings") == ["1"])
            #expect(try await database.execute("SELECT last_value FROM calls") == ["5"])
        }
    }

    @Test("What is never possible is given up, and leaves nothing")
    func never() async throws {
        try await PostgresDatabase.run { database in
            try await breaking(database, "40001", times: 1_000_000)
            let problem = await #expect(throws: Problem.self) {
                try await database.store.write(in: .named("x")) { transaction in
                    try await transaction.set("x", to: "")
                    _ = try await transaction.rows("SELECT break()")
                }
            }
            #expect(problem?.code == .storeFailed)
            #expect(try await database.execute("SELECT count(*) FROM settings") == ["0"])
        }
    }

    @Test("Two that wait for each other both come through")
    func deadlock() async throws {
        try await PostgresDatabase.run { database in
            let store = database.store
            try await store.write(in: .store) { transaction in
                for name in ["a", "b"] { try await transaction.set(name, to: "0") }
            }
            let gates = ["a": Gate(), "b": Gate()]
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (first, second) in [("a", "b"), ("b", "a")] {
                    group.addTask {
                        // Against the rule: both change what the other's scope covers.
                        try await store.write(in: .named(first)) { transaction in
                            for name in [first, second] {
                                try await transaction.run(
                                    "UPDATE settings SET value = (value::int + 1)::text WHERE name = $1", name
                                )
                                gates[first]?.open()
                                await gates[second]?.wait()
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await store.read { try await $0.setting("a") } == "2")
            #expect(try await store.read { try await $0.setting("b") } == "2")
        }
    }

    @Test("A statement that fails takes back its own write and none of those that share its commit")
    func besideFailure() async throws {
        try await PostgresDatabase.run { database in
            let store = database.store
            let failures = await withTaskGroup(of: Bool.self) { group in
                for index in 0..<100 {
                    group.addTask {
                        do {
                            try await store.write(in: .named("x")) { transaction in
                                try await transaction.set("k\(index)", to: "")
                                guard index.isMultiple(of: 3) else { return }
                                // Also when the body takes no notice of it.
                                _ = try? await transaction.run("INSERT INTO settings VALUES (NULL, NULL)")
                            }
                            return false
                        } catch {
                            return true
                        }
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(failures == 34)
            let left = try await database.execute("SELECT count(*) FROM settings")
            #expect(left == ["66"])
        }
    }

    @Test(
        "What the server refuses says what to do",
        arguments: [
            ("53100", ProblemCode.storeFull, "make room"), ("25006", .storeFailed, "primary"),
            ("57014", .storeFailed, "too long"), ("42501", .storeFailed, "grant"),
            ("XX000", .storeFailed, "broken"),
        ])
    func refused(state: String, code: ProblemCode, words: String) async throws {
        try await PostgresDatabase.run { database in
            try await breaking(database, state, times: 1)
            let problem = await #expect(throws: Problem.self) {
                try await database.store.write(in: .store) { _ = try await $0.rows("SELECT break()") }
            }
            #expect(problem?.code == code && problem?.message.contains(words) == true)
            // The connection is of use as before.
            try await database.store.write(in: .store) { try await $0.set("x", to: "y") }
        }
    }

    @Test("A database that takes no writes says so, to each of those that share a commit")
    func readOnly() async throws {
        try await PostgresDatabase.run { database in
            let name = database.address.split(separator: "/").last ?? ""
            try await database.execute("ALTER DATABASE \(name) SET default_transaction_read_only = on")
            try await database.cutAll()
            for _ in 0..<3 {
                let problem = await #expect(throws: Problem.self) {
                    try await database.store.write(in: .store) { try await $0.set("x", to: "y") }
                }
                #expect(problem?.message.contains("takes no writes") == true)
            }
            #expect(try await database.store.read { try await $0.setting("x") } == nil)
        }
    }

    @Test("Who stands still in the middle of a transaction loses it, and does it again")
    func idle() async throws {
        try await PostgresDatabase.run { database in
            let isIn = Gate()
            let mayGo = Gate()
            let store = database.store
            let write = Task {
                try await store.write(in: .named("x")) { transaction in
                    try await transaction.run("INSERT INTO settings (name, value) VALUES ('x', '')")
                    isIn.open()
                    await mayGo.wait()
                    try await transaction.set("y", to: "")
                }
            }
            await isIn.wait()
            // What the server does by itself after its time.
            try await database.cutAll()
            mayGo.open()
            try await write.value
            #expect(try await database.execute("SELECT count(*) FROM settings") == ["2"])
            let setting = try await store.read {
                try await $0.row("SELECT current_setting('idle_in_transaction_session_timeout') AS time")?
                    .text("time")
            }
            #expect(setting == "10s")
        }
    }

    @Test("A table that gets another column under a statement's feet does not end it")
    func stale() async throws {
        try await PostgresDatabase.run { database in
            let store = database.store
            let all: @Sendable (any ReadTransaction) async throws -> Int = {
                try await $0.rows("SELECT * FROM settings").count
            }
            try await store.write(in: .store) { try await $0.set("x", to: "y") }
            #expect(try await store.read(all) == 1)
            try await database.execute("ALTER TABLE settings ADD COLUMN more BIGINT")
            #expect(try await store.read(all) == 1)
            #expect(try await store.write(in: .store) { try await all($0) } == 1)
        }
    }

    @Test("A server that falls silent is given up, and never hangs a call")
    func silent() async throws {
        try await PostgresDatabase.run { database in
            let connection = try PostgresConnection.open(
                PostgresAddress(database.address), clock: SystemClock(), for: .work)
            do throws(PostgresFailure) {
                try connection.ask([PostgresCommand("SELECT pg_sleep(20)")], within: .milliseconds(100))
                Issue.record("it waited")
            } catch {
                #expect(error.kind == .lost)
            }
        }
    }
}
