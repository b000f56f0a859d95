import MusterCore
import MusterStore
import MusterTesting
import Testing

@testable import MusterEngine

@Suite("A pool whose tasks wait elsewhere")
struct ExternalPoolTests {
    private func bench(idle: Bool = true, _ change: (inout PoolDefinition) -> Void = { _ in }) async throws
        -> EngineBench
    {
        let bench = try await EngineBench()
        try await bench.define(max: 10) { definition in
            definition.source = .external(
                ExternalSource(
                    .file(path: "/d"), pending: .whole, claimed: .whole, idle: idle ? .whole : nil,
                    interval: .seconds(20), staleness: .seconds(60)))
            definition.lifecycle.registration = .none
            definition.lifecycle.claimsFromQueue = false
            definition.lifecycle.runningAfter = .seconds(5)
            definition.lifecycle.idleTimeout = .seconds(30)
            change(&definition)
        }
        return bench
    }

    private func launched(_ count: Int, idle: Bool = true) async throws -> EngineBench {
        let bench = try await bench(idle: idle)
        bench.source.say(pending: count, at: bench.clock.now(), idle: [])
        try await bench.pass()
        bench.clock.advance(by: .seconds(5))
        try await bench.reconcile()
        return bench
    }

    @Test("launches for what its source says, and reads it no more often than its interval")
    func interval() async throws {
        let bench = try await bench()
        bench.source.say(pending: 2, at: bench.clock.now())
        let pass = PoolPass(EngineBench.pool, in: bench.context, launcher: bench.launcher)
        let next = try await bench.pass(pass)
        #expect(bench.provider.started == 2 && bench.source.readings == 1)
        #expect(next == bench.clock.now() + .seconds(20))
        bench.source.say(pending: 5, at: bench.clock.now())
        bench.clock.advance(by: .seconds(19))
        try await bench.pass(pass)
        #expect(bench.provider.started == 2 && bench.source.readings == 1)
        bench.clock.advance(by: .seconds(1))
        try await bench.pass(pass)
        #expect(bench.provider.started == 5 && bench.source.readings == 2)
    }

    @Test("launches nothing but its minimum when the source fails, is stale, or speaks of the future")
    func unknown() async throws {
        let bench = try await bench { $0.scale.minCapacity = 1 }
        bench.source.fail()
        try await bench.pass()
        #expect(bench.provider.started == 1)
        #expect(try await bench.plan()?.pending == nil)
        #expect(try await bench.plan()?.reasons.first?.code == "demand-unknown")
        for age in [61, -61] {
            bench.source.say(pending: 7, at: bench.clock.now() - .seconds(age))
            try await bench.pass()
            #expect(bench.provider.started == 1, "\(age)")
            #expect(try await bench.plan()?.reasons.first?.code == "demand-unknown")
        }
        bench.source.say(pending: 7, at: bench.clock.now() - .seconds(60))
        try await bench.pass()
        #expect(bench.provider.started == 7)
    }

    @Test("counts an instance as running once its provider has listed it as such for long enough")
    func counted() async throws {
        let bench = try await bench()
        bench.source.say(pending: 2, at: bench.clock.now())
        bench.provider.behave(.boots)
        try await bench.pass()
        bench.clock.advance(by: .seconds(60))
        try await bench.reconcile()
        // One that only boots is on its way, for however long.
        #expect(try await bench.capacity()[.requested].workers == 2)
        let first = try #require(bench.provider.living.first?.id)
        bench.provider.change(first, to: .running)
        bench.clock.advance(by: .seconds(4))
        try await bench.reconcile()
        #expect(try await bench.capacity()[.running].workers == 0)
        bench.clock.advance(by: .seconds(1))
        try await bench.reconcile()
        #expect(try await bench.capacity()[.running].workers == 1)
        let running = try await bench.events().filter { $0.type == .workerRunning }
        #expect(running.count == 1)
        let config = try await bench.store.read { try await $0.launchConfigs(of: EngineBench.pool).first }
        #expect(config?.health.successes == 1)
        // Nothing changes when it is listed again.
        try await bench.reconcile()
        #expect(try await bench.events().filter { $0.type == .workerRunning }.count == 1)
        #expect(try await bench.bucketsAreTrue())
    }

    @Test("never judges the contact of its workers, and still launches when one is gone")
    func noContact() async throws {
        let bench = try await launched(2)
        bench.clock.advance(by: .seconds(86_400))
        try await bench.look()
        #expect(try await bench.capacity()[.running].workers == 2)
        let gone = try #require(bench.provider.living.first?.id)
        bench.provider.change(gone, to: .gone)
        try await bench.reconcile()
        bench.source.say(pending: 0, claimed: 2, at: bench.clock.now(), idle: [])
        try await bench.pass()
        #expect(bench.provider.started == 3)
    }

    @Test("retires only those that its source calls idle, after their time, and no busy one")
    func idle() async throws {
        let bench = try await launched(3)
        let names = bench.provider.living.map(\.id)
        bench.source.say(pending: 0, claimed: 1, at: bench.clock.now(), idle: Set(names.prefix(2)))
        try await bench.pass()
        #expect(try await bench.capacity()[.stopping].workers == 0)
        bench.clock.advance(by: .seconds(30))
        // One of them got work meanwhile.
        bench.source.say(pending: 0, claimed: 1, at: bench.clock.now(), idle: [names[0]])
        let pass = PoolPass(EngineBench.pool, in: bench.context, launcher: bench.launcher)
        try await bench.pass(pass)
        bench.clock.advance(by: .seconds(1))
        try await bench.pass(pass)
        let stopping = try await bench.workers().filter { $0.state == .stopping }.map(\.instanceID)
        #expect(stopping == [names[0]])
        #expect(try await bench.bucketsAreTrue())
    }

    @Test("retires nobody for the number when its source does not say who idles, and says so")
    func idleUnknown() async throws {
        let bench = try await launched(3, idle: false)
        bench.clock.advance(by: .seconds(3_600))
        bench.source.say(pending: 0, at: bench.clock.now())
        try await bench.pass()
        #expect(try await bench.capacity()[.running].workers == 3)
        #expect(try await bench.plan()?.reasons.last?.code == "idle-unknown")
    }

    @Test("lets a worker that drains go when its source calls it idle, and not before")
    func draining() async throws {
        let bench = try await launched(2)
        let names = bench.provider.living.map(\.id)
        let workers = try await bench.workers()
        let now = bench.clock.now()
        try await bench.store.write(in: .store) { transaction in
            for worker in workers {
                _ = try await transaction.drain(worker, because: StopReason.archived, at: now)
            }
        }
        try await bench.look()
        #expect(try await bench.capacity()[.draining].workers == 2)
        bench.source.say(pending: 0, claimed: 1, at: bench.clock.now(), idle: [names[1]])
        try await bench.pass()
        try await bench.look()
        for worker in workers {
            let state = try await bench.worker(worker.key)?.state
            #expect(state == (worker.instanceID == names[1] ? .stopping : .running))
        }
    }

    @Test("a registered worker counts as idle only when its source says so")
    func registered() async throws {
        let bench = try await bench { $0.lifecycle.registration = .required }
        bench.source.say(pending: 1, at: bench.clock.now(), idle: [])
        try await bench.pass()
        let key = try #require(try await bench.registerAll().first)
        #expect(try await bench.worker(key)?.idleSince == nil)
        bench.clock.advance(by: .seconds(3_600))
        try await bench.look()
        #expect(try await bench.worker(key)?.state == .running)
    }
}
