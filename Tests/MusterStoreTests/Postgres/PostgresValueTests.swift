import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterStore

@Suite("Values in PostgreSQL")
struct PostgresValueTests {
    @Test("Text with U+0000 and U+0001 comes back as it was, and keeps its place in the order")
    func texts() async throws {
        let parts = ["", "\u{0}", "\u{1}", "\u{2}", "a", "\u{0}\u{1}", "\u{1}\u{1}", "é", "🦀", "'\"\\"]
        let texts = Set(
            parts.flatMap { first in parts.flatMap { second in parts.map { first + second + $0 } } })
        try await PostgresDatabase.run { database in
            try await database.store.write(in: .store) { transaction in
                _ = try await transaction.change(
                    .insert(into: "settings", ["name", "value"]), texts.map { [$0, $0] })
            }
            let rows = try await database.store.read {
                try await $0.rows("SELECT name, value FROM settings ORDER BY name")
            }
            let names = try rows.map { try $0.text("name") }
            #expect(names == texts.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
            #expect(try rows.allSatisfy { try $0.text("name") == $0.text("value") })
            for text in texts {
                #expect(try await database.store.read { try await $0.setting(text) } == text)
            }
        }
    }

    @Test("Ten megabytes of text come back, alone and among many")
    func large() async throws {
        let text = String(repeating: "0123456789abcdeé\u{0}🦀", count: 10_000_000 / 22)
        try await PostgresDatabase.run { database in
            try await database.store.write(in: .store) { try await $0.set("large", to: text) }
            #expect(try await database.store.read { try await $0.setting("large") } == text)
            _ = try await database.store.write(in: .store) { transaction in
                try await transaction.change(
                    .insert(into: "settings", ["name", "value"]), [["one", text], ["two", "small"]])
            }
            let found = try await database.store.read {
                try await $0.rows("SELECT value FROM settings WHERE name = $1", forEach: [["one"], ["two"]])
            }
            #expect(try found[0][0].text("value") == text && found[1][0].text("value") == "small")
        }
    }

    @Test(
        "Each kind of value comes back as it went in, and what the server computes as the same on both engines"
    )
    func kinds() async throws {
        let values: [SQLValue] = [
            .null, .integer(.min), .integer(.max), .integer(0), .integer(-7), .real(0.1), .real(-1e300),
            .real(.leastNonzeroMagnitude), .real(.infinity), .text(""), .blob([]), .blob([0, 1, 92, 255]),
        ]
        try await PostgresDatabase.run { database in
            for value in values {
                let row = try await database.store.read { try await $0.row("SELECT $1 AS value", value) }
                #expect(try row?.value("value") == value)
            }
            let row = try await database.store.read {
                try await $0.row(
                    """
                    SELECT sum(x) AS sum, count(*) AS count, 1 = 1 AS yes, 1 / 2 AS half, max(y) AS most,
                        sum(y) AS total FROM (SELECT $1 AS x, $2 AS y UNION ALL SELECT $1, $2) AS two
                    """, 4_000_000_000, 0.5)
            }
            let answer = try #require(row)
            #expect(try answer.integer("sum") == 8_000_000_000 && answer.integer("count") == 2)
            #expect(try answer.flag("yes") && answer.integer("half") == 0)
            #expect(try answer.real("most") == 0.5 && answer.real("total") == 1)
        }
    }

    @Test("Lists of values of all kinds are one statement, whatever is null in them")
    func lists() async throws {
        try await PostgresDatabase.run { database in
            let found = try await database.store.read { transaction in
                try await transaction.rows(
                    "SELECT $1 AS a, $2 AS b, $3 AS c, $4 AS d, '$1' AS quoted",
                    forEach: [
                        [1, "x", SQLValue.blob([1]), SQLValue.null],
                        [Int?.none, "", SQLValue.null, SQLValue.null],
                        [2.5, "{\"}", SQLValue.blob([]), SQLValue.null],
                    ])
            }
            #expect(found.map(\.count) == [1, 1, 1])
            let rows = found.compactMap(\.first)
            #expect(try rows.map { try $0.value("a") } == [.real(1), .null, .real(2.5)])
            #expect(try rows.map { try $0.value("b") } == [.text("x"), .text(""), .text("{\"}")])
            #expect(try rows.map { try $0.value("c") } == [.blob([1]), .null, .blob([])])
            #expect(try rows.allSatisfy { try $0.value("d") == .null && $0.text("quoted") == "$1" })
            let empty = try await database.store.read {
                try await $0.rows("SELECT 1 AS one", forEach: [[], []])
            }
            #expect(empty.map(\.count) == [1, 1])
            await #expect(throws: Problem.self) {
                _ = try await database.store.read { try await $0.rows("SELECT $1", forEach: [[1], [1, 2]]) }
            }
        }
    }

    @Test("More statements than a connection may keep are made all the same")
    func manyStatements() async throws {
        try await PostgresDatabase.run { database in
            let sum = try await database.store.read { transaction in
                var sum = 0
                for number in 0..<StorePolicy.statementCache * 2 + 10 {
                    sum += try await transaction.row("SELECT \(number) AS n")?.int("n") ?? 0
                }
                return sum
            }
            let count = StorePolicy.statementCache * 2 + 10
            #expect(sum == count * (count - 1) / 2)
        }
    }

    @Test("Deleted rows of the hot tables are given room, and every text is compared by its bytes")
    func schema() async throws {
        try await PostgresDatabase.run { database in
            let loose = try await database.execute(
                """
                SELECT table_name || '.' || column_name FROM information_schema.columns
                WHERE table_schema = 'public' AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'
                """)
            #expect(loose == [])
            for table in [
                "tasks", "workers", "capacity", "tenants", "tenant_counts", "demand", "queues", "leases",
            ] {
                let options = try await database.execute(
                    "SELECT reloptions::text FROM pg_class WHERE oid = '\(table)'::regclass")
                #expect(options.first?.contains("fillfactor") == true, "\(table)")
            }
        }
    }
}
