import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("Azure machines that are called failed")
struct AzureFailedTests {
    private static let timedOut = "OSProvisioningTimedOut"

    @Test(
        "one that runs all the same is left alone, whatever Resource Graph knows", arguments: [true, false])
    func running(hasGraph: Bool) async throws {
        let bench = try AzureBench {
            $0.hasGraph = hasGraph
            $0.graphLag = .seconds(300)
        }
        _ = try await bench.launch(2)
        _ = try await bench.list()
        bench.cloud.fail("l0-0", code: Self.timedOut)
        for _ in 0..<10 {
            let listing = try await bench.list()
            #expect(listing.notices.isEmpty)
            #expect(listing.instances.map(\.state) == [.running, .running])
            bench.clock.advance(by: .seconds(50))
        }
        // Once, and not for those that have not failed.
        #expect(bench.cloud.counts["GET instanceView"] == 1)
    }

    @Test("one that was halted is impaired at once, whoever tells", arguments: [true, false])
    func halted(hasGraph: Bool) async throws {
        let bench = try AzureBench { $0.hasGraph = hasGraph }
        _ = try await bench.launch(2)
        bench.cloud.fail("l0-1", code: Self.timedOut, power: "deallocated")
        let listing = try await bench.list()
        #expect(listing.notices.map(\.instanceID) == ["l0-1"])
        #expect(listing.notices.first?.error == nil)
        #expect(listing.instances.map(\.state) == [.running, .pending])
    }

    @Test("one whose power state is missing is not given up by one look")
    func powerless() async throws {
        let bench = try AzureBench()
        _ = try await bench.launch(2)
        bench.cloud.fail("l0-0", code: "VMExtensionProvisioningError", power: nil)
        bench.cloud.fail("l0-1", code: "VMExtensionProvisioningError", power: nil)
        #expect(try await bench.list().notices.isEmpty)
        bench.cloud.fail("l0-1", code: "VMExtensionProvisioningError", power: "running")
        bench.clock.advance(by: .seconds(61))
        let listing = try await bench.list()
        #expect(listing.notices.map(\.instanceID) == ["l0-0"])
        #expect(listing.instances.map(\.state) == [.pending, .running])
    }

    @Test("of one whose view cannot be read nothing is concluded")
    func unreadable() async throws {
        let bench = try AzureBench { $0.unreadable = ["l0-0"] }
        _ = try await bench.launch(1)
        bench.cloud.fail("l0-0", code: "AllocationFailed", power: nil)
        #expect(try await bench.list().notices.isEmpty)
        bench.cloud.change { $0.unreadable = [] }
        #expect(try await bench.list().notices.map(\.instanceID) == ["l0-0"])
    }

    @Test("one for which there was no room in the end says so, with what was not to be had")
    func noRoom() async throws {
        let bench = try AzureBench {
            $0.faults.failures = 1
            $0.creationTime = .seconds(120)
        }
        let (_, sent) = try await bench.launch()
        bench.clock.advance(by: .seconds(100))
        let finding = try await bench.provider.find(sent)
        #expect(!finding.isUnderWay && finding.instances.map(\.state) == [.pending])
        bench.clock.advance(by: .seconds(30))
        for _ in 0..<3 {
            let notice = try #require(try await bench.list().notices.first)
            #expect(notice.kind == .impaired && notice.detail == "it could not be made: AllocationFailed")
            #expect(notice.error?.kind == .capacity(offering: "regular/Standard_D2s_v5/eastus"))
        }
        #expect(bench.cloud.counts["GET instanceView"] == 1)
    }
}
