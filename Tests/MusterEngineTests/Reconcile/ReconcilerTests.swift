import MusterClouds
import MusterCore
import MusterStore
import MusterTesting
import Testing

@testable import MusterEngine

@Suite struct ReconcilerTests {
    @Test("An instance that is gone gives its worker's tasks to others and its failure to its config")
    func gone() async throws {
        let bench = try await EngineBench()
        try await bench.define()
        let submitted = try await bench.submit(1)
        try await bench.pass()
        let key = try #require(try await bench.registerAll().first)
        let first = try #require(try await bench.claim(key).first)
        bench.provider.change(key.id.rawValue, to: .gone, detail: "signal 9")
        try await bench.reconcile()
        #expect(try await bench.worker(key)?.state == .stopped)
        #expect(try await bench.worker(key)?.stopReason == "signal 9")
        let task = try await bench.store.read { try await $0.task(submitted[0].id) }
        #expect(task?.state == .pending && task?.runID == 1)
        // Its late report is refused without harm.
        let problem = await #expect(throws: Problem.self) {
            _ = try await bench.tasks.report(first.run, by: key, RunEnd(.completed, because: .completed))
        }
        #expect(problem?.code == .claimLost)
        // The need is there again: another worker runs it as the next run.
        try await bench.pass()
        let other = try #require(try await bench.registerAll().first)
        let second = try #require(try await bench.claim(other).first)
        #expect(second.run == RunReference(taskID: first.id, runID: 1))
        #expect(
            try await bench.tasks.report(second.run, by: other, RunEnd(.completed, because: .completed))
                == .completed)
        #expect(try await bench.bucketsAreTrue())
    }

    @Test(
        "A row is stopped after two looks without its instance, not after one, and never by a failed listing")
    func missing() async throws {
        let bench = try await EngineBench()
        try await bench.define()
        _ = try await bench.submit(1)
        try await bench.pass()
        let key = try #require(try await bench.registerAll().first)
        bench.provider.forget(key.id.rawValue)
        try await bench.reconcile()
        #expect(try await bench.worker(key)?.missedSince == nil)
        bench.clock.advance(by: .seconds(60))
        let reconciler = bench.reconciler
        try await bench.reconcile(reconciler)
        bench.provider.failListings(true)
        await #expect(throws: CloudError.self) { try await bench.reconcile(reconciler) }
        #expect(try await bench.worker(key)?.state == .running)
        bench.provider.failListings(false)
        // A hint may bring the next look at once: it sees no more than the last did.
        try await bench.reconcile(reconciler)
        #expect(try await bench.worker(key)?.state == .running)
        bench.clock.advance(by: bench.context.policy.patienceWithAbsence)
        try await bench.reconcile(reconciler)
        #expect(try await bench.worker(key)?.state == .stopped)
    }

    @Test("A listing that shows none of many workers is believed only when it still does minutes later")
    func most() async throws {
        let bench = try await EngineBench()
        let keys = try await bench.runningWorkers(10)
        bench.clock.advance(by: .seconds(60))
        let instances = bench.provider.living
        for instance in instances { bench.provider.forget(instance.id) }
        let reconciler = bench.reconciler
        for _ in 0..<5 {
            try await bench.reconcile(reconciler)
            bench.clock.advance(by: .seconds(15))
        }
        #expect(try await bench.workers().count == keys.count)
        for instance in instances.dropLast() { bench.provider.plant(instance) }
        try await bench.reconcile(reconciler)
        // Of one alone it is known soon.
        #expect(try await bench.workers().count == keys.count - 1)
        for instance in instances { bench.provider.forget(instance.id) }
        for _ in 0..<10 {
            try await bench.reconcile(reconciler)
            bench.clock.advance(by: .seconds(15))
        }
        #expect(try await bench.workers().isEmpty)
    }

    @Test("Workers that were told to end and are not listed are gone soon, however many, and whoever looks")
    func ended() async throws {
        let bench = try await EngineBench()
        let keys = try await bench.runningWorkers(10)
        bench.clock.advance(by: .seconds(60))
        for key in keys { try await bench.control.retire(key, atOnce: true, by: "test") }
        for instance in bench.provider.living { bench.provider.forget(instance.id) }
        // Each look is of another process, as those of a timer are.
        try await bench.reconcile()
        bench.clock.advance(by: .seconds(300))
        try await bench.reconcile()
        #expect(try await bench.workers().isEmpty)
    }

    @Test("An instance that nobody knows is ended after a grace, one of a settled launch is adopted")
    func unknown() async throws {
        let bench = try await EngineBench()
        try await bench.define()
        _ = try await bench.submit(2)
        let noRoom = CloudError(.capacity(offering: "x"), cloudCode: "ICE", message: "no room")
        bench.provider.behave(.givesOnly(1, noRoom))
        try await bench.pass()
        let launch = try #require(bench.provider.calls.first?.launchID)
        func plant(_ name: String, _ launch: LaunchID) {
            bench.provider.plant(
                Instance(
                    id: name, launchID: launch, group: WorkerGroup(rawValue: "here"),
                    workerID: WorkerID(rawValue: name), state: .running, startedAt: bench.clock.now()))
        }
        plant("late", launch)
        plant("stray", LaunchID(rawValue: "nobodys"))
        let reconciler = bench.reconciler
        try await bench.reconcile(reconciler)
        // The launch asked for two, and now it has had them.
        plant("surplus", launch)
        try await bench.reconcile(reconciler)
        #expect(try await bench.workers().map(\.key.id.rawValue).contains("late"))
        #expect(bench.provider.terminated.isEmpty)
        bench.clock.advance(by: bench.context.policy.unknownInstanceGrace)
        try await bench.reconcile(reconciler)
        try await bench.reconcile(reconciler)
        #expect(Set(bench.provider.terminated) == ["stray", "surplus"])
        #expect(try await bench.workers().count == 2)
    }

    @Test("Instances of an abandoned launch are ended, never adopted")
    func abandonedLaunch() async throws {
        let bench = try await EngineBench()
        try await bench.define()
        _ = try await bench.submit(1)
        bench.provider.behave(.losesAnswer)
        try await bench.pass()
        let name = try #require(bench.provider.living.first?.id)
        let instance = try #require(bench.provider.living.first)
        bench.provider.forget(name)
        bench.clock.advance(by: .seconds(3_601))
        _ = try await bench.launcher.recover()
        await bench.launcher.settled()
        bench.provider.plant(instance)
        let reconciler = bench.reconciler
        try await bench.reconcile(reconciler)
        bench.clock.advance(by: bench.context.policy.unknownInstanceGrace)
        try await bench.reconcile(reconciler)
        #expect(bench.provider.terminated == [name])
        #expect(try await bench.workers().isEmpty)
    }
}
