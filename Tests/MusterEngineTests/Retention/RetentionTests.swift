import MusterCore
import MusterStore
import MusterTesting
import Testing

@testable import MusterEngine

@Suite("Retention")
struct RetentionTests {
    private static let tables = [
        "outbox", "errors", "tasks", "runs", "tenants", "tenant_counts", "workers", "launches", "tokens",
        "audit",
    ]

    private func counts(_ bench: EngineBench) async throws -> [String: Int] {
        try await bench.store.read { transaction in
            var counts: [String: Int] = [:]
            for table in Self.tables {
                counts[table] = try await transaction.row("SELECT count(*) AS n FROM \(table)")?.int("n")
            }
            return counts
        }
    }

    private func sweep(_ bench: EngineBench) async throws { try await RetentionSweep(bench.context).run() }

    private func finish(_ bench: EngineBench, _ worker: WorkerKey, tasks: Int) async throws {
        for task in try await bench.ask(worker, tasks: tasks).tasks {
            _ = try await bench.tasks.report(task.run, by: worker, RunEnd(.completed, because: .completed))
        }
    }

    @Test("forgets each kind when its own time has come, and nothing that still lives")
    func eachKind() async throws {
        var policy = EnginePolicy()
        policy.retention.events = .seconds(1_000)
        policy.retention.errors = .seconds(2_000)
        policy.retention.tasks = .seconds(3_000)
        policy.retention.tenants = .seconds(4_000)
        policy.retention.workers = .seconds(5_000)
        policy.retention.launches = .seconds(6_000)
        policy.retention.audit = .seconds(8_000)
        let bench = try await EngineBench(policy: policy)
        // A worker that is gone, from a launch of its own, and one that lives.
        for minimum in 1...2 {
            try await bench.define(min: minimum) { $0.lifecycle.reregistrationTimeout = .seconds(7_000) }
            try await bench.pass()
        }
        let workers = try await bench.registerAll()
        _ = try await bench.submit(2)
        try await finish(bench, workers[0], tasks: 1)
        #expect(try await bench.ask(workers[1], tasks: 1).tasks.count == 1)
        bench.provider.change(workers[0].id.rawValue, to: .gone)
        try await bench.reconcile()
        let now = bench.clock.now()
        try await bench.store.write(in: .store) {
            try await $0.save(
                ReportedError(
                    id: "e", poolID: EngineBench.pool, kind: "test", title: "", description: "", at: now))
        }

        var expected = try await counts(bench)
        #expect(expected["workers"] == 2 && expected["launches"] == 2 && expected["tokens"] == 1)
        let ends: [[String: Int]] = [
            ["outbox": 0], ["errors": 0], ["tasks": 1, "runs": 0], ["tenants": 0],
            ["workers": 1], ["launches": 1], ["tokens": 0], ["audit": 0],
        ]
        // Counts of blocks in which nothing waits any more go with the first sweep.
        expected["tenant_counts"] = 0
        for (index, end) in ends.enumerated() {
            bench.clock.advance(by: .seconds(1_000) - (index == 0 ? .zero : .milliseconds(1)))
            try await sweep(bench)
            #expect(try await counts(bench) == expected)
            bench.clock.advance(by: .milliseconds(1))
            try await sweep(bench)
            expected.merge(end) { $1 }
            #expect(try await counts(bench) == expected)
            #expect(try await bench.bucketsAreTrue())
        }
        #expect(try await bench.store.read { try await $0.launchConfigs(of: EngineBench.pool).count } == 1)
    }

    @Test("keeps launches for as long as the brake counts them, however short their retention")
    func brake() async throws {
        var policy = EnginePolicy()
        policy.retention.launches = .seconds(1)
        let bench = try await EngineBench(policy: policy)
        try await bench.define(max: 10) { $0.scale.instancesPerHour = 3 }
        _ = try await bench.submit(5)
        bench.provider.behave(.refuses(CloudError(.transient, cloudCode: "x", message: "no")))
        try await bench.pass()
        bench.provider.behave(.gives)
        bench.clock.advance(by: .seconds(3_599))
        try await sweep(bench)
        try await bench.pass()
        #expect(bench.provider.calls.count == 1)
        #expect(try await bench.plan()?.reasons.map(\.code).contains("braked") == true)
        bench.clock.advance(by: .seconds(1))
        // After the refusals one is tried, and then two.
        for started in [1, 3] {
            try await bench.pass()
            #expect(bench.provider.started == started)
        }
    }

    @Test("deletes a bounded number of rows in one transaction, and all that are due in one sweep")
    func bounded() async throws {
        var policy = EnginePolicy()
        policy.rowsPerDeletion = 4
        let bench = try await EngineBench(policy: policy)
        let workers = try await bench.runningWorkers(10)
        _ = try await bench.submit(10)
        try await finish(bench, workers[0], tasks: 10)
        for worker in workers { bench.provider.change(worker.id.rawValue, to: .gone) }
        try await bench.reconcile()
        try await sweep(bench)
        #expect(try await counts(bench)["tasks"] == 10)
        bench.clock.advance(by: .seconds(8 * 86_400))
        let events = try #require(try await counts(bench)["outbox"])
        let before = bench.store.writes
        try await sweep(bench)
        let left = try await counts(bench)
        #expect(left["tasks"] == 0 && left["workers"] == 0 && left["launches"] == 0 && left["outbox"] == 0)
        // One for the lease, three transactions each for ten tasks and ten workers, one for each of the six
        // other kinds, and one for what is unused.
        #expect(bench.store.writes - before == 1 + 3 + 3 + events / 4 + 1 + 6 + 1)
        #expect(try await bench.bucketsAreTrue())
    }

    @Test("deletes events that no sink has got, and the sinks go on behind them")
    func undelivered() async throws {
        let bench = try await EngineBench()
        try await bench.define()
        let sink = RecordingSink()
        bench.clock.advance(by: .seconds(3 * 86_400 + 1))
        _ = try await bench.submit(1)
        try await sweep(bench)
        try await Publisher(sink, fleet: "f", in: bench.context).run()
        #expect(sink.events.map(\.type) == [.taskSubmitted])
    }

    @Test("deletes an archived launch config when no worker and no launch is left of it")
    func launchConfigs() async throws {
        let bench = try await EngineBench()
        try await bench.define(["old": 1], min: 1)
        try await bench.pass()
        let worker = try #require(try await bench.registerAll().first)
        try await bench.define(["new": 1, "unused": 1])
        try await bench.define(["new": 1])
        func configs() async throws -> [String] {
            try await bench.store.read {
                try await $0.launchConfigs(of: EngineBench.pool).map(\.id.rawValue).sorted()
            }
        }
        try await sweep(bench)
        #expect(try await configs() == ["new", "old"])
        bench.provider.change(worker.id.rawValue, to: .gone)
        try await bench.reconcile()
        try await sweep(bench)
        #expect(try await configs() == ["new", "old"])
        bench.clock.advance(by: .seconds(8 * 86_400))
        try await sweep(bench)
        #expect(try await configs() == ["new"])
        #expect(try await bench.bucketsAreTrue())
    }

    @Test("removes a deleted pool once nothing is left of it; then it can be defined anew")
    func deletedPool() async throws {
        let bench = try await EngineBench()
        let worker = try await bench.runningWorkers(1)[0]
        _ = try await bench.submit(1)
        try await finish(bench, worker, tasks: 1)
        try await bench.control.delete(EngineBench.pool, by: "test")
        bench.clock.advance(by: .seconds(8 * 86_400))
        try await sweep(bench)
        // Its worker still lives.
        #expect(try await bench.store.read { try await $0.pool(EngineBench.pool) }?.isDeleted == true)
        bench.provider.change(worker.id.rawValue, to: .gone)
        try await bench.reconcile()
        bench.clock.advance(by: .seconds(8 * 86_400))
        try await sweep(bench)
        #expect(try await bench.store.read { try await $0.poolIDs() } == [])
        for table in ["capacity", "queues", "demand", "plans", "launch_configs"] {
            #expect(
                try await bench.store.read { try await $0.rows("SELECT 1 AS one FROM \(table)").count } == 0)
        }
        try await bench.define()
        #expect(try await bench.store.read { try await $0.pool(EngineBench.pool) }?.isDeleted == false)
    }
}
