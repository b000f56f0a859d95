import MusterClouds
import MusterCore
import MusterRuntime
import MusterStore
import MusterTesting
import Testing

@testable import MusterEngine

/// Launches that nobody can be asked about.
@Suite struct StuckLaunchTests {
    @Test("A launch whose provider is not enabled any more waits for it, and is neither sent nor given up")
    func providerGone() async throws {
        let other = ScriptedProvider(ProviderID(rawValue: "other"), clock: SystemClock())
        let bench = try await EngineBench()
        try await bench.define()
        _ = try await bench.submit(2)
        bench.provider.behave(.losesAnswer)
        try await bench.pass()
        // The next process runs with another provider alone.
        try await bench.launcher.leases.release()
        let without = try await EngineBench(
            clock: bench.clock, provider: other, name: "without", sharing: bench.base)
        without.clock.advance(by: .seconds(10_000))
        try await without.hold()
        _ = try await without.launcher.recover()
        await without.launcher.settled()
        #expect(try await bench.store.read { try await $0.plannedLaunches(limit: 10) }.count == 1)
        #expect(other.calls.isEmpty)
        try await without.launcher.leases.release()
        try await bench.hold()
        // Enabled again it is looked up, and what came of it is found.
        bench.provider.behave(.gives)
        _ = try await bench.launcher.recover()
        await bench.launcher.settled()
        #expect(try await bench.workers().count == 2)
        #expect(bench.provider.calls.count == 1)
    }

    @Test("However many cannot be looked up at one provider, those of another are", .timeLimit(.minutes(5)))
    func starving() async throws {
        let other = ScriptedProvider(ProviderID(rawValue: "other"), clock: SystemClock())
        let bench = try await EngineBench(beside: [other])
        try await bench.define()
        let config = LaunchConfigID(rawValue: "standard")
        func launch(_ name: String, at provider: ProviderID) -> Launch {
            Launch(
                id: LaunchID(rawValue: name), poolID: EngineBench.pool, launchConfigID: config,
                providerID: provider, count: 1, capacityPerInstance: 1, body: "\(name) standard 1", epoch: 1,
                plannedAt: bench.clock.now())
        }
        let stuck = (0..<EnginePolicy.lookUpsPerProvider + 50).map {
            launch("stuck\($0)", at: bench.provider.id)
        }
        bench.clock.advance(by: .seconds(1))
        let healthy = launch("healthy", at: other.id)
        _ = try await bench.store.write(in: .store) { transaction in
            for launch in stuck + [healthy] { try await transaction.save(launch, was: nil) }
        }
        bench.provider.failListings(true)
        other.plant(
            Instance(
                id: "healthy-0", launchID: healthy.id, group: WorkerGroup(rawValue: "here"),
                workerID: WorkerID(rawValue: "healthy-0"), state: .running, startedAt: bench.clock.now()))
        _ = try await bench.launcher.recover()
        await bench.launcher.settled()
        #expect(try await bench.store.read { try await $0.launch(healthy.id) }?.state == .settled)
    }
}
