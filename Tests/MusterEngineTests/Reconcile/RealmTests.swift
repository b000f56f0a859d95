import MusterClouds
import MusterCore
import MusterRuntime
import MusterStore
import MusterTesting
import Testing

@testable import MusterEngine

/// Parts of a provider that are listed by themselves, and what they say beside instances.
@Suite struct RealmTests {
    private static let groups = ["east", "west"].map(WorkerGroup.init(rawValue:))

    /// A worker in each of two realms.
    private func bench() async throws -> (EngineBench, [Reconciler]) {
        let bench = try await EngineBench()
        bench.provider.divide(into: Self.groups)
        try await bench.define()
        _ = try await bench.submit(2)
        bench.provider.behave(.accepts)
        try await bench.pass()
        let launch = try #require(bench.provider.calls.first?.launchID)
        for (index, group) in Self.groups.enumerated() {
            let name = "\(launch)-\(index)"
            bench.provider.bring(
                Instance(
                    id: name, launchID: launch, group: group, workerID: WorkerID(rawValue: name),
                    state: .running, startedAt: bench.clock.now()))
        }
        bench.provider.finish(launch)
        _ = try await bench.launcher.recover()
        await bench.launcher.settled()
        try await bench.registerAll()
        bench.clock.advance(by: .seconds(60))
        return (
            bench,
            Self.groups.map {
                Reconciler(bench.provider, Realm(id: $0.rawValue, group: $0), in: bench.context)
            }
        )
    }

    private func state(_ bench: EngineBench, in group: Int) async throws -> Worker.State? {
        let launch = try #require(bench.provider.calls.first?.launchID)
        return try await bench.worker(
            WorkerKey(
                poolID: EngineBench.pool, group: Self.groups[group],
                id: WorkerID(rawValue: "\(launch)-\(group)")))?.state
    }

    private func forgetAll(_ bench: EngineBench) {
        for instance in bench.provider.living { bench.provider.forget(instance.id) }
    }

    /// Looks, so far apart that two that miss a worker count as two.
    private func look(_ times: Int, by reconciler: Reconciler, _ bench: EngineBench) async throws {
        for _ in 0..<times {
            try await reconciler.run()
            bench.clock.advance(by: bench.context.policy.patienceWithAbsence)
        }
    }

    @Test("A listing of one realm says nothing of the other's instances")
    func apart() async throws {
        let (bench, reconcilers) = try await bench()
        forgetAll(bench)
        try await look(2, by: reconcilers[0], bench)
        #expect(try await state(bench, in: 0) == .stopped)
        #expect(try await state(bench, in: 1) == .running)
        try await look(2, by: reconcilers[1], bench)
        #expect(try await state(bench, in: 1) == .stopped)
    }

    @Test(
        "A realm that is dead delays no other: each has a loop and a lease of its own",
        .timeLimit(.minutes(1)))
    func dead() async throws {
        let (bench, reconcilers) = try await bench()
        #expect(reconcilers.map(\.name) == ["reconcile:scripted/east", "reconcile:scripted/west"])
        bench.provider.silence(["east"])
        let hung = Task { try await reconcilers[0].run() }
        forgetAll(bench)
        try await look(2, by: reconcilers[1], bench)
        #expect(try await state(bench, in: 1) == .stopped)
        #expect(try await state(bench, in: 0) == .running)
        await bench.clock.untilSleeping(for: bench.context.policy.listingDeadline)
        bench.clock.advance(by: bench.context.policy.listingDeadline)
        await #expect(throws: CloudError.self) { try await hung.value }
    }

    @Test("Of a group that the provider cannot see nothing is concluded")
    func unseen() async throws {
        let (bench, _) = try await bench()
        let reconciler = Reconciler(bench.provider, Realm(id: "all"), in: bench.context)
        bench.provider.hide([
            Self.groups[0]: CloudError(.transient, cloudCode: "UNREACHABLE", message: "unseen")
        ])
        forgetAll(bench)
        try await look(3, by: reconciler, bench)
        #expect(try await state(bench, in: 0) == .running)
        #expect(try await state(bench, in: 1) == .stopped)
    }

    @Test("An impaired instance is ended and replaced; one that will be halted takes no more")
    func notices() async throws {
        let (bench, reconcilers) = try await bench()
        let ids = bench.provider.living.map(\.id)
        bench.provider.give([
            InstanceNotice(instanceID: ids[0], kind: .impaired, detail: "system status: impaired"),
            InstanceNotice(instanceID: ids[1], kind: .maintenance(at: nil), detail: "system-reboot"),
            InstanceNotice(instanceID: "nobodys", kind: .impaired, detail: "not ours"),
        ])
        for _ in 0..<2 {
            for reconciler in reconcilers { try await reconciler.run() }
        }
        let workers = try await bench.workers().sorted { $0.key.id < $1.key.id }
        #expect(workers.map(\.state) == [.stopping, .running])
        #expect(workers[0].stopReason == "impaired: system status: impaired")
        #expect(workers[1].drain == "maintenance: system-reboot")
        let events = try await bench.events().map(\.type)
        #expect(events.filter { $0 == .workerStopping }.count == 1)
        #expect(events.filter { $0 == .workerDraining }.count == 1)
        #expect(try await bench.bucketsAreTrue())
    }

    @Test(
        "Why an instance could not be made after all is a refusal, unless its worker has come",
        arguments: [
            true, false,
        ])
    func refusedLate(hasCome: Bool) async throws {
        let bench = try await EngineBench()
        try await bench.define()
        _ = try await bench.submit(1)
        try await bench.pass()
        if hasCome { try await bench.registerAll() }
        let id = try #require(bench.provider.living.first?.id)
        let noRoom = CloudError(
            .capacity(offering: "spot/a"), cloudCode: "AllocationFailed", message: "no room")
        bench.provider.give([
            InstanceNotice(instanceID: id, kind: .impaired, detail: "it could not be made", error: noRoom)
        ])
        let reconciler = try #require(Reconciler.all(in: bench.context).first)
        for _ in 0..<2 { try await reconciler.run() }
        #expect(try await bench.workers().map(\.state) == [.stopping])
        let (provider, now) = (bench.provider.id, bench.clock.now())
        let marks = try await bench.store.read {
            try await $0.offeringMarks(of: provider, named: ["spot/a"], at: now).all
        }
        #expect(marks.map(\.cloudCode) == (hasCome ? [] : ["AllocationFailed"]))
        #expect(try await bench.events().count { $0.type == .launchFailed } == (hasCome ? 0 : 1))
    }

    @Test("An instance that nobody knows is ended with an event that says why, told once")
    func strangers() async throws {
        let (bench, reconcilers) = try await bench()
        bench.provider.plant(
            Instance(
                id: "stray", launchID: LaunchID(rawValue: "nobodys"), group: Self.groups[0],
                workerID: WorkerID(rawValue: "stray"), state: .running))
        try await reconcilers[0].run()
        bench.clock.advance(by: bench.context.policy.unknownInstanceGrace)
        try await look(2, by: reconcilers[0], bench)
        #expect(bench.provider.terminated == ["stray", "stray"])
        let told = try await bench.events().filter { $0.type == .instanceEnded }
        #expect(told.map(\.subject) == ["instance/scripted/stray"])
        #expect(told.first?.data["reason"]?.value == .string("no launch nobodys is known"))
    }
}
