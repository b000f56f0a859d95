import MusterCore
import MusterStore
import MusterTesting
import Testing

@testable import MusterEngine

@Suite("What people order")
struct ControlTests {
    private func pool(_ bench: EngineBench) async throws -> Pool? {
        try await bench.store.read { try await $0.pool(EngineBench.pool) }
    }

    @Test("A pause and its end are written, published and audited once each")
    func pause() async throws {
        let bench = try await EngineBench()
        try await bench.define()
        let pause = Pause(until: bench.clock.now() + .seconds(60), reason: "repairs")
        for _ in 0..<2 {
            #expect(try await bench.control.pause(EngineBench.pool, pause, by: "Ada").pause == pause)
        }
        #expect(try await pool(bench)?.pause == pause)
        for _ in 0..<2 { #expect(try await bench.control.resume(EngineBench.pool, by: "Bob").pause == nil) }
        #expect(try await pool(bench)?.pause == nil)
        let events = try await bench.events().suffix(2)
        #expect(events.map(\.type) == [.poolPaused, .poolResumed])
        #expect(events.first?.data["reason"]?.value == .string("repairs"))
        let audit = try await bench.audit().dropFirst()
        #expect(audit.map(\.action) == ["pause", "resume"])
        #expect(audit.map(\.actor) == ["Ada", "Bob"])
        #expect(audit.first?.detail == #"{"reason":"repairs","until":"\#(pause.until?.description ?? "")"}"#)
    }

    @Test("A new definition keeps a pause")
    func definitionKeepsPause() async throws {
        let bench = try await EngineBench()
        try await bench.define()
        _ = try await bench.control.pause(EngineBench.pool, Pause(reason: "repairs"), by: "Ada")
        try await bench.define(max: 3)
        #expect(try await pool(bench)?.pause == Pause(reason: "repairs"))
    }

    @Test("A freeze keeps its first reason, and its end needs no repeat")
    func freeze() async throws {
        let bench = try await EngineBench()
        try await bench.define()
        try await bench.control.freeze(reason: "fire", by: "Ada")
        try await bench.control.freeze(reason: "flood", by: "Bob")
        #expect(try await bench.store.read { try await $0.setting(SettingName.frozen) } == "fire")
        try await bench.control.unfreeze(by: "Ada")
        try await bench.control.unfreeze(by: "Ada")
        #expect(try await bench.store.read { try await $0.setting(SettingName.frozen) } == nil)
        #expect(try await bench.events().suffix(2).map(\.type) == [.frozen, .unfrozen])
        #expect(try await bench.audit().dropFirst().map(\.actor) == ["Ada", "Ada"])
    }

    @Test("Orders about a pool that is not there, or is being deleted, are refused")
    func notFound() async throws {
        let bench = try await EngineBench()
        for _ in 0..<2 {
            for order: @Sendable () async throws -> Void in [
                { _ = try await bench.control.pause(EngineBench.pool, Pause(), by: "Ada") },
                { _ = try await bench.control.resume(EngineBench.pool, by: "Ada") },
                { try await bench.control.delete(EngineBench.pool, by: "Ada") },
            ] {
                let problem = await #expect(throws: Problem.self) { try await order() }
                #expect(problem?.code == .poolNotFound)
            }
            if try await pool(bench) == nil {
                try await bench.define()
                try await bench.control.delete(EngineBench.pool, by: "Ada")
            }
        }
    }

    @Test("A pool is not deleted while tasks wait for it or run, and deleted once they are over")
    func delete() async throws {
        let bench = try await EngineBench()
        let worker = try await bench.runningWorkers(1)[0]
        let tasks = try await bench.submit(2)
        #expect(try await bench.ask(worker).tasks.count == 1)
        // Refused while one runs and one waits, and while one runs.
        for task in tasks.reversed() {
            let before = try await bench.everything()
            let problem = await #expect(throws: Problem.self) {
                try await bench.control.delete(EngineBench.pool, by: "Ada")
            }
            #expect(problem?.code == .conflict)
            #expect(try await bench.everything() == before)
            _ = try await bench.tasks.cancel(task.id, by: "Ada")
        }
        try await bench.control.delete(EngineBench.pool, by: "Ada")
        #expect(try await pool(bench)?.isDeleted == true)
        #expect(try await bench.worker(worker)?.drain == StopReason.archived)
        #expect(
            try await bench.events().suffix(3).map(\.type) == [
                .launchConfigArchived, .workerDraining, .poolDeleted,
            ])
        #expect(try await bench.audit().last?.action == "delete")
        // Nothing is submitted to it or launched for it any more.
        let problem = await #expect(throws: Problem.self) { try await bench.submit(1) }
        #expect(problem?.code == .poolNotFound)
        bench.clock.advance(by: .seconds(1))
        try await bench.pass()
        #expect(bench.provider.calls.count == 1)
    }
}
