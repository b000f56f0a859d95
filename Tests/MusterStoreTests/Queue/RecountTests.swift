import MusterCore
import MusterStore
import MusterTesting
import Testing

@Suite struct RecountTests {
    @Test(
        "After any sequence of queue and worker operations nothing differs from a full recount",
        arguments: StoreEngine.allCases, 0..<UInt64(6))
    func nothingDiffers(engine: StoreEngine, seed: UInt64) async throws {
        try await engine.withStore { store in
            var life = try await QueueLife(store, seed: seed)
            for _ in 0..<12 {
                for _ in 0..<15 { try await life.step() }
                let differences = try await store.read { try await $0.counterDifferences() }
                #expect(differences.isEmpty, "seed \(seed): \(differences)")
            }
            let before = try await Self.counters(store)
            let mended = try await store.write(in: .store) { try await $0.recount(at: noon) }
            #expect(mended.isEmpty)
            #expect(try await Self.counters(store) == before)
        }
    }

    /// What somebody does to a number that is kept, and which number that is.
    static let damages: [(sql: String, counter: CounterDifference.Counter)] = [
        ("UPDATE capacity SET workers = workers + 1 WHERE bucket = 'running'", .capacity),
        ("UPDATE capacity SET capacity = 0 WHERE bucket = 'running'", .capacity),
        ("UPDATE capacity SET claimed = claimed - 1 WHERE bucket = 'running'", .capacity),
        ("DELETE FROM capacity WHERE bucket = 'running'", .capacity),
        ("INSERT INTO capacity VALUES ('demo/build', 'gone', 'overdue', 1, 2, 0)", .capacity),
        ("UPDATE workers SET claimed = claimed + 1 WHERE id = 'w0'", .claimed),
        ("UPDATE workers SET claimed = 0 WHERE claimed > 0", .claimed),
        ("UPDATE demand SET pending = pending + 3", .demand),
        ("DELETE FROM demand", .demand),
        ("UPDATE tenants SET pending = 0", .tenants),
        ("UPDATE tenants SET pending = -1 WHERE tenant = 'alice'", .tenants),
        ("INSERT INTO tenants VALUES ('demo/build', 'nobody', '', 0, 0, 5, 0)", .tenants),
        ("DELETE FROM tenants WHERE tenant = 'alice'", .tenants),
        ("UPDATE tenant_counts SET pending = pending + 1 WHERE tenant = 'alice'", .tenantCounts),
        ("DELETE FROM tenant_counts", .tenantCounts),
    ]

    @Test(
        "Each damage to a counter is found, and mended by a full recount",
        arguments: StoreEngine.allCases, damages.indices)
    func damage(engine: StoreEngine, index: Int) async throws {
        let (sql, counter) = Self.damages[index]
        try await engine.withStore { store in
            try await Self.busy(store)
            let sound = try await Self.counters(store)
            let changed = try await store.write(in: .store) { try await $0.run(sql) }
            #expect(changed > 0)
            let found = try await store.read { try await $0.counterDifferences() }
            #expect(found.contains { $0.counter == counter && $0.workerPoolId == samplePool })
            #expect(found.allSatisfy { $0.stored != $0.counted })
            let mended = try await store.write(in: .store) { try await $0.recount(at: noon) }
            #expect(mended.contains { $0.counter == counter })
            #expect(try await store.read { try await $0.counterDifferences() }.isEmpty)
            #expect(try await Self.counters(store) == sound)
            // The queue goes on as if nothing had been.
            let worker = try await runWorker(store, "next", capacity: 10)
            #expect(try await store.claim(worker, 10, request: "all").tasks.count == 6)
            #expect(try await store.read { try await $0.counterDifferences() }.isEmpty)
        }
    }

    @Test(
        "A worker that holds nothing after a full recount is idle, and looked at",
        arguments: StoreEngine.allCases
    )
    func idle(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await definePool(store)
            let key = try await runWorker(store, "w0", capacity: 2)
            _ = try await store.write(in: .store) {
                try await $0.run("UPDATE workers SET claimed = 2, idle_since = NULL, next_look_at = NULL")
            }
            let later = noon + .seconds(60)
            let mended = try await store.write(in: .store) { try await $0.recount(at: later) }
            #expect(mended.contains { $0.counter == .claimed && $0.stored == 2 && $0.counted == 0 })
            let worker = try await store.read { try await $0.worker(key) }
            #expect(worker?.claimed == 0 && worker?.idleSince == later)
            #expect(try await store.read { try await $0.nextWorkerLook() } == later)
        }
    }

    /// A pool with three workers that hold four tasks, and six tasks that wait.
    private static func busy(_ store: any Store) async throws {
        try await definePool(store)
        _ = try await store.write(in: .store) {
            try await $0.submit(
                (0..<10).map { index in
                    sampleTask(
                        "t\(index)", tenant: index % 2 == 0 ? "alice" : "bob",
                        priority: index < 5 ? .high : .low)
                })
        }
        for (index, count) in [2, 1, 1].enumerated() {
            let worker = try await runWorker(store, "w\(index)", capacity: 2)
            _ = try await store.claim(worker, count, request: "r\(index)")
        }
    }

    /// Every number that is kept and is not zero.
    private static func counters(_ store: any Store) async throws -> [String] {
        try await store.read { transaction in
            var lines: [String] = []
            for row in try await transaction.rows("SELECT * FROM demand WHERE pending <> 0 ORDER BY pool_id")
            {
                lines.append("demand \(try row.text("pool_id")) \(try row.int("pending"))")
            }
            for row in try await transaction.rows(
                "SELECT * FROM tenants WHERE pending <> 0 ORDER BY pool_id, tenant")
            {
                let tenant = try row.text("tenant")
                lines.append("tenant \(try row.text("pool_id")) \(tenant) \(try row.int("pending"))")
            }
            for row in try await transaction.rows(
                "SELECT * FROM tenant_counts WHERE pending <> 0 ORDER BY pool_id, tenant, priority")
            {
                let place = "\(try row.text("tenant")) \(try row.int("priority"))"
                lines.append("count \(try row.text("pool_id")) \(place) \(try row.int("pending"))")
            }
            for row in try await transaction.rows("SELECT id, claimed FROM workers ORDER BY id") {
                lines.append("worker \(try row.text("id")) \(try row.int("claimed"))")
            }
            let capacity = try await transaction.capacityOfAllPools()[samplePool] ?? [:]
            for (config, table) in capacity.sorted(by: { $0.key < $1.key }) {
                for bucket in Bucket.allCases where table[bucket] != .zero {
                    lines.append("capacity \(config) \(bucket) \(table[bucket])")
                }
            }
            return lines
        }
    }
}

/// What happens to a queue and its workers, at random.
private struct QueueLife {
    private let store: any Store
    private var generator: SeededGenerator
    private var now = noon
    private var count = 0
    private var workers: [WorkerKey] = []
    private static let pools = [samplePool, PoolID(rawValue: "demo/other")]

    init(_ store: any Store, seed: UInt64) async throws {
        self.store = store
        generator = SeededGenerator(seed: seed)
        for pool in Self.pools { try await definePool(store, pool) }
    }

    mutating func step() async throws {
        now = now + .seconds(Int64.random(in: 0...20, using: &generator))
        count += 1
        let now = now
        switch Int.random(in: 0..<12, using: &generator) {
        case 0, 1: try await submit()
        case 2: workers.append(try await runWorker(store, "w\(count)", capacity: 3, pool: pool()))
        case 3, 4, 5:
            guard let worker = workers.randomElement(using: &generator) else { return }
            let tasks = Int.random(in: 1...3, using: &generator)
            _ = try await store.claim(worker, tasks, request: "r\(count)", at: now)
        case 6, 7: try await report()
        case 8:
            let tasks = try await store.read { try await $0.rows("SELECT id FROM tasks") }
            guard let row = tasks.randomElement(using: &generator) else { return }
            let id = try row.value("id", as: TaskID.self)
            _ = try await store.write(in: .store) { try await $0.cancel(id, at: now) }
        case 9:
            _ = try await store.write(in: .store) {
                try await $0.expireClaims(of: [samplePool], by: now, limit: 3)
            }
        case 10: try await end()
        default:
            _ = try await store.write(in: .store) { transaction in
                _ = try await transaction.resolveOverdueTasks(of: [samplePool], by: now, limit: 3)
                _ = try await transaction.deleteResolvedTasks(before: now - .seconds(60), limit: 2)
                return try await transaction.deleteStoppedWorkers(before: now - .seconds(60), limit: 2)
            }
            workers = try await living()
        }
    }

    private mutating func pool() -> PoolID { Self.pools.randomElement(using: &generator) ?? samplePool }

    private mutating func submit() async throws {
        var tasks: [QueuedTask] = []
        for index in 0..<Int.random(in: 1...6, using: &generator) {
            tasks.append(
                sampleTask(
                    "t\(count)-\(index)",
                    tenant: ["alice", "bob", "carol"].randomElement(using: &generator) ?? "alice",
                    priority: Priority.allCases.randomElement(using: &generator) ?? .medium,
                    retries: Int.random(in: 0...2, using: &generator), pool: pool(),
                    deadline: now + .seconds(Int64.random(in: 30...2_000, using: &generator))))
        }
        let submitted = tasks
        _ = try await store.write(in: .store) { try await $0.submit(submitted) }
    }

    private mutating func report() async throws {
        let held = try await store.read { try await $0.rows("SELECT * FROM tasks WHERE state = 'running'") }
        guard let row = held.randomElement(using: &generator) else { return }
        let run = RunReference(taskID: try row.value("id", as: TaskID.self), runID: try row.int("run_id"))
        let worker = WorkerKey(
            poolID: try row.value("pool_id", as: PoolID.self),
            group: try row.value("worker_group", as: WorkerGroup.self),
            id: try row.value("worker_id", as: WorkerID.self))
        let end =
            Bool.random(using: &generator)
            ? RunEnd(.completed, because: .completed, exitCode: 0)
            : RunEnd(.exception, because: .workerShutdown)
        let now = now
        _ = try await store.write(in: .store) { try await $0.report(run, by: worker, end, at: now) }
    }

    /// Lets a worker go, as the engine does it: its claims end with it.
    private mutating func end() async throws {
        guard let key = workers.randomElement(using: &generator) else { return }
        let now = now
        try await store.write(in: .store) { transaction in
            try await transaction.endClaims(of: key, because: .claimExpired, at: now)
            guard let old = try await transaction.worker(key) else { return }
            var worker = old
            _ = worker.gone(at: now, because: "test")
            try await transaction.save(worker, was: old, lookAt: nil)
        }
        workers.removeAll { $0 == key }
    }

    private func living() async throws -> [WorkerKey] {
        try await store.read { transaction in
            var keys: [WorkerKey] = []
            for key in workers where try await transaction.worker(key) != nil { keys.append(key) }
            return keys
        }
    }
}
