import MusterCore
import MusterStore
import MusterTesting
import Testing

@testable import MusterEngine

@Suite("Passes that learn")
struct AnticipatedPassTests {
    /// Bursts of six tasks, one each ten minutes, each done after a minute; the last one over a while ago.
    private func burst(_ bench: EngineBench, _ pass: PoolPass, times: Int) async throws {
        for burst in 0..<times {
            _ = try await bench.submit(6)
            try await bench.pass(pass)
            for step in 0..<60 {
                bench.clock.advance(by: .seconds(10))
                try await bench.registerAll()
                for worker in try await bench.workers() where worker.state == .running && worker.claimed == 0
                {
                    for task in try await bench.claim(worker.key, request: "\(burst).\(step)") {
                        _ = try await bench.tasks.report(
                            task.run, by: worker.key, RunEnd(.completed, because: .completed))
                    }
                }
                try await bench.pass(pass)
            }
        }
    }

    /// A pool to which waiting is worth so much that it keeps what any burst has needed, after five of them.
    private func eager() async throws -> (EngineBench, PoolPass) {
        let bench = try await EngineBench()
        try await bench.define(max: 50) { $0.anticipation.waitValue = 500 }
        let pass = PoolPass(EngineBench.pool, in: bench.context, launcher: bench.launcher)
        try await burst(bench, pass, times: 5)
        return (bench, pass)
    }

    @Test("After bursts that come again and again, workers stay for the next one")
    func keeps() async throws {
        let (bench, pass) = try await eager()
        let running = try await bench.capacity()[.running].workers
        #expect(running == 6)
        let plan = try #require(try await pass.decide())
        #expect(plan.reasons.contains { $0.code == "headroom" || $0.code == "kept" })
    }

    @Test("Where it is switched off they go, whatever has been learned")
    func off() async throws {
        let bench = try await EngineBench()
        try await bench.define { $0.anticipation = .off }
        let pass = PoolPass(EngineBench.pool, in: bench.context, launcher: bench.launcher)
        try await burst(bench, pass, times: 5)
        #expect(try await bench.capacity()[.running].workers == 0)
        #expect(try await bench.store.read { try await $0.demandStatistics(of: EngineBench.pool) } == nil)
    }

    @Test("The next process goes on from what the last one learned")
    func restarted() async throws {
        let (bench, pass) = try await eager()
        let before = try #require(try await pass.decide())
        #expect(before.wanted == 6)
        let next = try await bench.restarted()
        let after = try #require(
            try await PoolPass(EngineBench.pool, in: next.context, launcher: next.launcher).decide())
        #expect(after.wanted == before.wanted)
    }

    @Test("A worker that registers teaches how long workers of its launch config take to come")
    func boots() async throws {
        let bench = try await EngineBench()
        try await bench.define()
        _ = try await bench.submit(2)
        try await bench.pass()
        bench.clock.advance(by: .seconds(90))
        try await bench.registerAll()
        #expect(try await boots(bench) == BootStatistics(mean: 90, count: 2))
    }

    @Test("What took longer than a boot may take was not one")
    func longBoot() async throws {
        let bench = try await EngineBench()
        try await bench.define()
        _ = try await bench.submit(1)
        try await bench.pass()
        bench.clock.advance(by: .seconds(8 * 3_600))
        try await bench.registerAll()
        #expect(try await boots(bench) == BootStatistics(mean: 20 * 60, count: 1))
    }

    @Test("A worker that could not register since nobody was there says nothing of boots")
    func outage() async throws {
        let bench = try await EngineBench()
        try await bench.define()
        _ = try await bench.submit(1)
        try await bench.pass()
        bench.clock.advance(by: .seconds(600))
        let next = try await bench.restarted()
        try await next.registerAll()
        #expect(try await next.capacity()[.running].workers == 1)
        #expect(try await boots(next) == BootStatistics())
    }

    private func boots(_ bench: EngineBench) async throws -> BootStatistics? {
        try await bench.store.read {
            try await $0.launchConfig(LaunchConfigID(rawValue: "standard"), of: EngineBench.pool)?.boots
        }
    }

    @Test("What is left to running workers is looked at again as soon as that is no longer believed")
    func belief() async throws {
        let bench = try await EngineBench()
        try await bench.define(max: 50)
        _ = try await bench.submit(1)
        try await bench.pass()
        let worker = try await bench.registerAll()[0]
        #expect(try await bench.claim(worker).count == 1)
        // One worker got through with ten tasks within ten seconds, time and again.
        var statistics = DemandStatistics(at: bench.clock.now())
        for second in 0..<3_600 {
            statistics.observe(
                tasks: max(1, 10 - second % 60), isWaiting: second % 60 < 9, running: 1, requested: 0,
                lead: .seconds(10), at: bench.clock.now())
            bench.clock.advance(by: .seconds(1))
        }
        let learned = statistics
        try await bench.store.write(in: .pool(EngineBench.pool)) {
            try await $0.save(learned, of: EngineBench.pool)
        }
        _ = try await bench.submit(2)
        let pass = PoolPass(EngineBench.pool, in: bench.context, launcher: bench.launcher)
        let next = try await bench.pass(pass)
        #expect(bench.provider.started == 1)
        #expect(try await bench.plan()?.reasons.contains { $0.code == "freed-first" } == true)
        #expect(next == bench.clock.now() + .seconds(10))
        // They have waited for as long as a new worker takes, and nothing has fallen.
        bench.clock.advance(by: .seconds(11))
        try await bench.pass(pass)
        #expect(bench.provider.started == 3)
    }
}
