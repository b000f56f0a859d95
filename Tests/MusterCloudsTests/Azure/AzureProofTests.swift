import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("Proofs of Azure's machines")
struct AzureProofTests {
    @Test(
        "what is no attested document is refused, and nothing is looked up for it",
        arguments: ["{}", #"{"document": 1}"#, #"{"document": "x"}"#, #"{"document": "AAAA"}"#, "[]"])
    func refused(text: String) async throws {
        let bench = try AzureBench()
        let claim = IdentityClaim(
            worker: WorkerID(rawValue: "l0-0"), group: WorkerGroup(rawValue: "eastus"),
            proof: try JSON.document(Array(text.utf8)), at: bench.clock.now(),
            audience: "https://muster.example")
        await #expect(throws: Problem.self) { try await bench.provider.prove(claim) }
        #expect(bench.cloud.counts.isEmpty)
    }

    @Test("a machine's own id is had by its name: from the last list, else by one call")
    func machineID() async throws {
        let bench = try AzureBench()
        _ = try await bench.launch(2)
        bench.cloud.addStranger("other-0", tags: ["muster-deployment": "fleet-b"])
        func id(_ name: String, _ group: String = "eastus") async throws -> String? {
            try await bench.provider.machineIDs.id(
                of: WorkerID(rawValue: name), in: WorkerGroup(rawValue: group))
        }
        let first = try await id("l0-0")
        #expect(first != nil)
        #expect(bench.cloud.counts["GET machine"] == 1)
        #expect(try await id("other-0") == nil)
        #expect(try await id("l0-7") == nil)
        #expect(try await id("l0-0", "westus") == nil)
        _ = try await bench.list()
        let before = bench.cloud.counts["GET machine"]
        #expect(try await id("l0-0") == first)
        #expect(try await id("l0-1") != first)
        #expect(bench.cloud.counts["GET machine"] == before)

        bench.cloud.change { $0.faults.outages = 1 }
        await #expect(throws: Problem.self) { _ = try await id("l0-9") }
    }
}
