import MusterCore
import MusterRuntime
import MusterStore
import MusterTesting
import Testing

@Suite("Connections that are cut")
struct PostgresCutTests {
    /// Counts up a setting and leaves a row: what is done twice or half shows.
    private func count(_ store: any Store, _ number: Int) async throws {
        try await store.write(in: .named("count")) { transaction in
            let count = try await transaction.setting("count").flatMap(Int.init) ?? 0
            try await transaction.set("count", to: "\(count + 1)")
            try await transaction.run("INSERT INTO settings (name, value) VALUES ($1, '')", "row\(number)")
        }
    }

    @Test(
        "A write whose connection is cut, at whatever statement and also at its commit, is done exactly once",
        arguments: PostgresProxy.Cut.allCases)
    func everyStage(cut: PostgresProxy.Cut) async throws {
        let proxy = Locked<PostgresProxy?>(nil)
        try await PostgresDatabase.run(proxied: { server in
            let made = try PostgresProxy(to: server.port)
            proxy.withLock { $0 = made }
            return made
        }) { database in
            let proxy = try #require(proxy.withLock { $0 })
            try await count(database.store, 0)
            proxy.cut(.before, at: .max)
            try await count(database.store, 1)
            let stages = proxy.statements
            #expect(stages.first?.hasPrefix("BEGIN") == true && stages.last == "COMMIT")
            for stage in stages.indices {
                proxy.cut(cut, at: stage)
                try await count(database.store, stage + 2)
                #expect(!proxy.isArmed, "stage \(stage)")
            }
            let value = try await database.store.read { try await $0.setting("count") }
            #expect(value == "\(stages.count + 2)")
            let rows = try await database.store.read {
                try await $0.rows("SELECT 1 FROM settings WHERE name LIKE 'row%'").count
            }
            #expect(rows == stages.count + 2)
            proxy.close()
        }
    }

    @Test("A read whose connection is cut is done again on one moment")
    func reads() async throws {
        let proxy = Locked<PostgresProxy?>(nil)
        try await PostgresDatabase.run(proxied: { server in
            let made = try PostgresProxy(to: server.port)
            proxy.withLock { $0 = made }
            return made
        }) { database in
            let proxy = try #require(proxy.withLock { $0 })
            try await count(database.store, 0)
            for stage in 0..<3 {
                proxy.cut(.before, at: stage)
                let (count, row) = try await database.store.read { transaction in
                    (try await transaction.setting("count"), try await transaction.setting("row0"))
                }
                #expect(count == "1" && row == "")
                #expect(!proxy.isArmed)
            }
            proxy.close()
        }
    }

    @Test("Whoever ends all connections while many write loses nothing and doubles nothing")
    func terminated() async throws {
        try await PostgresDatabase.run { database in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<6 {
                    group.addTask {
                        for index in 0..<50 { try await self.count(database.store, writer * 50 + index) }
                    }
                }
                group.addTask {
                    for wanted in stride(from: 30, through: 240, by: 30) {
                        // A look at what is committed, not a wait for time to pass.
                        while try await database.execute("SELECT count(*) FROM settings").first
                            .flatMap(Int.init) ?? 0 < wanted
                        {
                            await Task.yield()
                        }
                        try await database.cutAll()
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await database.store.read { try await $0.setting("count") } == "300")
            #expect(try await database.execute("SELECT count(*) FROM settings") == ["301"])
        }
    }

    @Test("A server that is stopped and started again is waited for, and nothing is lost or doubled")
    func restarted() async throws {
        let server = try await PostgresServer()
        try await PostgresDatabase.run(server) { database in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<4 {
                    group.addTask {
                        for index in 0..<100 { try await self.count(database.store, writer * 100 + index) }
                    }
                }
                for _ in 0..<3 {
                    await server.stop()
                    try await server.start()
                }
                try await group.waitForAll()
            }
            #expect(try await database.store.read { try await $0.setting("count") } == "400")
            #expect(try await database.execute("SELECT count(*) FROM settings") == ["401"])
        }
        await server.stop()
    }
}
