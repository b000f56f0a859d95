import MusterCore
import MusterHTTP
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
            settings.faults.lateAnswers = 0.02
            settings.faults.leftovers = 0.05
            settings.faults.refusedLeftovers = 0.5
        }
        bench.cloud.addStranger("stranger", tags: ["muster-deployment": "fleet-b"])
        var wanted = 0
        var known: Set<String> = []
        var refused = 0
        for number in 0..<9 {
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

    @Test("three hundred machines cost a call each, and a list a page for each hundred")
    func many() async throws {
        let bench = try AzureBench { $0.pageSize = 100 }
        var sent: [SentLaunch] = []
        for number in 0..<6 { sent.append(try await bench.launch(50, launch: "l\(number)").sent) }
        #expect(bench.cloud.counts["PUT machine"] == 300)
        let listing = try await bench.list()
        #expect(listing.instances.count == 300)
        #expect(bench.cloud.counts["LIST machines"] == 3)
        for launch in sent { #expect(try await bench.provider.find(launch).instances.count == 50) }
        #expect((bench.cloud.counts["LIST machines"] ?? 0) <= 6)
        #expect(await bench.provider.terminate(listing.instances.map(\.id)).isEmpty)
        #expect(bench.cloud.machines.isEmpty && bench.cloud.parts.isEmpty)
    }

    /// Looks up as the engine does: errors say nothing, and the look-up is made again.
    private func settled(_ bench: AzureBench, _ sent: SentLaunch) async throws -> LaunchFinding {
        for _ in 0..<300 {
            if let finding = try? await bench.provider.find(sent), !finding.isUnderWay { return finding }
            bench.clock.advance(by: .seconds(5))
        }
        throw Problem(.internalError, "the launch \(sent.id) never ends")
    }

    @Test("what would exceed Azure's burst is not sent, and tells that it is too much")
    func beyondTheBurst() async throws {
        let bench = try AzureBench()
        let api = bench.provider.api
        // All that is left of the burst but two.
        let kind = CallKind(provider: "azure", region: "eastus", name: "virtual-machine-changes")
        let policy = CallPolicy(rate: CloudPolicy.azureChanges, deadline: .seconds(1))
        let url = bench.cloud.base + "/metadata"
        _ = try await api.client.send(kind, policy, cost: 1_498) { () async throws(Problem) in
            HTTPRequest(.get, url)
        } judge: { _ in
            .done
        }
        let (outcome, sent) = try await bench.launch(200)
        #expect(outcome.isAccepted)
        let finding = try await bench.found(sent)
        let refused = finding.refusals.map(\.count).reduce(0, +)
        #expect(refused > 0 && finding.instances.count + refused == 200)
        #expect(finding.refusals.allSatisfy { $0.error.label == "throttled" })
        #expect(bench.cloud.machines.count == finding.instances.count)
    }
}
