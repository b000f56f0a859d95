import MusterClouds
import MusterCore
import MusterRuntime
import MusterStore
import MusterTesting
import Testing

@testable import MusterEngine

@Suite("Offerings that are not to be had", .timeLimit(.minutes(1)))
struct OfferingTests {
    private let one = LaunchConfigID(rawValue: "one")
    private let noRoom = CloudError(.capacity(offering: "spot/a"), cloudCode: "ICE", message: "none is left")
    private let noQuota = CloudError(.quota(scope: "vcpu"), cloudCode: "Quota", message: "that is all")

    /// A pool of two launch configs, and tasks; each config has an offering of its own, and both the same quota.
    private func bench(_ tasks: Int) async throws -> EngineBench {
        let bench = try await EngineBench()
        bench.provider.sell([
            "one": [Offering(name: "spot/a", scopes: ["vcpu"])],
            "two": [Offering(name: "spot/b", scopes: ["vcpu"])],
        ])
        try await bench.define(["one": 1, "two": 1], max: 100)
        _ = try await bench.submit(tasks)
        return bench
    }

    private func marks(_ bench: EngineBench) async throws -> [OfferingMark] {
        let (id, now) = (bench.provider.id, bench.clock.now())
        return try await bench.store.read {
            try await $0.offeringMarks(of: id, named: ["spot/a", "spot/b", "vcpu"], at: now).all
        }
    }

    /// How many instances have been asked for, by launch config.
    private func asked(_ bench: EngineBench) async throws -> [String: Int] {
        let launches = try await bench.store.read {
            try await $0.launches(of: EngineBench.pool, state: nil, before: nil, limit: 100).elements
        }
        return launches.reduce(into: [:]) { $0[$1.launchConfigID.rawValue, default: 0] += $1.count }
    }

    private func codes(_ bench: EngineBench) async throws -> [String] {
        try await bench.plan()?.reasons.map(\.code) ?? []
    }

    @Test("A refusal closes its config, another launches instead, and the probe that gives opens it")
    func closesAndOpens() async throws {
        let bench = try await bench(2)
        bench.provider.behave(.refusesOf([one: noRoom]))
        try await bench.pass()
        #expect(try await asked(bench) == ["one": 1, "two": 1])
        let until = bench.clock.now() + .seconds(180)
        #expect(try await marks(bench).map(\.until) == [until])
        let event = try #require(try await bench.events().first { $0.type == .offeringUnavailable })
        #expect(event.subject == "offering/scripted/spot/a" && event.poolID == EngineBench.pool)
        #expect(event.data["cloudCode"]?.value == .string("ICE"))
        #expect(event.data["offering"]?.value == .string("spot/a"))

        _ = try await bench.submit(6)
        #expect(try await bench.pass() == until)
        #expect(try await asked(bench) == ["one": 1, "two": 8])
        let reason = try #require(try await bench.plan()?.reasons.first { $0.code == "unavailable" })
        #expect(
            reason.message
                == "The launch config one has no offering that is available until \(until): capacity, ICE.")

        bench.clock.advance(by: .milliseconds(179_999))
        _ = try await bench.submit(1)
        try await bench.pass()
        #expect(try await asked(bench)["one"] == 1)
        bench.clock.advance(by: .milliseconds(1))
        bench.provider.behave(.gives)
        _ = try await bench.submit(6)
        try await bench.pass()
        #expect(try await asked(bench)["one"] == 2, "one probe")
        #expect(try await marks(bench).isEmpty)
        _ = try await bench.submit(20)
        try await bench.pass()
        #expect((try await asked(bench)["one"] ?? 0) > 10)
    }

    @Test("While nobody knows what became of the probe there is no second one; a refused one marks anew")
    func oneProbe() async throws {
        let bench = try await bench(2)
        bench.provider.behave(.refusesOf([one: noRoom]))
        try await bench.pass()
        let first = try #require(try await marks(bench).first)
        bench.clock.advance(by: .seconds(180))
        bench.provider.behave(.hangs)
        _ = try await bench.submit(6)
        let pass = PoolPass(EngineBench.pool, in: bench.context, launcher: bench.launcher)
        _ = try await pass.run()
        #expect(try await asked(bench)["one"] == 2)
        _ = try await bench.submit(20)
        _ = try await pass.run()
        #expect(try await asked(bench)["one"] == 2)
        #expect(try await codes(bench).contains("probing"))

        // The next process finds out what became of it.
        let next = try await bench.restarted()
        next.provider.behave(.refusesOf([one: noRoom]))
        next.clock.advance(by: .seconds(41))
        _ = try await next.launcher.recover()
        await next.launcher.settled()
        let second = try #require(try await marks(next).first)
        #expect(second.markedAt == first.markedAt + .seconds(221))
        #expect(try await next.events().filter { $0.type == .offeringUnavailable }.count == 2)
        try await next.pass()
        #expect(try await asked(next)["one"] == 2)
    }

    @Test("A quota closes all that it is of; with nothing else, each is tried every two minutes")
    func quota() async throws {
        let bench = try await bench(2)
        bench.provider.behave(.refuses(noQuota))
        try await bench.pass()
        #expect(try await marks(bench).map(\.name) == ["vcpu"])
        let marked = bench.clock.now()
        #expect(try await marks(bench).first?.until == marked + .seconds(600))
        #expect(try await bench.pass() == marked + .seconds(120))
        #expect(try await asked(bench) == ["one": 1, "two": 1])
        bench.clock.advance(by: .seconds(119))
        try await bench.pass()
        #expect(try await asked(bench) == ["one": 1, "two": 1])
        bench.clock.advance(by: .seconds(1))
        _ = try await bench.submit(20)
        try await bench.pass()
        #expect(try await asked(bench) == ["one": 2, "two": 2])
        #expect(try await marks(bench).first?.markedAt == marked + .seconds(120))

        bench.clock.advance(by: .seconds(120))
        bench.provider.behave(.gives)
        try await bench.pass()
        #expect(try await asked(bench) == ["one": 3, "two": 3])
        #expect(try await marks(bench).isEmpty, "it has been shown to be wrong before its time")
        // Of each there is one; then two and four come, and then all that is still missing.
        for workers in [6, 14, 22] {
            try await bench.pass()
            #expect(try await bench.workers().count == workers)
        }
    }

    @Test("Pools of one provider share what they know, and the doctor says it")
    func shared() async throws {
        let bench = try await bench(1)
        bench.provider.behave(.refuses(noQuota))
        try await bench.pass()
        let other = PoolID(rawValue: "demo/other")
        let definition = PoolDefinition(
            id: other, providerID: bench.provider.id, scale: PoolScale(minCapacity: 3, maxCapacity: 3),
            launchConfigs: [
                LaunchConfigDefinition(
                    id: one, content: .object(["name": .string("one")]), settings: LaunchConfigSettings())
            ])
        _ = try await bench.control.apply([definition], prune: false, dryRun: false, by: "test")
        let plan = try await PoolPass(other, in: bench.context, launcher: bench.launcher).decide()
        #expect(plan?.toLaunch == 0 && plan?.reasons.contains { $0.code == "unavailable" } == true)
        let (offerings, now) = (bench.context.offerings, bench.clock.now())
        let view = try await bench.store.read { try await $0.view(of: other, offerings, at: now) }
        #expect(view?.weights[one]?.unavailableUntil == now + .seconds(120))
        let doctor = Doctor(Patient(context: bench.context, sinks: [], loops: nil, files: nil))
        let pools = try await doctor.examine().findings.first { $0.name == "pools" }
        #expect(
            pools?.details.contains(
                "demo/other: no launch config can launch: one has no offering available until "
                    + "\(now + .seconds(120))") == true)
    }

    @Test("An answer that comes twice marks once, and tells of it once")
    func twice() async throws {
        let bench = try await bench(1)
        bench.provider.behave(.refuses(noRoom))
        try await bench.pass()
        let id = bench.provider.calls[0].launchID
        let launch = try #require(try await bench.store.read { try await $0.launch(id) })
        let (marks, events) = (try await marks(bench), try await bench.events().count)
        bench.clock.advance(by: .seconds(5))
        let lease = try await bench.launcher.leases.lease(of: EngineBench.pool).required()
        try await Settlement(bench.context).settle(
            launch, instances: [], refusals: [LaunchRefusal(count: 1, error: noQuota)], under: lease,
            reaching: .launchSettled)
        #expect(try await self.marks(bench) == marks)
        #expect(try await bench.events().count == events)
    }

    @Test("Of a launch that gave some and was refused the rest, the refusal is the later word")
    func partly() async throws {
        let bench = try await bench(6)
        bench.provider.behave(.givesOnly(1, noRoom))
        try await bench.pass()
        #expect(try await bench.workers().count == 2)
        #expect(try await marks(bench).map(\.name) == ["spot/a"])
    }

    @Test("An instance that says which offering it is speaks for that one alone")
    func told() async throws {
        let bench = try await EngineBench()
        bench.provider.sell(["standard": [Offering(name: "spot/a"), Offering(name: "spot/b")]])
        try await bench.define()
        _ = try await bench.submit(1)
        bench.provider.behave(.refuses(noRoom))
        try await bench.pass()
        bench.clock.advance(by: .seconds(200))
        bench.provider.behave(.gives)
        bench.provider.give(as: "spot/b")
        try await bench.pass()
        #expect(try await marks(bench).map(\.name) == ["spot/a"], "nobody knows of it anything new")
        bench.provider.give(as: "spot/a")
        _ = try await bench.submit(1)
        try await bench.pass()
        #expect(try await marks(bench).isEmpty)
    }

    @Test("Throttling and errors of other kinds mark nothing")
    func nothing() async throws {
        for kind in [.throttled(retryAfter: nil), .transient, .auth, .invalidConfig] as [CloudError.Kind] {
            let bench = try await bench(1)
            bench.provider.behave(.refuses(CloudError(kind, cloudCode: "x", message: "no")))
            try await bench.pass()
            #expect(try await bench.store.tables()["unavailable_offerings"] == [])
            #expect(try await !bench.events().contains { $0.type == .offeringUnavailable })
        }
    }

    @Test("Marks that say nothing any more are forgotten")
    func forgotten() async throws {
        let bench = try await bench(1)
        bench.provider.behave(.refuses(noRoom))
        try await bench.pass()
        bench.clock.advance(by: .seconds(180 + 15 * 60))
        try await RetentionSweep(bench.context).run()
        #expect(try await bench.store.tables()["unavailable_offerings"]?.count == 1)
        bench.clock.advance(by: .milliseconds(1))
        try await RetentionSweep(bench.context).run()
        #expect(try await bench.store.tables()["unavailable_offerings"] == [])
    }
}
