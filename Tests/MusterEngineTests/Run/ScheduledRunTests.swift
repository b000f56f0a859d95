import MusterClouds
import MusterCore
import MusterEvents
import MusterStore
import MusterTesting
import Testing

@testable import MusterEngine

@Suite("A scheduled run")
struct ScheduledRunTests {
    /// A bench whose pool needs nobody to be there between runs.
    private func bench(_ change: (inout PoolDefinition) -> Void = { _ in }) async throws -> EngineBench {
        let bench = try await EngineBench(answersWorkers: false)
        try await bench.define(max: 10) { definition in
            definition.source = .external(
                ExternalSource(.file(path: "/d"), pending: .whole, claimed: .whole, idle: .whole))
            definition.lifecycle.registration = .none
            definition.lifecycle.claimsFromQueue = false
            definition.lifecycle.idleTimeout = .zero
            change(&definition)
        }
        return bench
    }

    private func run(_ bench: EngineBench, sink: RecordingSink = RecordingSink()) async -> ScheduledRunReport
    {
        await ScheduledRun(bench.context, fleet: "f", sinks: [sink]).run(settlingWithin: .seconds(5))
    }

    @Test("launches for what waits, waits until it is settled, and delivers the events")
    func launches() async throws {
        let bench = try await bench()
        bench.source.say(pending: 3, at: bench.clock.now())
        let sink = RecordingSink()
        let report = await run(bench, sink: sink)
        #expect(report.problems.isEmpty && report.unsettled == 0)
        #expect(report.pools.map(\.plan.toLaunch) == [3])
        #expect(bench.provider.started == 3)
        #expect(try await bench.capacity()[.requested].workers == 3)
        let events = try await bench.events()
        #expect(sink.events == events && report.events == events.count)
        // The next one has nothing to do.
        let next = await run(bench, sink: sink)
        #expect(next.pools.map(\.plan.toLaunch) == [0] && bench.provider.started == 3)
    }

    @Test("sees what happened in between, retires who idles, and has them ended before it exits")
    func retires() async throws {
        let bench = try await bench()
        bench.source.say(pending: 2, at: bench.clock.now())
        _ = await run(bench)
        bench.clock.advance(by: .seconds(3_600))
        bench.source.say(pending: 0, claimed: 2, at: bench.clock.now(), idle: [])
        _ = await run(bench)
        #expect(try await bench.capacity()[.running].workers == 2)
        let names = bench.provider.living.map(\.id)
        bench.clock.advance(by: .seconds(3_600))
        bench.source.say(pending: 0, claimed: 0, at: bench.clock.now(), idle: Set(names))
        _ = await run(bench)
        bench.clock.advance(by: .seconds(1))
        bench.source.say(pending: 0, claimed: 0, at: bench.clock.now(), idle: Set(names))
        let report = await run(bench)
        #expect(report.pools.first?.plan.retire.count == 2)
        #expect(bench.provider.terminated.sorted() == names)
    }

    @Test("takes over a launch that a run before left behind, and launches nothing twice")
    func takesOver() async throws {
        let bench = try await bench()
        bench.source.say(pending: 2, at: bench.clock.now())
        bench.provider.behave(.losesAnswer)
        let first = await run(bench)
        #expect(first.unsettled == 1)
        let restarted = try await bench.restarted()
        restarted.provider.behave(.gives)
        let second = await run(restarted)
        #expect(second.unsettled == 0 && second.pools.map(\.plan.toLaunch) == [0])
        #expect(restarted.provider.started == 2 && restarted.provider.calls.count == 1)
    }

    @Test("ends an instance that never came to run, though it is never there for long")
    func deadlines() async throws {
        let bench = try await bench { $0.lifecycle.launchTimeout = .seconds(300) }
        bench.source.say(pending: 1, at: bench.clock.now())
        bench.provider.behave(.boots)
        _ = await run(bench)
        bench.clock.advance(by: .seconds(301))
        let restarted = try await bench.restarted()
        restarted.source.say(pending: 0, at: bench.clock.now())
        _ = await run(restarted)
        #expect(restarted.provider.terminated.count == 1)
    }

    @Test("launches nothing for a pool whose workers would have to register, and ends none of its workers")
    func needsService() async throws {
        let bench = try await EngineBench(answersWorkers: false)
        try await bench.define()
        _ = try await bench.submit(2)
        let report = await run(bench)
        #expect(bench.provider.started == 0)
        #expect(report.pools.first?.plan.reasons.map(\.code).contains("needs-service") == true)
    }

    @Test("goes on when a provider, a sink or a source fails, and tells it at the end")
    func failures() async throws {
        let bench = try await bench()
        bench.provider.failListings(true)
        bench.source.fail()
        let sink = RecordingSink()
        sink.fail(Problem(.unavailable, "it is out"))
        let report = await run(bench, sink: sink)
        #expect(report.problems.map(\.part) == ["reconcile:scripted", "publish:recording"])
        #expect(report.problems.first?.code == "transient")
        // A source that fails is no failure of the run: the plan says that demand is unknown.
        #expect(report.pools.first?.plan.pending == nil)
    }

    @Test("leaves a pool to whoever holds it, and says who that is")
    func held() async throws {
        let bench = try await bench()
        bench.source.say(pending: 1, at: bench.clock.now())
        try await bench.launcher.leases.release()
        try await bench.otherTakesPool()
        let report = await run(bench)
        #expect(report.pools.first?.heldBy == "other" && bench.provider.started == 0)
    }

    @Test("gives its leases back, so that the next need not wait for their end")
    func leases() async throws {
        let bench = try await bench()
        bench.source.say(pending: 1, at: bench.clock.now())
        _ = await run(bench)
        #expect(try await bench.store.read { try await $0.replicas() }.isEmpty)
        let leases = try await bench.store.read { try await $0.leases() }
        #expect(leases.count >= 3 && leases.allSatisfy { !$0.holds(at: bench.clock.now()) })
    }

    @Test("that is dry says what it would decide, and changes nothing")
    func dry() async throws {
        let bench = try await bench()
        bench.source.say(pending: 3, at: bench.clock.now())
        let events = try await bench.events().count
        let plans = try await ScheduledRun(bench.context, fleet: "f", sinks: []).plans()
        #expect(plans.map(\.toLaunch) == [3])
        #expect(bench.provider.calls.isEmpty)
        #expect(try await bench.events().count == events)
        #expect(try await bench.plan() == nil)
    }
}
