import MusterClouds
import MusterCore
import MusterRuntime
import MusterStore
import MusterTesting
import Testing

@testable import MusterEngine

/// What becomes of everything that runs when somebody sets the machine's clock by an hour, or by days.
@Suite("When the clock is set", .timeLimit(.minutes(1)))
struct ClockSetTests {
    /// Seconds; the last ones are those of a machine whose clock was quite wrong.
    private static let jumps = [3_600, -3_600, 6, -6, 86_400 * 30, -86_400 * 30]

    private func state(of task: QueuedTask, _ bench: EngineBench) async throws -> QueuedTask.State? {
        try await bench.store.read { try await $0.task(task.id)?.state }
    }

    @Test("claims do not end, and end when nobody renews them for as long as a claim lasts", arguments: jumps)
    func claims(seconds: Int) async throws {
        let bench = try await EngineBench()
        let worker = try await bench.runningWorkers(1)[0]
        let year = bench.clock.now() + .seconds(365 * 86_400)
        let task = try await bench.tasks.submit([
            TaskSubmission(
                poolID: EngineBench.pool, payload: TaskPayload(command: ["true"]), deadlineAt: year)
        ])[0]
        #expect(try await bench.ask(worker).tasks.map(\.id) == [task.id])
        bench.clock.advance(by: .seconds(100))
        bench.clock.set(by: .seconds(seconds))
        let next = try #require(try await bench.tasks.expire())
        #expect(next > bench.clock.now() && next <= bench.clock.now() + .seconds(120))
        #expect(try await state(of: task, bench) == .running)
        // The worker, whose clock was not set, renews when it would have done so, and loses nothing.
        bench.clock.advance(by: .seconds(60))
        #expect(try await bench.tasks.renew(task.run, by: worker) == bench.clock.now() + .seconds(120))
        bench.clock.advance(by: .seconds(119))
        _ = try await bench.tasks.expire()
        #expect(try await state(of: task, bench) == .running)
        bench.clock.advance(by: .seconds(1))
        _ = try await bench.tasks.expire()
        #expect(try await state(of: task, bench) == .pending)
        #expect(try await bench.bucketsAreTrue())
    }

    @Test("workers are judged by how long they have been silent, neither sooner nor later", arguments: jumps)
    func silence(seconds: Int) async throws {
        let bench = try await EngineBench()
        let key = try await bench.runningWorkers(1)[0]
        bench.contacts.note(key)
        try await bench.contacts.write()
        bench.clock.advance(by: .seconds(100))
        bench.clock.set(by: .seconds(seconds))
        try await bench.look()
        #expect(try await bench.worker(key)?.bucket == .running)
        // One that was noted before the clock was set is no contact of the future.
        bench.contacts.note(key)
        try await bench.contacts.write()
        bench.clock.advance(by: .seconds(119))
        try await bench.look()
        #expect(try await bench.worker(key)?.bucket == .running)
        bench.clock.advance(by: .seconds(1))
        try await bench.look()
        #expect(try await bench.worker(key)?.bucket == .suspected)
        bench.contacts.note(key)
        try await bench.contacts.write()
        #expect(try await bench.worker(key)?.bucket == .running)
        #expect(try await bench.bucketsAreTrue())
    }

    @Test("a contact that was noted before, and is written afterwards, is none of the future")
    func contactInBetween() async throws {
        let bench = try await EngineBench()
        let key = try await bench.runningWorkers(1)[0]
        bench.contacts.note(key)
        bench.clock.set(by: .seconds(-3_600))
        try await bench.look()
        try await bench.contacts.write()
        #expect(try await bench.worker(key)?.contactedAt == bench.clock.now())
    }

    @Test("a worker that never comes is ended after its time", arguments: jumps)
    func neverComes(seconds: Int) async throws {
        let bench = try await EngineBench()
        try await bench.define(min: 1)
        try await bench.pass()
        let key = try #require(try await bench.workers().first).key
        bench.clock.advance(by: .seconds(600))
        bench.clock.set(by: .seconds(seconds))
        try await bench.look()
        #expect(try await bench.worker(key)?.state == .requested)
        bench.clock.advance(by: .seconds(15 * 60 - 1))
        try await bench.look()
        #expect(try await bench.worker(key)?.state == .requested)
        bench.clock.advance(by: .seconds(1))
        try await bench.look()
        #expect(try await bench.worker(key)?.stopReason == StopReason.noRegistration)
    }

    @Test("an idle worker that is not needed goes after its time", arguments: jumps)
    func idle(seconds: Int) async throws {
        let bench = try await EngineBench()
        let key = try await bench.runningWorkers(1)[0]
        try await bench.define(min: 0, max: 1) { $0.anticipation = .off }
        bench.clock.advance(by: .seconds(60))
        bench.clock.set(by: .seconds(seconds))
        try await bench.pass()
        #expect(try await bench.worker(key)?.state == .running)
        bench.clock.advance(by: .seconds(60))
        try await bench.pass()
        #expect(try await bench.worker(key)?.state == .stopping)
    }

    @Test("credentials last as long as they would have", arguments: jumps)
    func credentials(seconds: Int) async throws {
        let bench = try await EngineBench()
        try await bench.define(min: 1)
        try await bench.pass()
        let key = try #require(try await bench.workers().first).key
        let token = try await bench.register(key).accessToken.reveal()
        bench.clock.set(by: .seconds(seconds))
        try await bench.look()
        bench.clock.advance(by: .seconds(96 * 3_600 - 1))
        #expect(try await bench.registrar.grant(of: token)?.worker == key)
        bench.clock.advance(by: .seconds(1))
        #expect(try await bench.registrar.grant(of: token) == nil)
    }

    @Test("a launch whose answer was lost is found as soon as it would have been", arguments: jumps)
    func lostAnswer(seconds: Int) async throws {
        let bench = try await EngineBench()
        try await bench.define(min: 1)
        bench.provider.behave(.losesAnswer)
        try await bench.pass()
        bench.provider.behave(.gives)
        bench.clock.set(by: .seconds(seconds))
        bench.clock.advance(by: .seconds(41))
        _ = try await bench.launcher.recover()
        await bench.launcher.settled()
        #expect(try await bench.workers().count == 1)
        #expect(try await bench.store.read { try await $0.plannedLaunches(limit: 10) }.isEmpty)
        #expect(bench.provider.started == 1)
    }

    @Test("a launch of which nothing came is tried again as soon as it would have been", arguments: jumps)
    func nothingCame(seconds: Int) async throws {
        let bench = try await EngineBench()
        try await bench.define(min: 1)
        bench.provider.behave(.hangs)
        _ = try await PoolPass(EngineBench.pool, in: bench.context, launcher: bench.launcher).run()
        await bench.provider.called(1)
        await bench.clock.untilSleeping(for: bench.provider.timing.callDeadline)
        bench.clock.advance(by: bench.provider.timing.callDeadline)
        await bench.launcher.settled()
        bench.provider.behave(.gives)
        bench.clock.set(by: .seconds(seconds))
        bench.clock.advance(by: .seconds(41))
        _ = try await bench.launcher.recover()
        await bench.launcher.settled()
        #expect(try await bench.workers().count == 1 && bench.provider.calls.count == 2)
    }

    @Test("a provider that throttled is left alone no longer than it asked", arguments: jumps)
    func throttled(seconds: Int) async throws {
        let bench = try await EngineBench()
        try await bench.define(min: 1)
        bench.provider.behave(
            .refuses(CloudError(.throttled(retryAfter: .seconds(9)), cloudCode: "429", message: "slow down")))
        try await bench.pass()
        bench.provider.behave(.gives)
        bench.clock.set(by: .seconds(seconds))
        try await bench.pass()
        #expect(bench.provider.started == 0)
        bench.clock.advance(by: .seconds(9))
        try await bench.pass()
        #expect(bench.provider.started == 1)
    }

    @Test("a launch config in trouble rests no longer than it would have", arguments: jumps)
    func rest(seconds: Int) async throws {
        let bench = try await EngineBench()
        try await bench.define(min: 1)
        bench.provider.behave(.refuses(CloudError(.unknown, cloudCode: "no", message: "no")))
        for _ in 0..<20 {
            try await bench.pass()
            bench.clock.advance(by: .seconds(120))
        }
        bench.provider.behave(.gives)
        bench.clock.set(by: .seconds(seconds))
        bench.clock.advance(by: .seconds(120))
        try await bench.pass()
        #expect(bench.provider.started == 1)
    }

    @Test("the lease of a pool is no longer than leases are", arguments: jumps)
    func lease(seconds: Int) async throws {
        let bench = try await EngineBench()
        let held = HeldLease(ofPool: EngineBench.pool, in: bench.context)
        _ = try await held.current()
        bench.clock.set(by: .seconds(seconds))
        let lease = try #require(try await held.current())
        let left = lease.expiresAt - bench.clock.now()
        #expect(left > .zero && left <= bench.context.policy.leaseTime)
        _ = try await bench.store.write(in: .store) { try await $0.require(lease) }
    }

    @Test("passes go on writing down what they see")
    func plans() async throws {
        let bench = try await EngineBench()
        try await bench.define()
        let pass = PoolPass(EngineBench.pool, in: bench.context, launcher: bench.launcher)
        try await bench.pass(pass)
        bench.clock.set(by: .seconds(-3_600))
        try await bench.pass(pass)
        #expect(try await bench.plan()?.at == bench.clock.now())
    }

    @Test("it is told of once, however many notice it at the same time", arguments: [3_600, -3_600])
    func toldOnce(seconds: Int) async throws {
        let bench = try await EngineBench()
        try await bench.define(min: 1)
        try await bench.pass()
        let key = try #require(try await bench.workers().first).key
        let expires = try await bench.register(key).expiresAt
        bench.clock.set(by: .seconds(seconds))
        try await withThrowingTaskGroup(of: Timestamp.self) { group in
            for _ in 0..<20 { group.addTask { try await bench.context.moment() } }
            for try await moment in group { #expect(moment == bench.clock.now()) }
        }
        let events = try await bench.events().filter { $0.type == .clockSet }
        #expect(events.map(\.data.canonicalJSON) == ["{\"seconds\":\(seconds)}"])
        #expect(events.first?.time == bench.clock.now() && events.first?.subject == "fleet")
        #expect(try await bench.worker(key)?.expiresAt == expires + .seconds(seconds))
        #expect(bench.context.clockWatch.record.timesSet == 1)
        #expect(bench.context.attendedSince == bench.clock.now())
    }

    @Test("nobody judges anything before it could be written down")
    func storeFails() async throws {
        let bench = try await EngineBench()
        let worker = try await bench.runningWorkers(1)[0]
        let task = try await bench.submit(1)[0]
        _ = try await bench.ask(worker)
        bench.clock.set(by: .seconds(3_600))
        bench.store.fail(Problem(.storeFull, "the disk is full"))
        await #expect(throws: Problem.self) { try await bench.tasks.expire() }
        await #expect(throws: Problem.self) { try await bench.look() }
        await #expect(throws: Problem.self) { try await bench.pass() }
        bench.store.fail(nil)
        _ = try await bench.tasks.expire()
        try await bench.look()
        #expect(try await state(of: task, bench) == .running)
        #expect(try await bench.worker(worker)?.bucket == .running)
        #expect(try await bench.events().filter { $0.type == .clockSet }.count == 1)
    }

    @Test("an instance that nobody knows is not ended before its time")
    func unknownInstance() async throws {
        let bench = try await EngineBench()
        try await bench.define(min: 1)
        try await bench.pass()
        let launch = try #require(bench.provider.calls.first).launchID
        // Its launch is forgotten: the instance is nobody's.
        try await bench.store.write(in: .store) { transaction in
            try await transaction.run("DELETE FROM workers")
            try await transaction.run("DELETE FROM launches WHERE id = $1", launch)
        }
        let reconciler = bench.reconciler
        try await bench.reconcile(reconciler)
        bench.clock.set(by: .seconds(3_600))
        try await bench.reconcile(reconciler)
        #expect(bench.provider.terminated.isEmpty)
        bench.clock.advance(by: .seconds(60))
        try await bench.reconcile(reconciler)
        #expect(bench.provider.terminated.count == 1)
    }
}
