import MusterClouds
import MusterCore
import MusterStore
import MusterTesting
import Testing

@testable import MusterEngine

@Suite struct WorkerWatchTests {
    private func running(_ bench: EngineBench, min: Int = 0) async throws -> WorkerKey {
        try await bench.define(min: min)
        if min == 0 { _ = try await bench.submit(1) }
        try await bench.pass()
        return try #require(try await bench.registerAll().first)
    }

    @Test("A worker that never registers is ended at its deadline, and its config answers for it")
    func neverRegisters() async throws {
        let bench = try await EngineBench()
        try await bench.define()
        _ = try await bench.submit(1)
        try await bench.pass()
        let key = try #require(try await bench.workers().first).key
        bench.clock.advance(by: .seconds(15 * 60 - 1))
        try await bench.look()
        #expect(try await bench.worker(key)?.state == .requested)
        bench.clock.advance(by: .seconds(1))
        try await bench.look()
        let worker = try await bench.worker(key)
        #expect(worker?.state == .stopping && worker?.stopReason == StopReason.noRegistration)
        let health = try await bench.store.read {
            try await $0.launchConfig(LaunchConfigID(rawValue: "standard"), of: EngineBench.pool)?.health
        }
        #expect(health?.failures == 1)
    }

    @Test("A worker that idles under a minimum and keeps in contact is never suspected")
    func idleUnderMinimum() async throws {
        let bench = try await EngineBench()
        let key = try await running(bench, min: 1)
        for _ in 0..<200 {
            bench.contacts.note(key)
            try await bench.contacts.write()
            bench.clock.advance(by: .seconds(30))
            try await bench.look()
            try await bench.pass()
        }
        #expect(try await bench.worker(key)?.bucket == .running)
        #expect(try await bench.events().allSatisfy { $0.type != .workerSuspected })
    }

    @Test("A silent worker is suspected, leaves the supply at once, and is trusted again when it calls")
    func suspected() async throws {
        let bench = try await EngineBench()
        let key = try await running(bench)
        bench.contacts.note(key)
        try await bench.contacts.write()
        bench.clock.advance(by: .seconds(121))
        try await bench.look()
        #expect(try await bench.worker(key)?.bucket == .suspected)
        #expect(try await bench.capacity().supply == 0)
        bench.contacts.note(key)
        try await bench.contacts.write()
        #expect(try await bench.worker(key)?.bucket == .running)
        #expect(try await bench.bucketsAreTrue())
    }

    @Test("A silent worker that holds a live claim is not suspected")
    func busyAndSilent() async throws {
        let bench = try await EngineBench()
        let key = try await running(bench)
        _ = try await bench.claim(key)
        bench.clock.advance(by: .seconds(3 * 3_600))
        try await bench.look()
        #expect(try await bench.worker(key)?.bucket == .running)
    }

    @Test("After an outage of Muster's deadlines start again")
    func outage() async throws {
        let bench = try await EngineBench()
        let key = try await running(bench)
        bench.contacts.note(key)
        try await bench.contacts.write()
        bench.clock.advance(by: .seconds(10 * 3_600))
        let next = try await bench.restarted()
        try await next.look()
        #expect(try await next.worker(key)?.bucket == .running)
        next.clock.advance(by: .seconds(121))
        try await next.look()
        #expect(try await next.worker(key)?.bucket == .suspected)
        next.clock.advance(by: .seconds(2 * 3_600))
        try await next.look()
        #expect(try await next.worker(key)?.state == .stopping)
    }

    @Test(
        "A termination is sent when it is decided and again until the instance is gone; then the worker is overdue no more"
    )
    func terminations() async throws {
        let bench = try await EngineBench()
        let key = try await running(bench)
        let now = bench.clock.now()
        try await bench.store.write(in: .store) { transaction in
            guard let old = try await transaction.worker(key) else { return }
            var worker = old
            _ = worker.retire(because: "test", at: now)
            try await transaction.save(worker, was: old, lookAt: now)
        }
        for expected in 1...3 {
            try await bench.look()
            await bench.provider.terminated(expected)
            bench.clock.advance(by: DecisionPolicy.terminationRepeat)
        }
        bench.clock.advance(by: .seconds(600))
        try await bench.look()
        #expect(try await bench.worker(key)?.bucket == .overdue)
        #expect(try await bench.capacity().counted == 0)
        bench.provider.change(key.id.rawValue, to: .gone, detail: "ended at last")
        try await bench.reconcile()
        #expect(try await bench.worker(key)?.state == .stopped)
        let types = try await bench.events().map(\.type)
        #expect(types.suffix(3) == [.workerOverdue, .workerStopped, .workerRemoved])
    }

    @Test("A draining worker finishes what it has, and is ended when it holds nothing any more")
    func drains() async throws {
        let bench = try await EngineBench()
        let key = try await running(bench)
        let task = try #require(try await bench.claim(key).first)
        try await bench.define(["other": 1])
        try await bench.look()
        #expect(try await bench.worker(key)?.bucket == .draining)
        #expect(try await bench.registrar.shouldTerminate(key) == StopReason.archived)
        _ = try await bench.tasks.report(task.run, by: key, RunEnd(.completed, because: .completed))
        try await bench.look()
        #expect(try await bench.worker(key)?.state == .stopping)
    }
}
