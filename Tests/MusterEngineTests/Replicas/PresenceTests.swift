import MusterCore
import MusterRuntime
import MusterStore
import MusterTesting
import Testing

@testable import MusterEngine

@Suite("A process among others")
struct PresenceTests {
    private func bench() async throws -> EngineBench { try await EngineBench(leaseTime: .seconds(60)) }

    private func replicas(_ bench: EngineBench) async throws -> [Replica] {
        try await bench.store.read { try await $0.replicas() }
    }

    @Test("announces itself once, however many of its parts ask")
    func once() async throws {
        let bench = try await bench()
        try await withThrowingTaskGroup(of: Replica.self) { group in
            for _ in 0..<50 {
                group.addTask { try await bench.context.presence.replica(lasting: .seconds(30)) }
            }
            try await group.waitForAll()
        }
        let replicas = try await replicas(bench)
        #expect(replicas.map(\.name) == ["test"] && bench.store.writes == 1)
        #expect(replicas[0].role == .service && replicas[0].providers == [bench.provider.id])
        #expect(replicas[0].address == "http://127.0.0.1:1")
    }

    @Test("renews one row for whatever it holds, when less is left than is asked for")
    func renews() async throws {
        let bench = try await bench()
        let pools = (0..<20).map { PoolID(rawValue: "p/\($0)") }
        try await bench.launcher.leases.hold(pools)
        let taken = bench.store.writes
        #expect(taken == 21)
        for _ in 0..<10 {
            bench.clock.advance(by: .seconds(20))
            _ = try await bench.context.presence.replica(lasting: .seconds(40))
            for pool in pools {
                let lease = try #require(try await bench.launcher.leases.lease(of: pool).current())
                #expect(lease.epoch == 1 && lease.expiresAt == bench.clock.now() + .seconds(60))
            }
        }
        #expect(bench.store.writes == taken + 10)
    }

    @Test("that was away for longer than its lease says so, holds nothing, and takes what nobody else has")
    func away() async throws {
        let bench = try await bench()
        let (left, taken) = (PoolID(rawValue: "p/left"), PoolID(rawValue: "p/taken"))
        try await bench.launcher.leases.hold([left, taken])
        let before = try #require(try await bench.launcher.leases.lease(of: left).current())
        bench.clock.advance(by: .seconds(60))
        try await bench.store.announce("other")
        try await bench.store.hold(Lease.name(ofPool: taken), as: "other")
        let holder = try await bench.launcher.leases.holder()
        #expect(holder != before.holder)
        #expect(bench.log.complaints.contains { $0.contains("away for longer than its lease") })
        let leases = try await bench.store.read { try await $0.leases() }
        #expect(leases.map(\.holder) == [holder, "other"] && leases.map(\.epoch) == [2, 2])
        #expect(try await replicas(bench).map(\.name) == ["other", "test"])
        // Nobody could call it meanwhile, but the other was there.
        #expect(bench.context.presentSince == bench.clock.now())
    }

    @Test("that leaves frees what it holds at once")
    func leaves() async throws {
        let bench = try await bench()
        try await bench.hold()
        try await bench.context.presence.leave()
        #expect(try await replicas(bench).isEmpty)
        try await bench.otherTakesPool()
    }

    @Test("lives by deadlines of workers that run on while anybody attends, and by its own for claims")
    func attendance() async throws {
        let bench = try await bench()
        let start = bench.clock.now()
        try await bench.hold()
        bench.clock.advance(by: .seconds(30))
        let second = try await bench.beside("second")
        try await second.hold()
        #expect(second.context.attendedSince == start)
        #expect(second.context.presentSince == bench.clock.now())
    }

    @Test("loses nothing when the clock is set, however far", arguments: [3_600, -3_600, 2_592_000])
    func clockSet(seconds: Int) async throws {
        let bench = try await bench()
        try await bench.hold()
        let lease = try #require(try await bench.launcher.leases.lease(of: EngineBench.pool).current())
        bench.clock.set(by: .seconds(seconds))
        let after = try #require(try await bench.launcher.leases.lease(of: EngineBench.pool).current())
        #expect(after.epoch == lease.epoch && after.holder == lease.holder)
        _ = try await bench.store.write(in: .store) { try await $0.require(after) }
        #expect(!bench.log.complaints.contains { $0.contains("lease") })
    }

    @Test(
        "writes down what it means that the clock was set once, though all of them notice",
        arguments: [3_600, -3_600])
    func clockSetForAll(seconds: Int) async throws {
        let bench = try await bench()
        try await bench.define(min: 1)
        try await bench.pass()
        let key = try #require(try await bench.workers().first).key
        let expires = try await bench.register(key).expiresAt
        let others = [try await bench.beside("second"), try await bench.beside("third")]
        for jump in [1, 2] {
            bench.clock.advance(by: .seconds(10))
            for replica in [bench] + others { _ = try await replica.context.moment() }
            bench.clock.set(by: .seconds(seconds))
            for replica in others + [bench] {
                #expect(try await replica.context.moment() == bench.clock.now())
                #expect(replica.context.clockWatch.record.timesSet == jump)
            }
            #expect(try await bench.worker(key)?.expiresAt == expires + .seconds(seconds * jump))
        }
        // One that was halted meanwhile notices both at once.
        let late = try await bench.events().filter { $0.type == .clockSet }.count
        #expect(late == 2)
    }

    @Test("that goes by another time than the store judges nothing", arguments: [3_600, -3_600])
    func otherTime(seconds: Int) async throws {
        let bench = try await bench()
        try await bench.define(min: 1)
        try await bench.launcher.leases.release()
        let off = try await bench.beside("off", clock: ManualClock(at: bench.clock.now() + .seconds(seconds)))
        for part in ["pass", "look", "expire"] {
            let problem = await #expect(throws: Problem.self) {
                switch part {
                case "pass": try await off.pass()
                case "look":
                    let launch = LaunchID(rawValue: "l")
                    try await off.store.write(in: .store) { transaction in
                        let worker = Worker(
                            key: WorkerKey(
                                poolID: EngineBench.pool, group: WorkerGroup(rawValue: "g"),
                                id: WorkerID(rawValue: "w")),
                            launchConfigID: LaunchConfigID(rawValue: "standard"),
                            launchID: launch, providerID: bench.provider.id, instanceID: "i", capacity: 1,
                            requestedAt: Timestamp(milliseconds: 0))
                        try await transaction.save(worker, was: nil, lookAt: Timestamp(milliseconds: 0))
                    }
                    try await off.look()
                default:
                    _ = try await off.tasks.submit([
                        TaskSubmission(
                            poolID: EngineBench.pool, payload: TaskPayload(command: ["true"]),
                            deadlineAt: Timestamp(milliseconds: 1))
                    ])
                    _ = try await off.tasks.expire()
                }
            }
            #expect(problem?.code == .unavailable, "\(part)")
        }
        #expect(bench.provider.calls.isEmpty)
    }
}
