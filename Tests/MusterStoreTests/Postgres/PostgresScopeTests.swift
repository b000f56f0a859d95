import MusterCore
import MusterRuntime
import MusterStore
import MusterTesting
import Testing

@testable import MusterStore

@Suite("Writes whose scopes overlap")
struct PostgresScopeTests {
    private static let pools = ["a/a", "b/b", "c/c"].map { PoolID(rawValue: $0) }

    /// The names of the diaries that a scope covers.
    private static func diaries(of scope: WriteScope) -> [String] {
        switch scope {
        case .pool(let pool): ["\(pool)"]
        case .pools(let pools): pools.map { "\($0)" }
        case .named(let name): [name]
        case .both(let name, let pools): [name] + pools.map { "\($0)" }
        case .store: pools.map { "\($0)" } + ["x", "y"]
        }
    }

    @Test("Many writers of two processes leave what some serial order would leave")
    func serial() async throws {
        var generator = SeededGenerator(seed: 7)
        var scopes: [WriteScope] = []
        for _ in 0..<240 {
            let some = Set(Self.pools.shuffled(using: &generator).prefix(2))
            scopes.append(
                [
                    .pool(Self.pools.randomElement(using: &generator) ?? samplePool), .pools(some),
                    .named(Bool.random(using: &generator) ? "x" : "y"), .both("x", pools: some),
                    Int.random(in: 0..<4, using: &generator) == 0 ? .store : .pools(some),
                ].randomElement(using: &generator) ?? .store)
        }
        let orders = scopes
        try await PostgresDatabase.run { database in
            let other = try await PostgresStore.open(PostgresAddress(database.address))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (number, scope) in orders.enumerated() {
                    let store = number.isMultiple(of: 2) ? database.store : other
                    group.addTask {
                        try await store.write(in: scope) { transaction in
                            for name in Self.diaries(of: scope).shuffled() {
                                let diary = try await transaction.setting(name) ?? ""
                                try await transaction.set(name, to: diary + "\(number) ")
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            await other.close()
            var diaries: [[Int]] = []
            for name in Self.diaries(of: .store) {
                let text = try await database.store.read { try await $0.setting(name) } ?? ""
                let numbers = text.split(separator: " ").compactMap { Int($0) }
                let wanted = orders.indices.filter { Self.diaries(of: orders[$0]).contains(name) }
                #expect(numbers.sorted() == wanted, "\(name)")
                diaries.append(numbers)
            }
            #expect(Self.hasOrder(diaries, orders.count))
        }
    }

    /// Whether there is one order of all writes in which every diary was written.
    private static func hasOrder(_ diaries: [[Int]], _ count: Int) -> Bool {
        var left = diaries.map { $0[...] }
        while let next = left.compactMap(\.first).first(where: { number in
            left.allSatisfy { $0.first == number || !$0.contains(number) }
        }) {
            for index in left.indices where left[index].first == next {
                left[index] = left[index].dropFirst()
            }
        }
        return left.allSatisfy(\.isEmpty)
    }

    @Test("Writes of other scopes go on beside one that takes its time")
    func beside() async throws {
        try await PostgresDatabase.run { database in
            let store = database.store
            let isIn = Gate()
            let mayGo = Gate()
            let slow = Task {
                try await store.write(in: .pool(Self.pools[0])) { transaction in
                    try await transaction.set("a/a", to: "slow")
                    isIn.open()
                    await mayGo.wait()
                }
            }
            await isIn.wait()
            try await store.write(in: .pool(Self.pools[1])) { try await $0.set("b/b", to: "quick") }
            try await store.write(in: .named("x")) { try await $0.set("x", to: "quick") }
            #expect(try await store.read { try await $0.setting("a/a") } == nil)
            mayGo.open()
            try await slow.value
            #expect(try await store.read { try await $0.setting("a/a") } == "slow")
        }
    }

    @Test("Writes of one scope that wait together share one commit")
    func shared() async throws {
        try await PostgresDatabase.run { database in
            let store = database.store
            let transactions = Locked<Set<String>>([])
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<100 {
                    group.addTask {
                        let id = try await store.write(in: .named("x")) { transaction in
                            try await transaction.set("k\(index)", to: "")
                            return try await transaction.row("SELECT pg_current_xact_id()::text AS id")?
                                .text("id")
                        }
                        transactions.withLock { _ = $0.insert(id ?? "") }
                    }
                }
                try await group.waitForAll()
            }
            #expect(transactions.withLock { $0.count } < 50)
            #expect(try await database.execute("SELECT count(*) FROM settings") == ["100"])
        }
    }

    @Test("Limits are locked until the transaction's end, in an order in which nobody waits for each other")
    func limits() async throws {
        struct Refused: Error {}
        try await PostgresDatabase.run { database in
            let store = database.store
            try await store.write(in: .store) { transaction in
                _ = try await transaction.change(
                    .insert(
                        into: "limits",
                        ["id", "name", "slots", "active", "when_full", "created_at", "modified_at"]),
                    ["l1", "l2", "l3"].map { [$0, $0, 0, 1, "enqueue", noon, noon] })
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<100 {
                    group.addTask {
                        let chosen = Set(["l1", "l2", "l3"].shuffled().prefix(2) + ["nowhere"])
                        do {
                            try await store.write(in: .named("w\(index % 7)")) { transaction in
                                try await transaction.lock(limits: chosen)
                                for id in chosen.subtracting(["nowhere"]) {
                                    let row = try await transaction.row(
                                        "SELECT slots FROM limits WHERE id = $1", id)
                                    let slots = try row?.int("slots") ?? 0
                                    try await transaction.run(
                                        "UPDATE limits SET slots = $2 WHERE id = $1", id, slots + 1)
                                }
                                if index.isMultiple(of: 5) { throw Refused() }
                            }
                        } catch is Refused {
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await database.execute("SELECT sum(slots) FROM limits") == ["160"])
        }
    }

    @Test("So many pools at once that they would fill the table of locks lock the whole store")
    func many() {
        let many = Set((0..<1_000).map { PoolID(rawValue: "p/\($0)") })
        #expect(PostgresLocks(.pools(many), in: "s") == PostgresLocks(.store, in: "s"))
        #expect(PostgresLocks(.pools([samplePool]), in: "s") == PostgresLocks(.pool(samplePool), in: "s"))
        #expect(PostgresLocks(.pool(samplePool), in: "s") != PostgresLocks(.pool(samplePool), in: "t"))
    }
}
