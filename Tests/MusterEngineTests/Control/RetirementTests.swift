import MusterCore
import MusterStore
import MusterTesting
import Testing

@testable import MusterEngine

@Suite("Workers that people retire", .timeLimit(.minutes(1)))
struct RetirementTests {
    @Test("A retired worker finishes what it has, takes no more, and is ended then")
    func drains() async throws {
        let bench = try await EngineBench()
        let key = try await bench.runningWorkers(1)[0]
        _ = try await bench.submit(2)
        let run = try #require(try await bench.ask(key).tasks.first).run
        for _ in 0..<2 { try await bench.control.retire(key, atOnce: false, by: "Ada") }
        #expect(try await bench.worker(key)?.bucket == .draining)
        #expect(try await bench.registrar.shouldTerminate(key) == StopReason.retired)
        #expect(try await bench.ask(key, request: "next", holding: [run]).tasks.isEmpty)
        try await bench.look()
        #expect(bench.provider.terminated.isEmpty)
        _ = try await bench.tasks.report(run, by: key, RunEnd(.completed, because: .completed))
        try await bench.look()
        #expect(try await bench.worker(key)?.state == .stopping)
        #expect(try await bench.worker(key)?.stopReason == StopReason.retired)
        // Repeated while it ends, it changes nothing more.
        try await bench.control.retire(key, atOnce: true, by: "Bob")
        let types = try await bench.events().filter { $0.subject == "worker/\(key)" }.map(\.type)
        #expect(types == [.workerRequested, .workerRunning, .workerDraining, .workerStopping])
        let audit = try await bench.audit().dropFirst()
        #expect(audit.map { "\($0.actor) \($0.action) \($0.subject)" } == ["Ada retire worker/\(key)"])
        #expect(audit.first?.detail == #"{"atOnce":false}"#)
        #expect(try await bench.bucketsAreTrue())
    }

    @Test(
        "A worker that is ended at once is ended by the next look, and its tasks run elsewhere once it is gone",
        arguments: [false, true])
    func atOnce(drainsAlready: Bool) async throws {
        let bench = try await EngineBench()
        let keys = try await bench.runningWorkers(2)
        _ = try await bench.submit(1)
        let run = try #require(try await bench.ask(keys[0]).tasks.first).run
        if drainsAlready { try await bench.control.retire(keys[0], atOnce: false, by: "Ada") }
        for _ in 0..<2 { try await bench.control.retire(keys[0], atOnce: true, by: "Ada") }
        #expect(try await bench.worker(keys[0])?.state == .stopping)
        let instance = try #require(try await bench.worker(keys[0])?.instanceID)
        try await bench.look()
        await bench.provider.terminated(1)
        #expect(Set(bench.provider.terminated) == [instance])
        // Until it is gone nobody else runs what it runs.
        #expect(try await bench.ask(keys[1], wait: .zero).tasks.isEmpty)
        bench.provider.change(instance, to: .gone, detail: "ended")
        try await bench.reconcile()
        #expect(try await bench.worker(keys[0])?.state == .stopped)
        #expect(try await bench.ask(keys[1], request: "next").tasks.map(\.run.taskID) == [run.taskID])
        #expect(try await bench.audit().filter { $0.action == "retire" }.count == (drainsAlready ? 2 : 1))
        #expect(try await bench.bucketsAreTrue())
    }

    @Test("One that was only asked for is ended without a blame", arguments: [false, true])
    func requested(atOnce: Bool) async throws {
        let bench = try await EngineBench()
        try await bench.define(min: 1)
        try await bench.pass()
        let key = try #require(try await bench.workers().first?.key)
        try await bench.control.retire(key, atOnce: atOnce, by: "Ada")
        try await bench.look()
        #expect(try await bench.worker(key)?.state == .stopping)
        let config = try await bench.store.read {
            try await $0.launchConfig(LaunchConfigID(rawValue: "standard"), of: EngineBench.pool)
        }
        #expect(config?.health.failures == 0)
    }

    @Test("One that is not there is not found")
    func unknown() async throws {
        let bench = try await EngineBench()
        try await bench.define()
        let key = WorkerKey(
            poolID: EngineBench.pool, group: WorkerGroup(rawValue: "g"), id: WorkerID(rawValue: "w"))
        let problem = await #expect(throws: Problem.self) {
            try await bench.control.retire(key, atOnce: true, by: "Ada")
        }
        #expect(problem?.code == .workerNotFound)
        #expect(try await bench.audit().count == 1)
    }
}
