import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("Settling Azure launches")
struct AzureSettlingTests {
    private static func refused(_ finding: LaunchFinding) -> Int {
        finding.refusals.map(\.count).reduce(0, +)
    }

    private static let interfaces = "Microsoft.Network/networkInterfaces"
    private static let addresses = "Microsoft.Network/publicIPAddresses"

    @Test(
        "a machine that cannot be removed hides none of the others, and holds the launch up for minutes only")
    func lockedMachine() async throws {
        let bench = try AzureBench { $0.locked = ["l0-3"] }
        let (_, sent) = try await bench.launch(6)
        bench.cloud.fail("l0-3", code: "AllocationFailed", power: nil)
        for _ in 0..<10 {
            let finding = try await bench.provider.find(sent)
            #expect(finding.isUnderWay && finding.instances.count == 5 && Self.refused(finding) == 1)
            bench.clock.advance(by: .seconds(5))
        }
        #expect(bench.cloud.counts["DELETE machine"] == 1)
        bench.clock.advance(by: .seconds(300))
        let finding = try await bench.provider.find(sent)
        #expect(!finding.isUnderWay && finding.instances.count == 5)
        #expect(finding.refusals.map(\.error.cloudCode) == ["AllocationFailed"])
        // The listing has it, so that it is ended for as long as it takes.
        #expect(try await bench.list().notices.map(\.instanceID) == ["l0-3"])
    }

    @Test("a machine whose view cannot be read hides none of the others")
    func unreadable() async throws {
        let bench = try AzureBench { $0.unreadable = ["l0-3"] }
        let (_, sent) = try await bench.launch(6)
        bench.cloud.fail("l0-3", code: "AllocationFailed", power: nil)
        let finding = try await bench.provider.find(sent)
        #expect(finding.isUnderWay && finding.instances.count == 5 && finding.refusals.isEmpty)
        #expect(bench.cloud.counts["DELETE machine"] == nil)
        bench.cloud.change { $0.unreadable = [] }
        #expect(Self.refused(try await bench.found(sent)) == 1)
    }

    @Test("a part that cannot be removed holds the launch up for minutes only")
    func lockedPart() async throws {
        let bench = try AzureBench { $0.locked = ["l0-0-nic"] }
        let (_, sent) = try await bench.launch(2)
        bench.cloud.addPart(Self.interfaces, "l0-0-nic", tags: [:])
        bench.cloud.fail("l0-0", code: "AllocationFailed", power: nil)
        #expect(try await bench.provider.find(sent).instances.count == 1)
        bench.clock.advance(by: .seconds(100))
        #expect(try await bench.provider.find(sent).isUnderWay)
        bench.clock.advance(by: .seconds(300))
        let finding = try await bench.provider.find(sent)
        #expect(!finding.isUnderWay && finding.instances.count == 1 && Self.refused(finding) == 1)
    }

    @Test("parts without tags are known by their names, and an interface goes before its address")
    func untagged() async throws {
        let bench = try AzureBench()
        let (_, sent) = try await bench.launch(2)
        for name in ["l0-0-nic", "l0-0-nic-abcdef01", "l0-1-nic", "other-nic"] {
            bench.cloud.addPart(Self.interfaces, name, tags: [:])
        }
        for name in ["l0-0-ip", "l0-1-ip"] { bench.cloud.addPart(Self.addresses, name, tags: [:]) }
        bench.cloud.addPart(
            Self.interfaces, "l0-0-nic-fleet-b", tags: ["muster-deployment": "fleet-b"])
        bench.cloud.fail("l0-0", code: "AllocationFailed", power: nil)
        let finding = try await bench.found(sent)
        #expect(finding.instances.map(\.id) == ["l0-1"] && Self.refused(finding) == 1)
        let left = bench.cloud.parts.filter { $0.machine == nil }.map { AzureText.name(ofID: $0.id) }
        #expect(left.sorted() == ["l0-0-nic-fleet-b", "l0-1-ip", "l0-1-nic", "other-nic"])
    }

    @Test("a refusal at once is settled when nothing is left of what was refused", arguments: [true, false])
    func refusedWithParts(isPartly: Bool) async throws {
        let bench = try AzureBench {
            $0.quota = isPartly ? 1 : 0
            $0.faults.refusedLeftovers = 1
        }
        let (outcome, sent) = try await bench.launch(3)
        #expect(outcome.isAccepted)
        let finding = try await bench.found(sent)
        #expect(finding.instances.count == (isPartly ? 1 : 0))
        #expect(Self.refused(finding) == (isPartly ? 2 : 3))
        #expect(finding.refusals.allSatisfy { $0.error.cloudCode == "OperationNotAllowed" })
        #expect(bench.cloud.parts.allSatisfy { $0.machine != nil })
    }

    @Test("the next process removes what is left of what was refused before it began")
    func refusedBeforeCrash() async throws {
        let bench = try AzureBench {
            $0.exhausted = ["eastus"]
            $0.faults.refusedLeftovers = 1
        }
        let (_, sent) = try await bench.launch(3)
        bench.cloud.addPart(Self.interfaces, "l0-2-nic", tags: [:])
        let left = bench.cloud.parts.count
        let successor = try bench.successor()
        bench.clock.advance(by: .seconds(61))
        // Another process may have sent it again a moment ago.
        #expect(try await successor.provider.find(sent).isUnderWay)
        #expect(bench.cloud.parts.count == left)
        let finding = try await successor.found(sent)
        #expect(finding.instances.isEmpty && finding.refusals.isEmpty && bench.cloud.parts.isEmpty)
    }

    @Test("why a call was lost is told where the rest of the launch came")
    func lost() async throws {
        let bench = try AzureBench()
        let (_, sent) = try await bench.launch(2)
        let order = try AzureBench.order(3)
        let wider = SentLaunch(
            id: sent.id, body: try bench.provider.render(order), plannedAt: bench.clock.now())
        bench.cloud.change { $0.faults.outages = 1 }
        #expect(await bench.provider.launch(AzureBench.call(wider)).isUnclear)
        bench.cloud.change { $0.faults.outages = 0 }
        let finding = try await bench.found(wider)
        #expect(finding.instances.count == 2)
        #expect(finding.refusals.map(\.error.kind) == [.transient] && Self.refused(finding) == 1)
    }

    @Test("a launch is looked up and sent again in its own place alone")
    func otherPlace() async throws {
        let bench = try AzureBench()
        let (_, sent) = try await bench.launch(2)
        var configuration = bench.cloud.configuration()
        configuration.resourceGroup = "elsewhere"
        let moved = try AzureProvider(
            configuration: configuration, client: bench.provider.api.client, clock: bench.clock, log: .silent)
        await #expect(throws: CloudError.self) { try await moved.find(sent) }
        #expect(await moved.launch(AzureBench.call(sent, isRepeat: true)).isUnclear)
        let refusals = await moved.launch(AzureBench.call(sent)).refusals
        #expect(refusals?.map(\.error.cloudCode) == ["other-place"])
        #expect(try await moved.place() != bench.provider.place())

        // Groups do not differ by case.
        configuration.resourceGroup = FakeAzure.resourceGroup.uppercased()
        let same = try AzureProvider(
            configuration: configuration, client: bench.provider.api.client, clock: bench.clock, log: .silent)
        #expect(try await same.find(sent).instances.count == 2)
    }
}
