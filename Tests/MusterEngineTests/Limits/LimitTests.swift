import MusterCore
import MusterRuntime
import MusterStore
import MusterTesting
import Testing

@testable import MusterEngine

@Suite("Limits of pools")
struct PoolLimitTests {
    private let gpu = LimitName(rawValue: "gpu")

    private func settings(_ slots: Int? = nil, _ change: (inout LimitSettings) -> Void = { _ in })
        -> LimitSettings
    {
        var settings = LimitSettings()
        settings.slots = slots
        change(&settings)
        return settings
    }

    private func limit(_ bench: EngineBench, _ name: LimitName) async throws -> ConcurrencyLimit? {
        try await bench.store.read { try await $0.limit(named: name) }
    }

    @Test("A task that its limit holds back launches nothing, and the plan says which limit it is")
    func demand() async throws {
        let bench = try await EngineBench()
        try await bench.define(max: 10) { $0.limit = .own(slots: 2) }
        _ = try await bench.submit(7)
        try await bench.pass()
        #expect(bench.provider.started == 2)
        let plan = try await bench.plan()
        #expect(plan?.pending == 7 && plan?.wanted == 2)
        #expect(plan?.heldBack == ["pool:demo/build": 5])
        #expect(plan?.reasons.map(\.code).contains("held-back") == true)
    }

    @Test("What two pools want of a shared limit is divided: no worker is launched twice for one slot")
    func shared() async throws {
        let bench = try await EngineBench()
        _ = try await bench.control.createLimit(gpu, settings(3), by: "test")
        try await bench.define(max: 10) { $0.limit = .shared(gpu) }
        let other = PoolID(rawValue: "demo/other")
        try await bench.define(max: 10) {
            $0.id = other
            $0.limit = .shared(gpu)
        }
        _ = try await bench.submit(5)
        _ = try await bench.tasks.submit(
            (0..<5).map { _ in TaskSubmission(poolID: other, payload: TaskPayload(command: ["true"])) })
        try await bench.pass()
        try await bench.pass(PoolPass(other, in: bench.context, launcher: bench.launcher))
        #expect(bench.provider.started == 3)
    }

    @Test("Shared limit deleted with one owner: it stays, and the others keep it")
    func sharedLimitDeletedWithOneOwner() async throws {
        let bench = try await EngineBench()
        _ = try await bench.control.createLimit(gpu, settings(3), by: "test")
        let other = PoolID(rawValue: "demo/other")
        for id in [EngineBench.pool, other] {
            try await bench.define {
                $0.id = id
                $0.limit = .shared(gpu)
            }
        }
        await #expect(throws: Problem.self) { try await bench.control.deleteLimit(gpu, by: "test") }
        try await bench.control.delete(EngineBench.pool, by: "test")
        #expect(try await limit(bench, gpu)?.slots == 3)
        let left = try await bench.store.read { try await $0.pool(other)?.definition.limit }
        #expect(left == .shared(gpu))
        // Taking it from the other deletes it no more.
        try await bench.define { $0.id = other }
        #expect(try await limit(bench, gpu) != nil)
        _ = try await bench.control.deleteLimit(gpu, by: "test")
        #expect(try await limit(bench, gpu) == nil)
    }

    @Test("A pool's own limit comes from its definition, has its number in one place, and goes with the pool")
    func own() async throws {
        let bench = try await EngineBench()
        let name = LimitName(ofPool: EngineBench.pool)
        try await bench.define { $0.limit = .own(slots: 5) }
        #expect(try await limit(bench, name)?.slots == 5)
        _ = try await bench.control.setLimit(name, settings(7), by: "test")
        let pool = try await bench.store.read { try await $0.pool(EngineBench.pool) }
        #expect(pool?.definition.limit == .own(slots: 7))
        await #expect(throws: Problem.self) { try await bench.control.deleteLimit(name, by: "test") }
        try await bench.define { $0.limit = .own(slots: 7, whenFull: .cancelNew) }
        #expect(try await limit(bench, name)?.whenFull == .cancelNew)
        try await bench.control.delete(EngineBench.pool, by: "test")
        #expect(try await limit(bench, name) == nil)
        let events = try await bench.events().map(\.type).filter { $0.rawValue.contains(".limit.") }
        #expect(events == [.limitCreated, .limitUpdated, .limitUpdated, .limitDeleted])
    }

    @Test("Pools and tasks go on to refer to a limit that is renamed; one that is not there is an error")
    func renamed() async throws {
        let bench = try await EngineBench()
        _ = try await bench.control.createLimit(gpu, settings(1), by: "test")
        try await bench.define { $0.limit = .shared(gpu) }
        let task = TaskSubmission(
            poolID: EngineBench.pool, payload: TaskPayload(command: ["true"]), limits: [gpu])
        _ = try await bench.tasks.submit([task, task])
        let new = LimitName(rawValue: "lab")
        _ = try await bench.control.setLimit(gpu, settings { $0.name = new }, by: "test")
        let pool = try await bench.store.read { try await $0.pool(EngineBench.pool) }
        #expect(pool?.definition.limit == .shared(new))
        let waiting = try await bench.store.read {
            try await $0.waitingTasks(of: EngineBench.pool, at: noonOf(bench))
        }
        #expect(waiting.heldBack == [HeldBackTasks(limit: new, tasks: 1)])
        await #expect(throws: Problem.self) { try await bench.tasks.submit([task]) }
        await #expect(throws: Problem.self) { try await bench.define { $0.limit = .shared(gpu) } }
    }

    private func noonOf(_ bench: EngineBench) -> Timestamp { bench.clock.now() }

    @Test("Who waits for a slot has it as soon as it is released, in the order of asking")
    func handOver() async throws {
        let bench = try await EngineBench()
        let desk = LimitDesk(bench.context)
        let signals = bench.store.signals()
        let follower = Task {
            for await batch in signals {
                await desk.wake(
                    Set(batch.compactMap { if case .limit(let id) = $0 { id } else { nil } }))
            }
        }
        defer { follower.cancel() }
        _ = try await bench.control.createLimit(gpu, settings(1), by: "test")
        let gpu = gpu
        @Sendable func acquire(_ holder: String, wait: Duration) async throws -> SlotReply {
            try await desk.acquire(
                [gpu], holder: holder, slots: 1, lease: .seconds(600), wait: wait)
        }
        _ = try await acquire("a", wait: .zero)
        #expect(try await acquire("b", wait: .zero) == .waiting(ahead: 0))
        let waiting = Locked<[String]>([])
        var tasks: [Task<Void, any Error>] = []
        for (index, holder) in ["b", "c", "d"].enumerated() {
            tasks.append(
                Task {
                    _ = try await acquire(holder, wait: .seconds(20))
                    waiting.withLock { $0.append(holder) }
                    _ = try await desk.release(holder)
                })
            while try await bench.store.read({ try await $0.limitWaiters(at: bench.clock.now()).count })
                <= index
            {
                await Task.yield()
            }
        }
        #expect(try await desk.release("a") == 1)
        for task in tasks { try await task.value }
        #expect(waiting.withLock { $0 } == ["b", "c", "d"])
        let left = try await bench.store.read { try await $0.limitWaiters(at: bench.clock.now()) }
        #expect(left.isEmpty)
    }
}
