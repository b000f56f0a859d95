import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("Azure with faults")
struct AzureFaultTests {
    @Test(
        "whatever goes wrong, every machine is known, none is made twice, and none of a stranger's is touched",
        arguments: [UInt64(1), 2, 3])
    func faults(seed: UInt64) async throws {
        let bench = try AzureBench(seed: seed) { settings in
            settings.creationTime = .seconds(20)
            settings.deletionTime = .seconds(20)
            settings.faults.refusals = 0.05
            settings.faults.failures = 0.05
            settings.faults.throttled = 0.02
            settings.faults.lostAnswers = 0.03
            settings.faults.duplicates = 0.02
            settings.faults.halfAnswers = 0.02
            settings.faults.outages = 0.02
            settings.faults.leftovers = 0.05
        }
        bench.cloud.addStranger("stranger", tags: ["muster-deployment": "fleet-b"])
        var wanted = 0
        var known: Set<String> = []
        var refused = 0
        for number in 0..<15 {
            wanted += 8
            let (outcome, sent) = try await bench.launch(8, launch: "l\(number)")
            if let refusals = outcome.refusals {
                refused += refusals.map(\.count).reduce(0, +)
                continue
            }
            // Every third is looked up by another process, which remembers nothing.
            let finder = number % 3 == 0 ? try bench.successor() : bench
            let finding = try await settled(finder, sent)
            known.formUnion(finding.instances.map(\.id))
            refused += finding.refusals.map(\.count).reduce(0, +)
        }
        let machines = bench.cloud.machines.map(\.name).filter { $0 != "stranger" }
        #expect(Set(machines).isSubset(of: known))
        #expect(known.count + refused <= wanted)
        #expect(bench.cloud.made.values.allSatisfy { $0 == 1 })
        #expect(bench.cloud.counts["CHANGE machine"] == nil)

        // All are ended; what is refused is asked for again, until the cloud says that they are gone.
        for _ in 0..<60 {
            let left = try? await bench.list().instances
            if let left, left.isEmpty { break }
            _ = await bench.provider.terminate((left ?? []).filter { $0.state != .stopping }.map(\.id))
            bench.clock.advance(by: .seconds(30))
        }
        bench.cloud.change { $0.faults = AzureFaults() }
        for _ in 0..<4 {
            _ = try await bench.list()
            bench.clock.advance(by: .seconds(1_000))
        }
        #expect(bench.cloud.machines.map(\.name) == ["stranger"])
        #expect(bench.cloud.parts.map(\.machine) == ["stranger"])
    }

    /// Looks up as the engine does: errors say nothing, and the look-up is made again.
    private func settled(_ bench: AzureBench, _ sent: SentLaunch) async throws -> LaunchFinding {
        for _ in 0..<300 {
            if let finding = try? await bench.provider.find(sent), !finding.isUnderWay { return finding }
            bench.clock.advance(by: .seconds(5))
        }
        throw Problem(.internalError, "the launch \(sent.id) never ends")
    }
}
