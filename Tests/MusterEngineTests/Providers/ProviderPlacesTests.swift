import MusterClouds
import MusterCore
import MusterRuntime
import MusterStore
import MusterTesting
import Testing

@testable import MusterEngine

/// Providers that are pointed at another account, project or resource group.
@Suite struct ProviderPlacesTests {
    /// Two workers of which one runs a task, and a launch of which nobody knows what came; and the next process,
    /// which finds the provider pointed elsewhere, where nothing is.
    private func moved() async throws -> (bench: EngineBench, keys: [WorkerKey], instances: [Instance]) {
        let bench = try await EngineBench()
        let keys = try await bench.runningWorkers(2)
        _ = try await bench.submit(1)
        _ = try await bench.claim(keys[0])
        bench.clock.advance(by: .seconds(60))
        bench.provider.behave(.losesAnswer)
        try await bench.define(min: 3)
        try await bench.pass()
        bench.provider.behave(.gives)
        let instances = bench.provider.living
        for instance in instances { bench.provider.forget(instance.id) }
        bench.provider.move(to: .success("another place"))
        return (try await bench.restarted(), keys, instances)
    }

    private func reconcile(_ bench: EngineBench, times: Int = 12) async throws {
        let reconciler = bench.reconciler
        for _ in 0..<times {
            try await bench.reconcile(reconciler)
            bench.clock.advance(by: .seconds(15))
        }
    }

    @Test("Nothing is concluded, launched, looked up or ended where the instances never were")
    func elsewhere() async throws {
        let (bench, keys, _) = try await moved()
        let calls = bench.provider.calls.count
        await #expect(throws: ProviderMove.self) { try await bench.reconcile() }
        try await bench.define(min: 4)
        try await bench.pass()
        bench.clock.advance(by: .seconds(4_000))
        _ = try await bench.launcher.recover()
        await bench.launcher.settled()
        try await bench.control.retire(keys[1], atOnce: true, by: "test")
        try await bench.look()
        #expect(bench.provider.calls.count == calls)
        #expect(bench.provider.terminated.isEmpty)
        #expect(try await bench.workers().count == 2)
        #expect(try await bench.store.read { try await $0.plannedLaunches(limit: 10) }.count == 1)
        let reasons = try #require(try await bench.plan()).reasons
        #expect(reasons.contains { $0.code == "provider-moved" && $0.message.contains("another place") })
    }

    @Test("Pointed back, it goes on as if nothing had been")
    func back() async throws {
        let (bench, _, instances) = try await moved()
        await #expect(throws: ProviderMove.self) { try await bench.reconcile() }
        bench.provider.move(to: .success("the first place"))
        for instance in instances { bench.provider.plant(instance) }
        try await reconcile(bench, times: 2)
        _ = try await bench.launcher.recover()
        await bench.launcher.settled()
        #expect(try await bench.workers().count == 3)
        #expect(try await bench.store.read { try await $0.plannedLaunches(limit: 10) }.isEmpty)
    }

    @Test("Nothing is sent or concluded while nobody can tell where it points")
    func unknown() async throws {
        let (bench, _, _) = try await moved()
        let calls = bench.provider.calls.count
        let error = CloudError(.network, cloudCode: "timeout", message: "no answer")
        bench.provider.move(to: .failure(error))
        await #expect(throws: CloudError.self) { try await bench.reconcile() }
        bench.clock.advance(by: .seconds(4_000))
        _ = try await bench.launcher.recover()
        await bench.launcher.settled()
        #expect(bench.provider.calls.count == calls && bench.provider.terminated.isEmpty)
        #expect(try await bench.store.read { try await $0.plannedLaunches(limit: 10) }.count == 1)
    }

    @Test("It may be pointed elsewhere once nothing of it is left")
    func afterwards() async throws {
        let bench = try await EngineBench()
        _ = try await bench.runningWorkers(1)
        try await bench.define(min: 0)
        let name = try #require(bench.provider.living.first?.id)
        bench.provider.change(name, to: .gone)
        try await reconcile(bench, times: 1)
        bench.provider.move(to: .success("another place"))
        let next = try await bench.restarted()
        try await reconcile(next, times: 1)
        try await next.define(min: 2)
        try await next.pass()
        #expect(try await next.workers().count == 2)
        // From now on this is where its instances are.
        next.provider.move(to: .success("the first place"))
        await #expect(throws: ProviderMove.self) { try await next.reconcile() }
    }

    @Test(
        "Forgotten, its workers count as gone, their tasks run elsewhere, and it is used where it points now")
    func forgotten() async throws {
        let (bench, keys, _) = try await moved()
        await #expect(throws: ProviderMove.self) { try await bench.reconcile() }
        let forgotten = try await bench.control.forget(provider: bench.provider.id, by: "test")
        #expect(forgotten.workers == 2 && forgotten.launches == 1)
        #expect(try await bench.workers().isEmpty)
        #expect(try await bench.worker(keys[0])?.stopReason == StopReason.forgotten)
        #expect(try await bench.capacity()[.requested] == .zero)
        #expect(try await bench.bucketsAreTrue())
        // Nobody is to blame for it.
        let config = try await bench.store.read {
            try await $0.launchConfig(LaunchConfigID(rawValue: "standard"), of: EngineBench.pool)
        }
        #expect(config?.health.silentInARow == 0)
        #expect(
            try await bench.control.forget(provider: ProviderID(rawValue: "nobody"), by: "test")
                == Control.ForgottenProvider())
        try await bench.reconcile()
        try await bench.pass()
        #expect(try await bench.workers().count == 3)
        try await bench.registerAll()
        let running = try #require(try await bench.workers().first?.key)
        #expect(try await bench.claim(running).count == 1)
    }

    @Test("One that is enabled and points where its instances are is not forgotten")
    func refused() async throws {
        let bench = try await EngineBench()
        _ = try await bench.runningWorkers(1)
        let problem = await #expect(throws: Problem.self) {
            _ = try await bench.control.forget(provider: bench.provider.id, by: "test")
        }
        #expect(problem?.code == .conflict && problem?.field == "providerId")
        #expect(try await bench.workers().count == 1)
    }
}
