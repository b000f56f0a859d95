import MusterClouds
import MusterCore
import MusterStore
import MusterTesting
import Testing

@testable import MusterEngine

@Suite struct PoolPassTests {
    @Test("One pending task and workers that boot slowly: one worker, however many passes happen meanwhile")
    func slowBoot() async throws {
        let bench = try await EngineBench()
        try await bench.define()
        _ = try await bench.submit(1)
        bench.provider.behave(.boots)
        let pass = PoolPass(EngineBench.pool, in: bench.context, launcher: bench.launcher)
        for _ in 0..<25 {
            try await bench.pass(pass)
            bench.clock.advance(by: .seconds(2))
        }
        #expect(bench.provider.started == 1)
        #expect(bench.provider.calls.count == 1)
        // Also while the answer to the call has not come yet.
        #expect(try await bench.workers().count == 1)
    }

    @Test("A launch whose answer has not come counts as on its way")
    func unanswered() async throws {
        let bench = try await EngineBench()
        try await bench.define()
        _ = try await bench.submit(1)
        bench.provider.behave(.losesAnswer)
        for _ in 0..<5 { try await bench.pass() }
        #expect(bench.provider.calls.count == 1)
        #expect(try await bench.capacity()[.requested] == CapacityTally(workers: 1, capacity: 1))
    }

    @Test(
        "A hundred tasks and a maximum of five: never a sixth, also with four tasks per instance",
        arguments: [1, 2, 4])
    func maximum(unit: Int) async throws {
        let bench = try await EngineBench()
        try await bench.define(["standard": unit], max: 5)
        _ = try await bench.submit(100)
        for _ in 0..<6 {
            try await bench.pass()
            try await bench.registerAll()
            for worker in try await bench.workers() {
                _ = try await bench.claim(worker.key, unit, request: "\(worker.claimed)")
            }
        }
        #expect(try await bench.capacity().counted == 5 / unit * unit)
        #expect(bench.provider.started == 5 / unit)
    }

    @Test("A thousand busy workers of an archived config do not ask for a thousand new ones")
    func archivedBusy() async throws {
        let bench = try await EngineBench()
        try await bench.define(["old": 1], max: 3_000)
        _ = try await bench.submit(1_000)
        try await bench.pass()
        let keys = try await bench.registerAll()
        #expect(keys.count == 1_000)
        for key in keys { _ = try await bench.claim(key) }
        try await bench.define(["new": 1], max: 3_000)
        for _ in 0..<3 { try await bench.pass() }
        #expect(bench.provider.started == 1_000)
        #expect(
            try await bench.capacity()[.draining]
                == CapacityTally(workers: 1_000, capacity: 1_000, claimed: 1_000))
        #expect(try await bench.bucketsAreTrue())
        // What waits is launched for, from the new config only.
        _ = try await bench.submit(2)
        try await bench.pass()
        #expect(bench.provider.started == 1_002)
    }

    @Test("Idle workers are retired once they have idled for long enough, and the minimum stays")
    func retires() async throws {
        let bench = try await EngineBench()
        try await bench.define(min: 1, max: 5) {
            $0.lifecycle.idleTimeout = .seconds(60)
            $0.anticipation = .off
        }
        let tasks = try await bench.submit(3)
        try await bench.pass()
        let keys = try await bench.registerAll()
        for key in keys {
            for task in try await bench.claim(key) {
                _ = try await bench.tasks.report(task.run, by: key, RunEnd(.completed, because: .completed))
            }
        }
        #expect(tasks.count == keys.count)
        bench.clock.advance(by: .seconds(59))
        let next = try await bench.pass()
        #expect(try await bench.capacity()[.running].workers == 3)
        #expect(next == bench.clock.now() + .seconds(1))
        bench.clock.advance(by: .seconds(1))
        try await bench.pass()
        #expect(try await bench.capacity()[.running].workers == 1)
        #expect(try await bench.capacity()[.stopping].workers == 2)
    }

    @Test("A worker that got work after the plan was made is not retired by it")
    func noRetirementOfBusy() async throws {
        let bench = try await EngineBench()
        try await bench.define()
        _ = try await bench.submit(1)
        try await bench.pass()
        let key = try #require(try await bench.registerAll().first)
        _ = try await bench.claim(key)
        let now = bench.clock.now()
        try await bench.store.write(in: .store) { try await $0.retireIfIdle(key, at: now) }
        #expect(try await bench.worker(key)?.state == .running)
    }

    @Test("A paused pool and a frozen fleet launch nothing, say why, and go on when resumed")
    func holds() async throws {
        let bench = try await EngineBench()
        try await bench.define()
        _ = try await bench.submit(1)
        _ = try await bench.control.pause(EngineBench.pool, Pause(reason: "test"), by: "me")
        try await bench.pass()
        #expect(try await bench.plan()?.reasons.map(\.code).contains("paused") == true)
        _ = try await bench.control.resume(EngineBench.pool, by: "me")
        try await bench.control.freeze(reason: "incident", by: "me")
        try await bench.pass()
        #expect(try await bench.plan()?.reasons.map(\.code).contains("frozen") == true)
        #expect(bench.provider.calls.isEmpty)
        try await bench.control.unfreeze(by: "me")
        try await bench.pass()
        #expect(bench.provider.calls.count == 1)
    }

    @Test("A pause that ends by itself makes the pass due at its end")
    func pauseEnds() async throws {
        let bench = try await EngineBench()
        try await bench.define()
        _ = try await bench.submit(1)
        let until = bench.clock.now() + .seconds(90)
        _ = try await bench.control.pause(EngineBench.pool, Pause(until: until), by: "me")
        #expect(try await bench.pass() == until)
        bench.clock.advance(by: .seconds(90))
        try await bench.pass()
        #expect(bench.provider.calls.count == 1)
    }

    @Test("A process that lost its lease writes nothing and launches nothing")
    func leaseLost() async throws {
        let bench = try await EngineBench()
        try await bench.define()
        let pass = PoolPass(EngineBench.pool, in: bench.context, launcher: bench.launcher)
        try await bench.pass(pass)
        // It sleeps for so long that another takes the pool.
        bench.clock.advance(by: bench.context.policy.leaseTime)
        try await bench.otherTakesPool()
        _ = try await bench.submit(1)
        let elsewhere = await #expect(throws: HeldElsewhere.self) { try await bench.pass(pass) }
        #expect(elsewhere?.holder == "other" && elsewhere?.until == bench.clock.now() + .seconds(60))
        #expect(bench.provider.calls.isEmpty)
        #expect(try await bench.capacity()[.requested] == .zero)
    }

    @Test("A lease lost while a process believes in it is noticed by the write: nothing is written")
    func leaseTakenMeanwhile() async throws {
        let bench = try await EngineBench()
        try await bench.define()
        let pass = PoolPass(EngineBench.pool, in: bench.context, launcher: bench.launcher)
        try await bench.pass(pass)
        // The store's clock has let another have it; by this process's own it would still hold.
        _ = try await bench.store.write(in: .store) { transaction in
            try await transaction.run(
                "UPDATE leases SET holder = 'other', epoch = epoch + 1 WHERE name LIKE 'pool:%'")
        }
        _ = try await bench.submit(1)
        let problem = await #expect(throws: Problem.self) { try await bench.pass(pass) }
        #expect(problem?.code == .leaseLost)
        #expect(bench.provider.calls.isEmpty)
        #expect(try await bench.store.read { try await $0.plannedLaunches(limit: 10) }.isEmpty)
    }

    @Test("A plan that repeats is stored once, with a count")
    func repeatedPlan() async throws {
        let bench = try await EngineBench()
        try await bench.define()
        let pass = PoolPass(EngineBench.pool, in: bench.context, launcher: bench.launcher)
        for _ in 0..<4 {
            try await bench.pass(pass)
            bench.clock.advance(by: bench.context.policy.planRefresh)
        }
        let rows = try await bench.store.read { try await $0.rows("SELECT repeats FROM plans") }
        #expect(try rows.map { try $0.int("repeats") } == [4])
    }
}
