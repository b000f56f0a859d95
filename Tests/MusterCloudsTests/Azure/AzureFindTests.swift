import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("Looking up Azure launches")
struct AzureFindTests {
    @Test("follows a creation until it is known that there is room")
    func creation() async throws {
        let bench = try AzureBench { $0.creationTime = .seconds(30) }
        let (_, sent) = try await bench.launch(2)
        let first = try await bench.provider.find(sent)
        #expect(first.isUnderWay)
        #expect(first.instances.isEmpty && first.refusals.isEmpty)
        let last = try await bench.found(sent)
        #expect(last.instances.count == 2 && last.instances.allSatisfy { $0.state == .running })
    }

    @Test("one that boots for long is an instance, and keeps no launch open")
    func slowBoot() async throws {
        let bench = try AzureBench { $0.creationTime = .seconds(1_000) }
        let (_, sent) = try await bench.launch()
        bench.clock.advance(by: .seconds(100))
        let finding = try await bench.provider.find(sent)
        #expect(!finding.isUnderWay && finding.instances.map(\.state) == [.pending])
    }

    @Test("a machine that failed is settled after its parts are gone, with its own error")
    func failure() async throws {
        let bench = try AzureBench {
            $0.faults.failures = 1
            $0.faults.leftovers = 1
            $0.interfaceReservation = .seconds(180)
            $0.creationTime = .seconds(10)
            $0.deletionTime = .seconds(20)
        }
        let content = try AzureBench.content {
            $0.replace("\"osProfile\"", with: "\"publicIp\": true, \"zones\": [\"2\"], \"osProfile\"")
        }
        let (outcome, sent) = try await bench.launch(2, content: content)
        #expect(outcome.isAccepted)
        bench.clock.advance(by: .seconds(11))
        // Why is told at once, and that it is not over.
        let first = try await bench.provider.find(sent)
        #expect(first.isUnderWay && first.refusals.map(\.count).reduce(0, +) == 2)
        let finding = try await bench.found(sent)
        #expect(finding.instances.isEmpty)
        let capacity = CloudError.Kind.capacity(offering: "regular/Standard_D2s_v5/eastus/2")
        #expect(finding.refusals.map(\.count).reduce(0, +) == 2)
        #expect(finding.refusals.allSatisfy { $0.error.kind == capacity })
        #expect(finding.refusals.allSatisfy { $0.error.cloudCode == "ZonalAllocationFailed" })
        #expect(bench.cloud.machines.isEmpty && bench.cloud.parts.isEmpty)
        // Once for each that failed, and never for one that did not.
        #expect(bench.cloud.counts["GET instanceView"] == 2)
        #expect(bench.cloud.counts["GET machine"] == nil)
    }

    @Test("the next process settles what failed before it began")
    func failureAfterCrash() async throws {
        let bench = try AzureBench { $0.faults.failures = 1 }
        let (_, sent) = try await bench.launch()
        let finding = try await bench.successor().found(sent)
        #expect(finding.refusals.map(\.error.cloudCode) == ["AllocationFailed"])
        #expect(bench.cloud.machines.isEmpty && bench.cloud.parts.isEmpty)
    }

    @Test("the error of a machine that vanished is its operation's")
    func operation() async throws {
        let bench = try AzureBench {
            $0.faults.failures = 1
            $0.creationTime = .seconds(5)
        }
        let (_, sent) = try await bench.launch()
        bench.clock.advance(by: .seconds(6))
        bench.cloud.vanish("l0-0")
        let finding = try await bench.found(sent)
        #expect(finding.refusals.map(\.error.cloudCode) == ["AllocationFailed"])
    }

    @Test("one list answers for many launches that are looked up at once")
    func sharedList() async throws {
        let bench = try AzureBench { $0.pageSize = 1_000 }
        var sent: [SentLaunch] = []
        for number in 0..<20 { sent.append(try await bench.launch(2, launch: "l\(number)").sent) }
        let provider = bench.provider
        let found = try await withThrowingTaskGroup(of: Int.self) { group in
            for launch in sent { group.addTask { try await provider.find(launch).instances.count } }
            return try await group.reduce(0, +)
        }
        #expect(found == 40)
        #expect(bench.cloud.counts["LIST machines"] == 1)
    }

    @Test("a machine of somebody else's that has the name is refused, and left alone")
    func nameTaken() async throws {
        let bench = try AzureBench()
        bench.cloud.addStranger("l0-0", tags: ["muster-deployment": "fleet-b"])
        let (outcome, sent) = try await bench.launch()
        #expect(outcome.isAccepted)
        let finding = try await bench.found(sent)
        #expect(finding.refusals.map(\.error.cloudCode) == ["NameTaken"])
        #expect(bench.cloud.machines.map(\.name) == ["l0-0"])
    }

    @Test("a list that cannot be read says nothing")
    func listFails() async throws {
        let bench = try AzureBench()
        let (_, sent) = try await bench.launch()
        bench.cloud.change { $0.faults.outages = 1 }
        await #expect(throws: CloudError.self) { try await bench.provider.find(sent) }
    }

    @Test("a worker's machine is found by its name, if it is ours and there")
    func instance() async throws {
        let bench = try AzureBench()
        _ = try await bench.launch()
        bench.cloud.addStranger("other-0")
        let east = WorkerGroup(rawValue: "eastus")
        let provider = bench.provider
        #expect(try await provider.instance(of: WorkerID(rawValue: "l0-0"), in: east)?.id == "l0-0")
        #expect(try await provider.instance(of: WorkerID(rawValue: "l0-9"), in: east) == nil)
        #expect(try await provider.instance(of: WorkerID(rawValue: "other-0"), in: east) == nil)
        #expect(
            try await provider.instance(
                of: WorkerID(rawValue: "l0-0"), in: WorkerGroup(rawValue: "westus")) == nil)
    }
}
