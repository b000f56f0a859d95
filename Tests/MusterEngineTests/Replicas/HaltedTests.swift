import MusterClouds
import MusterCore
import MusterEvents
import MusterRuntime
import MusterStore
import MusterTesting
import Testing

@testable import MusterEngine

/// A process that is halted in the middle of something for longer than its lease, while another takes over.
@Suite("A process that was halted for longer than its lease")
struct HaltedTests {
    /// Two processes; the first has the pool, which wants two workers.
    private func benches() async throws -> (one: EngineBench, two: EngineBench) {
        let one = try await EngineBench(leaseTime: .seconds(60), name: "one")
        try await one.define(min: 2)
        return (one, try await one.beside("two"))
    }

    /// Halts a process at its next write but `count`, while it makes a pass.
    private func haltInPass(_ one: EngineBench, after count: Int) async throws -> Task<Timestamp?, any Error>
    {
        let before = one.store.writes
        one.store.hold(after: count)
        let pass = Task {
            try await PoolPass(EngineBench.pool, in: one.context, launcher: one.launcher).run()
        }
        await one.store.begun(before + count + 1)
        return pass
    }

    private func recover(_ bench: EngineBench) async throws {
        _ = try await bench.launcher.recover()
        await bench.launcher.settled()
    }

    /// Two workers, of one launch, that was settled once.
    private func check(_ bench: EngineBench) async throws {
        #expect(bench.provider.started == 2)
        #expect(try await bench.workers().count == 2)
        let events = try await bench.events().map(\.type)
        #expect(events.count { $0 == .launchPlanned } == 1 && events.count { $0 == .launchSettled } == 1)
        #expect(events.count { $0 == .workerRequested } == 2)
        #expect(try await bench.bucketsAreTrue())
    }

    @Test("before its pass was written writes nothing of it, says so, and leaves the pool to the other")
    func beforeIntent() async throws {
        let (one, two) = try await benches()
        let halted = try await haltInPass(one, after: 0)
        one.clock.advance(by: .seconds(60))
        try await two.pass()
        one.store.letGo()
        let problem = await #expect(throws: Problem.self) { try await halted.value }
        #expect(problem?.code == .leaseLost)
        #expect(one.log.complaints.contains { $0.contains("nothing was written") })
        try await check(two)
        let elsewhere = await #expect(throws: HeldElsewhere.self) { try await one.pass() }
        #expect(elsewhere?.holder == "two")
    }

    @Test("says so in the status of its loop, and then who works on the pool")
    func status() async throws {
        let (one, two) = try await benches()
        let pass = PoolPass(EngineBench.pool, in: one.context, launcher: one.launcher)
        let loop = Loop("pass", every: .seconds(30), gap: .zero, in: one.context) { try await pass.run() }
        one.store.hold()
        let before = one.store.writes
        let task = Task { await loop.run() }
        await one.store.begun(before + 1)
        one.clock.advance(by: .seconds(60))
        try await two.pass()
        one.store.letGo()
        // It rests for half a second to a second after a failure.
        await one.clock.untilSleeping(for: .milliseconds(500)...(.seconds(1)))
        #expect(loop.status.error?.contains("lease") == true && loop.status.heldBy == nil)
        one.clock.advance(by: .seconds(1))
        await one.clock.untilSleeping(for: .seconds(30))
        #expect(loop.status.error == nil && loop.status.heldBy == "two")
        task.cancel()
        await task.value
    }

    @Test("between the intent and the call sends nothing: the other finds the launch, and sends it")
    func beforeCall() async throws {
        let (one, two) = try await benches()
        _ = try await haltInPass(one, after: 1).value
        one.clock.advance(by: .seconds(60))
        try await two.hold()
        try await recover(two)
        #expect(two.provider.calls.count == 1)
        one.store.letGo()
        await one.launcher.settled()
        #expect(one.provider.calls.count == 1)
        #expect(one.log.complaints.contains { $0.contains("left to whoever has") })
        try await two.pass()
        try await check(two)
    }

    @Test("between the call and its settlement writes nothing: the other finds what came of it")
    func beforeSettlement() async throws {
        let (one, two) = try await benches()
        _ = try await haltInPass(one, after: 2).value
        one.clock.advance(by: .seconds(60))
        try await two.hold()
        try await recover(two)
        try await two.pass()
        one.store.letGo()
        await one.launcher.settled()
        #expect(one.provider.calls.count == 1)
        #expect(one.log.complaints.contains { $0.contains("left to whoever has") })
        try await check(two)
    }

    @Test("loses no answer when nobody has taken over: it finds the launch itself", arguments: [1, 2])
    func alone(writes: Int) async throws {
        let (one, _) = try await benches()
        _ = try await haltInPass(one, after: writes).value
        one.clock.advance(by: .seconds(60))
        one.store.letGo()
        await one.launcher.settled()
        #expect(try await one.workers().isEmpty)
        try await recover(one)
        try await check(one)
        #expect(one.provider.calls.count == 1)
        let lease = try await one.store.read { try await $0.lease(Lease.name(ofPool: EngineBench.pool)) }
        #expect(lease?.epoch == 2)
    }

    @Test("sends no call that could not be answered before its lease ends")
    func tooLittleLeft() async throws {
        let (one, _) = try await benches()
        try await one.pass()
        let held = one.launcher.leases.lease(of: EngineBench.pool)
        let lease = try await held.required()
        one.clock.advance(by: .seconds(36))
        // It is renewed first.
        try await held.assure(lease, lasting: .seconds(50))
        await #expect(throws: Problem.self) { try await held.assure(lease, lasting: .seconds(60)) }
    }

    @Test("ends no worker, and no worker is ended twice")
    func terminations() async throws {
        let (one, two) = try await benches()
        try await one.pass()
        let keys = try await one.registerAll()
        for key in keys { _ = try await one.control.retire(key, atOnce: true, by: "me") }
        // Only who holds the pool looks after its workers.
        try await two.look()
        #expect(one.provider.terminated.isEmpty)
        let before = one.store.writes
        one.store.hold()
        let look = Task { try await one.look() }
        await one.store.begun(before + 1)
        one.clock.advance(by: .seconds(60))
        try await two.hold()
        try await two.look()
        await two.provider.terminated(2)
        one.store.letGo()
        let problem = await #expect(throws: Problem.self) { try await look.value }
        #expect(problem?.code == .leaseLost)
        #expect(Set(one.provider.terminated).count == 2 && one.provider.terminated.count == 2)
        try await one.look()
        #expect(one.provider.terminated.count == 2)
    }

    @Test("in a delivery delivers nothing more: each event goes to the sink once and in order")
    func delivery() async throws {
        let (one, two) = try await benches()
        let sink = RecordingSink()
        let publishers = [one, two].map { Publisher(sink, fleet: "f", in: $0.context) }
        try await publishers[0].run()
        await #expect(throws: HeldElsewhere.self) { try await publishers[1].run() }
        _ = try await one.submit(2)
        let before = one.store.writes
        one.store.hold()
        let delivery = Task { try await publishers[0].run() }
        await one.store.begun(before + 1)
        one.clock.advance(by: .seconds(60))
        _ = try await two.submit(1)
        try await publishers[1].run()
        one.store.letGo()
        await #expect(throws: Problem.self) { try await delivery.value }
        await #expect(throws: HeldElsewhere.self) { try await publishers[0].run() }
        // And back, when the other leaves.
        try await two.context.presence.leave()
        _ = try await one.submit(1)
        try await publishers[0].run()
        let events = try await one.events()
        #expect(sink.events == events && sink.ids == (1...events.count).map(String.init))
    }

    @Test("behind a delivery lets the same events come again, with the same ids, and moves no cursor back")
    func cursor() async throws {
        let (one, two) = try await benches()
        let sink = RecordingSink()
        let publishers = [one, two].map { Publisher(sink, fleet: "f", in: $0.context) }
        try await publishers[0].run()
        let count = sink.ids.count
        _ = try await one.submit(2)
        let before = one.store.writes
        one.store.hold(after: 1)
        let delivery = Task { try await publishers[0].run() }
        await one.store.begun(before + 2)
        one.clock.advance(by: .seconds(60))
        _ = try await two.submit(1)
        try await publishers[1].run()
        one.store.letGo()
        await #expect(throws: Problem.self) { try await delivery.value }
        let all = (1...count + 3).map(String.init)
        #expect(sink.ids == Array(all.prefix(count + 2)) + Array(all.dropFirst(count)))
        #expect(try await one.store.read { try await $0.cursor(of: sink.name) } == Int64(count + 3))
    }

    @Test("in a reconciliation notes nothing of what it saw")
    func reconciliation() async throws {
        let (one, two) = try await benches()
        try await one.pass()
        let reconcilers = [one, two].map(\.reconciler)
        try await reconcilers[0].run()
        await #expect(throws: HeldElsewhere.self) { try await reconcilers[1].run() }
        for instance in one.provider.living { one.provider.change(instance.id, to: .gone) }
        let before = one.store.writes
        one.store.hold()
        let look = Task { try await reconcilers[0].run() }
        await one.store.begun(before + 1)
        one.clock.advance(by: .seconds(60))
        try await reconcilers[1].run()
        #expect(try await two.workers().isEmpty)
        one.store.letGo()
        let problem = await #expect(throws: Problem.self) { try await look.value }
        #expect(problem?.code == .leaseLost)
        #expect(try await one.events().count { $0.type == .workerStopped } == 2)
    }

    @Test("in a sweep or a recount leaves it to the other")
    func housekeeping() async throws {
        let (one, two) = try await benches()
        let sweep = RetentionSweep(one.context)
        try await sweep.run()
        await #expect(throws: HeldElsewhere.self) { try await RetentionSweep(two.context).run() }
        try await one.store.hold("recount", as: "one.1")
        let doctor = Doctor(Patient(context: two.context, sinks: [], loops: nil, files: nil))
        let problem = await #expect(throws: Problem.self) { try await doctor.recount(by: "me") }
        #expect(problem?.code == .conflict && problem?.message.contains("one") == true)
        let before = one.store.writes
        one.store.hold()
        let late = Task { try await sweep.run() }
        await one.store.begun(before + 1)
        one.clock.advance(by: .seconds(60))
        try await RetentionSweep(two.context).run()
        _ = try await doctor.recount(by: "me")
        one.store.letGo()
        await #expect(throws: Problem.self) { try await late.value }
        // It was given back at once.
        _ = try await Doctor(Patient(context: one.context, sinks: [], loops: nil, files: nil)).recount(
            by: "me")
    }
}
