import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("Listing Azure machines")
struct AzureListTests {
    @Test("follows the pages to the end, and shows this fleet's alone")
    func pages() async throws {
        let bench = try AzureBench { $0.pageSize = 7 }
        _ = try await bench.launch(30)
        for number in 0..<10 {
            bench.cloud.addStranger("other-\(number)", tags: ["muster-deployment": "fleet-b"])
        }
        let listing = try await bench.list()
        #expect(listing.instances.count == 30)
        #expect(listing.instances.allSatisfy { $0.id.hasPrefix("l0-") && $0.startedAt != nil })
        #expect(listing.notices.isEmpty)
        #expect(bench.cloud.counts["LIST machines"] == 6)
        #expect(bench.cloud.counts["GET machine"] == nil)
        #expect(bench.cloud.counts["GET instanceView"] == nil)
    }

    @Test("a page that fails makes the whole list unknown", arguments: [0, 2])
    func failingPage(number: Int) async throws {
        let bench = try AzureBench { $0.pageSize = 5 }
        _ = try await bench.launch(12)
        bench.cloud.change { $0.failingPage = number }
        await #expect(throws: CloudError.self) { try await bench.list() }
    }

    @Test("what was evicted or halted is impaired, and what runs is not")
    func halted() async throws {
        let bench = try AzureBench()
        let content = try AzureBench.content {
            $0.replace(
                "\"osProfile\"",
                with: "\"priority\": \"Spot\", \"evictionPolicy\": \"Deallocate\", \"osProfile\"")
        }
        _ = try await bench.launch(3, content: content)
        bench.cloud.evict("l0-1")
        let listing = try await bench.list()
        #expect(listing.notices.map(\.instanceID) == ["l0-1"])
        #expect(listing.notices.first?.kind == .impaired)
        #expect(listing.notices.first?.detail.contains("evicted") == true)
        let states = Dictionary(uniqueKeysWithValues: listing.instances.map { ($0.id, $0.state) })
        #expect(states == ["l0-0": .running, "l0-1": .pending, "l0-2": .running])
    }

    @Test("a machine that Azure removes is not listed any more")
    func evictedAndRemoved() async throws {
        let bench = try AzureBench()
        let content = try AzureBench.content {
            $0.replace("\"osProfile\"", with: "\"priority\": \"Spot\", \"osProfile\"")
        }
        _ = try await bench.launch(2, content: content)
        bench.cloud.evict("l0-1")
        #expect(try await bench.list().instances.map(\.id) == ["l0-0"])
        #expect(bench.cloud.parts.allSatisfy { $0.machine == "l0-0" })
    }

    @Test("lists without Resource Graph too")
    func withoutGraph() async throws {
        let bench = try AzureBench { $0.hasGraph = false }
        _ = try await bench.launch(2)
        let listing = try await bench.list()
        #expect(listing.instances.count == 2 && listing.notices.isEmpty)
        #expect(listing.instances.allSatisfy { $0.state == .running })
    }

    @Test("asks Resource Graph at intervals, and never for each machine")
    func graphRarely() async throws {
        let bench = try AzureBench()
        _ = try await bench.launch(10)
        for _ in 0..<5 { _ = try await bench.list() }
        #expect(bench.cloud.counts["QUERY graph"] == 1)
        bench.clock.advance(by: .seconds(61))
        _ = try await bench.list()
        #expect(bench.cloud.counts["QUERY graph"] == 2)
    }

    @Test("a deletion that is under way shows as stopping, and is gone when it is")
    func deletion() async throws {
        let bench = try AzureBench { $0.deletionTime = .seconds(60) }
        _ = try await bench.launch()
        #expect(await bench.provider.terminate(["l0-0"]).isEmpty)
        #expect(try await bench.list().instances.map(\.state) == [.stopping])
        #expect(await bench.provider.terminate(["l0-0"]).isEmpty)
        bench.clock.advance(by: .seconds(61))
        #expect(try await bench.list().instances.isEmpty)
        #expect(bench.cloud.parts.isEmpty)
    }

    @Test("a termination that Azure refuses is told")
    func terminationFails() async throws {
        let bench = try AzureBench()
        _ = try await bench.launch(2)
        bench.cloud.change { $0.faults.outages = 1 }
        let errors = await bench.provider.terminate(["l0-0", "l0-1"])
        #expect(errors.keys.sorted() == ["l0-0", "l0-1"])
        #expect(errors.values.allSatisfy { $0.kind == .transient })
        #expect(bench.cloud.machines.count == 2)
    }

    @Test(
        "removes what machines left behind after a while, and nothing of a stranger's",
        arguments: [UInt64(1), 2, 3])
    func leftovers(seed: UInt64) async throws {
        let bench = try AzureBench(seed: seed) { $0.faults.leftovers = 1 }
        let content = try AzureBench.content {
            $0.replace("\"osProfile\"", with: "\"publicIp\": true, \"osProfile\"")
        }
        _ = try await bench.launch(7, content: content)
        bench.cloud.addStranger("other", tags: ["muster-deployment": "fleet-b"])
        for (name, tags) in [
            ("alone", ["muster-deployment": "fleet-b", "muster-worker": "x"]), ("untagged", [:]),
            ("l0-9-nic", [:]), ("ours-without-name", ["muster-deployment": "fleet-a"]),
        ] {
            bench.cloud.addPart("Microsoft.Network/networkInterfaces", name, tags: tags)
        }
        _ = await bench.provider.terminate((0..<6).map { "l0-\($0)" })
        #expect(bench.cloud.parts.count { $0.machine == nil } >= 6 + 4)
        _ = try await bench.list()
        #expect(bench.cloud.counts["DELETE part"] == nil)

        bench.clock.advance(by: .seconds(1_000))
        _ = try await bench.list()
        let left = bench.cloud.parts.filter { $0.machine == nil }.map { AzureText.name(ofID: $0.id) }
        #expect(left.sorted() == ["alone", "l0-9-nic", "ours-without-name", "untagged"])
        #expect(bench.cloud.parts.count { $0.machine == "l0-6" } == 3)
        #expect(bench.cloud.counts["LIST resources"] == 2)
    }

    @Test("a part that cannot be removed keeps none of the others")
    func lockedLeftover() async throws {
        let bench = try AzureBench { $0.locked = ["x-os"] }
        for name in ["x", "y"] {
            bench.cloud.addPart(
                "Microsoft.Compute/disks", "\(name)-os",
                tags: ["muster-deployment": "fleet-a", "muster-worker": name])
        }
        for _ in 0..<3 {
            _ = try await bench.list()
            bench.clock.advance(by: .seconds(1_000))
        }
        #expect(bench.cloud.parts.map { AzureText.name(ofID: $0.id) } == ["x-os"])
    }

    @Test("a lock that forbids a termination is told, and ends the others all the same")
    func lockedMachine() async throws {
        let bench = try AzureBench { $0.locked = ["l0-1"] }
        _ = try await bench.launch(3)
        let errors = await bench.provider.terminate(["l0-0", "l0-1", "l0-2"])
        #expect(errors.mapValues(\.cloudCode) == ["l0-1": "ScopeLocked"])
        #expect(bench.cloud.machines.map(\.name) == ["l0-1"])
    }

    @Test("a token that is revoked is fetched again, once for all calls")
    func revokedToken() async throws {
        let bench = try AzureBench()
        _ = try await bench.launch()
        bench.clock.advance(by: .seconds(60))
        bench.cloud.revokeTokens()
        #expect(try await bench.list().instances.count == 1)
        #expect(bench.cloud.counts["token"] == 2)
    }
}
