import MusterCore
import MusterStore
import MusterTesting
import Testing

@Suite struct BulkChangeTests {
    private static let leases = BulkChange.insert(into: "leases", ["name", "holder", "epoch", "taken_at"])

    @Test(
        "Rows are inserted for each list of values, and a query answers for each in their order",
        arguments: StoreEngine.allCases)
    func insertsAndAsks(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            let names = ["b", "a", "it's \"quoted\"", "", "🦀", "a\u{0}b"]
            try await store.write(in: .store) { transaction in
                try await transaction.change(
                    Self.leases, names.enumerated().map { [$1, "me", $0, Int64.max - Int64($0)] })
            }
            let found = try await store.read { transaction in
                try await transaction.rows(
                    "SELECT name, epoch, taken_at FROM leases WHERE name = $1 AND epoch >= $2",
                    forEach: names.reversed().map { [$0, 1] } + [["nobody", 0]])
            }
            #expect(
                try found.map { try $0.map { try $0.text("name") } } == [
                    ["a\u{0}b"], ["🦀"], [""], ["it's \"quoted\""], ["a"], [], [],
                ])
            #expect(try found[0][0].integer("taken_at") == Int64.max - 5)
        }
    }

    @Test("Updates set some columns and add to others, null included", arguments: StoreEngine.allCases)
    func updates(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await store.write(in: .store) { transaction in
                for id in ["p", "q"] {
                    try await transaction.save(
                        ConcurrencyLimit(
                            id: LimitID(rawValue: id), name: LimitName(rawValue: id), slots: 1,
                            createdAt: noon, modifiedAt: noon))
                }
                try await transaction.change(
                    .insert(
                        into: "limit_holders",
                        ["limit_id", "holder", "acquired_at", "slots", "expires_at"]),
                    [["p", "a", 1, 10, 5], ["p", "b", 2, 20, 6], ["q", "a", 3, 30, 7]])
                try await transaction.change(
                    .update(
                        "limit_holders", where: ["limit_id", "holder"], [.add("slots"), .set("expires_at")]),
                    [["p", "a", -3, Int?.none], ["q", "a", 4, 8], ["q", "b", 1, 1]])
            }
            let rows = try await store.read { transaction in
                try await transaction.rows("SELECT * FROM limit_holders ORDER BY limit_id, holder")
            }
            #expect(try rows.map { try $0.int("slots") } == [7, 20, 34])
            #expect(try rows.map { try $0.optionalInteger("expires_at") } == [nil, 6, 8])
            #expect(try rows.map { try $0.int("acquired_at") } == [1, 2, 3])
        }
    }

    @Test("What is there already is changed or left as the conflict says", arguments: StoreEngine.allCases)
    func conflicts(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            let counted = BulkChange.insert(
                into: "demand", ["pool_id", "limit_set", "pending"],
                onConflict: "(pool_id, limit_set) DO UPDATE SET pending = demand.pending + excluded.pending")
            for _ in 1...2 {
                try await store.write(in: .store) { transaction in
                    try await transaction.change(counted, [["p", "", 2], ["p", "x", 3]])
                }
            }
            let untouched = BulkChange.insert(
                into: "demand", ["pool_id", "limit_set", "pending"], onConflict: "DO NOTHING")
            try await store.write(in: .store) { transaction in
                try await transaction.change(untouched, [["p", "", 100], ["p", "y", 1]])
            }
            let rows = try await store.read { try await $0.rows("SELECT * FROM demand ORDER BY limit_set") }
            #expect(try rows.map { try $0.int("pending") } == [4, 6, 1])
        }
    }

    @Test("No values are no question and no change", arguments: StoreEngine.allCases)
    func nothing(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            let answers = try await store.write(in: .store) { transaction in
                try await transaction.change(Self.leases, [])
                return try await transaction.rows("SELECT 1 FROM leases WHERE name = $1", forEach: [])
            }
            #expect(answers.isEmpty)
        }
    }

    @Test(
        "A change that cannot be made fails its own write and no other, wherever it stands among them",
        arguments: StoreEngine.allCases, [0, 1, 2])
    func refused(engine: StoreEngine, place: Int) async throws {
        try await engine.withStore { store in
            let (isBegun, mayEnd) = (AsyncStream<Void>.makeStream(), AsyncStream<Void>.makeStream())
            // What comes while this one is on its way shares the next commit.
            async let first: Void = store.write(in: .store) { transaction in
                _ = try await transaction.rows("SELECT 1 FROM leases")
                isBegun.continuation.finish()
                for await _ in mayEnd.stream {}
            }
            for await _ in isBegun.stream {}
            let writes = (0..<3).map { number in
                Task {
                    try await store.write(in: .store) { transaction in
                        // A name twice is refused.
                        let name = number == place ? "twice" : "once-\(number)"
                        let held = try await transaction.rows("SELECT 1 FROM leases WHERE name = 'nobody'")
                        #expect(held.isEmpty)
                        try await transaction.change(
                            Self.leases,
                            [[name, "me", 1, 1]] + (number == place ? [[name, "me", 1, 1]] : []))
                    }
                }
            }
            mayEnd.continuation.finish()
            try await first
            for (number, write) in writes.enumerated() {
                let result = await write.result
                #expect((try? result.get()) != nil || number == place, "\(result)")
                #expect((try? result.get()) == nil || number != place)
            }
            let names = try await store.read { try await $0.rows("SELECT name FROM leases ORDER BY name") }
            #expect(
                try names.map { try $0.text("name") } == (0..<3).filter { $0 != place }.map { "once-\($0)" })
        }
    }
}
