import MusterClouds
import MusterCore
import MusterRuntime
import MusterStore
import MusterTesting
import Testing

@testable import MusterEngine

@Suite struct LaunchTests {
    private func bench(_ tasks: Int = 2) async throws -> EngineBench {
        let bench = try await EngineBench()
        try await bench.define()
        _ = try await bench.submit(tasks)
        return bench
    }

    @Test("The intent is written before the call, and everything that came of it in one go after")
    func intentFirst() async throws {
        let bench = try await bench()
        try await bench.pass()
        let types = try await bench.events().map(\.type)
        let planned = try #require(types.firstIndex(of: .launchPlanned))
        #expect(
            types[planned...].prefix(4) == [
                .launchPlanned, .workerRequested, .workerRequested, .launchSettled,
            ])
        #expect(try await bench.bucketsAreTrue())
    }

    @Test("A lost answer is looked up and adopted; nothing is launched twice")
    func lostAnswer() async throws {
        let bench = try await bench()
        bench.provider.behave(.losesAnswer)
        try await bench.pass()
        #expect(try await bench.workers().isEmpty)
        bench.provider.behave(.gives)
        _ = try await bench.launcher.recover()
        await bench.launcher.settled()
        #expect(try await bench.workers().count == 2)
        try await bench.pass()
        #expect(bench.provider.started == 2)
        #expect(bench.provider.calls.count == 1)
    }

    @Test("A process that died after the intent: the next one sends the same call again")
    func diedAfterIntent() async throws {
        let bench = try await bench()
        bench.provider.behave(.hangs)
        _ = try await PoolPass(EngineBench.pool, in: bench.context, launcher: bench.launcher).run()
        await bench.provider.called(1)
        let intended = try await bench.store.read { try await $0.plannedLaunches(limit: 10) }
        bench.provider.behave(.gives)
        let next = try await bench.restarted()
        // The first look-up comes too early to conclude anything: the call may still be on its way.
        _ = try await next.launcher.recover()
        await next.launcher.settled()
        #expect(try await next.workers().isEmpty)
        next.clock.advance(by: .seconds(41))
        _ = try await next.launcher.recover()
        await next.launcher.settled()
        #expect(try await next.workers().count == 2)
        #expect(next.provider.calls.last?.body == intended.first?.body)
        #expect(next.provider.calls.last?.launchID == intended.first?.id)
        try await next.pass()
        #expect(next.provider.started == 2)
    }

    @Test("When a repeat could launch twice, the launch is abandoned and the need met anew")
    func abandoned() async throws {
        let bench = try await bench()
        bench.provider.behave(.hangs)
        _ = try await PoolPass(EngineBench.pool, in: bench.context, launcher: bench.launcher).run()
        await bench.provider.called(1)
        bench.provider.behave(.gives)
        let next = try await bench.restarted()
        next.clock.advance(by: .seconds(3_601))
        _ = try await next.launcher.recover()
        await next.launcher.settled()
        #expect(try await next.capacity()[.requested] == .zero)
        #expect(try await next.events().contains { $0.type == .launchAbandoned })
        try await next.pass()
        #expect(try await next.workers().count == 2)
    }

    @Test("A look-up that fails concludes nothing")
    func lookUpFails() async throws {
        let bench = try await bench()
        bench.provider.behave(.losesAnswer)
        try await bench.pass()
        bench.clock.advance(by: .seconds(10_000))
        bench.provider.failListings(true)
        _ = try await bench.launcher.recover()
        await bench.launcher.settled()
        #expect(try await bench.store.read { try await $0.plannedLaunches(limit: 10) }.count == 1)
        #expect(bench.provider.calls.count == 1)
    }

    @Test("A call that is not answered in time is given up, stays planned, and is looked up")
    func deadline() async throws {
        let bench = try await bench()
        bench.provider.behave(.hangs)
        _ = try await PoolPass(EngineBench.pool, in: bench.context, launcher: bench.launcher).run()
        await bench.provider.called(1)
        await bench.clock.untilSleeping(for: bench.provider.timing.callDeadline)
        bench.clock.advance(by: bench.provider.timing.callDeadline)
        await bench.launcher.settled()
        #expect(try await bench.store.read { try await $0.plannedLaunches(limit: 10) }.count == 1)
        bench.provider.behave(.gives)
        bench.clock.advance(by: bench.provider.timing.lookUpDelay)
        _ = try await bench.launcher.recover()
        await bench.launcher.settled()
        #expect(try await bench.workers().count == 2)
    }

    @Test("A process that lost the pool's lease sends no call for it")
    func lostLease() async throws {
        let bench = try await bench()
        bench.provider.behave(.hangs)
        _ = try await PoolPass(EngineBench.pool, in: bench.context, launcher: bench.launcher).run()
        await bench.provider.called(1)
        let next = try await bench.restarted()
        try await next.launcher.leases.release()
        try await next.otherTakesPool(for: .seconds(7_200))
        next.clock.advance(by: next.provider.timing.lookUpDelay)
        _ = try await next.launcher.recover()
        await next.launcher.settled()
        #expect(next.provider.calls.count == 1)
    }

    @Test("An answer that arrives twice settles once")
    func settlesOnce() async throws {
        let bench = try await bench()
        try await bench.pass()
        let id = try #require(bench.provider.calls.first?.launchID)
        let launch = try #require(try await bench.store.read { try await $0.launch(id) })
        let instances = bench.provider.living
        let before = try await bench.store.read { try await $0.eventCount() }
        let lease = try await bench.launcher.leases.lease(of: EngineBench.pool).required()
        try await Settlement(bench.context).settle(
            launch, instances: instances, refusals: [], under: lease, reaching: .launchSettled)
        #expect(try await bench.store.read { try await $0.eventCount() } == before)
        #expect(try await bench.bucketsAreTrue())
    }

    @Test("A refusal is reported, counts against its config at most five times, and frees what was requested")
    func refused() async throws {
        let bench = try await bench(8)
        bench.provider.behave(
            .refuses(CloudError(.capacity(offering: "x"), cloudCode: "ICE", message: "no room")))
        try await bench.pass()
        #expect(try await bench.capacity()[.requested] == .zero)
        let health = try await bench.store.read {
            try await $0.launchConfig(LaunchConfigID(rawValue: "standard"), of: EngineBench.pool)?.health
        }
        #expect(health?.failures == 5)
        let id = bench.provider.calls[0].launchID
        let launch = try await bench.store.read { try await $0.launch(id) }
        #expect(launch?.state == .settled && launch?.error?.kind == .capacity(offering: "x"))
        #expect(try await bench.events().contains { $0.type == .launchFailed })
    }

    @Test("After refusals an answer that gives what was asked for is a proof, and what is known is stored")
    func proven() async throws {
        let bench = try await bench(8)
        func health() async throws -> Health? {
            try await bench.store.read {
                try await $0.launchConfig(LaunchConfigID(rawValue: "standard"), of: EngineBench.pool)?.health
            }
        }
        bench.provider.behave(
            .refuses(CloudError(.capacity(offering: "x"), cloudCode: "ICE", message: "no room")))
        try await bench.pass()
        let refused = try #require(try await health())
        #expect(refused.setbacks == 1 && refused.failedAt == bench.clock.now() && refused.allowance == 1)
        bench.provider.behave(.boots)
        for trusted in [1, 2, 4] {
            bench.clock.advance(by: .seconds(10))
            try await bench.pass()
            #expect(bench.provider.calls.count == trusted.trailingZeroBitCount + 2)
            #expect(try await health()?.allowance == trusted * 2)
        }
        #expect(try await bench.workers().count == 7)
    }

    @Test("A pool whose only config fails at once is not launched for at full rate, and never not at all")
    func failsAtOnce() async throws {
        let bench = try await bench(1)
        bench.provider.behave(.refuses(CloudError(.invalidConfig, cloudCode: "x", message: "no such image")))
        let pass = PoolPass(EngineBench.pool, in: bench.context, launcher: bench.launcher)
        let begun = bench.clock.now()
        while bench.clock.now() - begun < .seconds(3_600) {
            let next = try await bench.pass(pass)
            bench.clock.advance(
                by: max(
                    .milliseconds(20),
                    min(.seconds(30), (next ?? .init(milliseconds: .max)) - bench.clock.now())))
        }
        #expect((30...60).contains(bench.provider.calls.count))
    }

    @Test(
        "What one region throttles holds up no launch config of another, and an hour's silence is five minutes"
    )
    func throttlesOne() async throws {
        let bench = try await EngineBench()
        try await bench.define(["near": 1, "far": 1])
        _ = try await bench.submit(2)
        let slow = CloudError(.throttled(retryAfter: .seconds(3_600)), cloudCode: "429", message: "slow down")
        bench.provider.behave(.refusesOf([LaunchConfigID(rawValue: "far"): slow]))
        for _ in 0..<6 {
            try await bench.pass()
            try await bench.registerAll()
        }
        #expect(bench.provider.started == 2)
        #expect(bench.provider.calls.filter { $0.body.contains("far") }.count == 1)
        let pass = PoolPass(EngineBench.pool, in: bench.context, launcher: bench.launcher)
        let plan = try #require(try await pass.decide())
        #expect(plan.weights["far"]?.reason?.hasPrefix("throttled until") == true)
        #expect(plan.weights["far"]?.until == bench.clock.now() + .seconds(300))
    }

    @Test("Throttling says nothing of the launch config")
    func throttled() async throws {
        let bench = try await bench()
        bench.provider.behave(
            .refuses(CloudError(.throttled(retryAfter: .seconds(2)), cloudCode: "429", message: "slow down")))
        try await bench.pass()
        let health = try await bench.store.read {
            try await $0.launchConfig(LaunchConfigID(rawValue: "standard"), of: EngineBench.pool)?.health
        }
        #expect(health?.failures == 0)
    }
}
