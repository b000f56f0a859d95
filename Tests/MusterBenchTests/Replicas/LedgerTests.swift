import MusterClouds
import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterBench

@Suite("A cloud that processes share")
struct LedgerTests {
    private static func call(_ id: String, _ body: String) -> LaunchCall {
        LaunchCall(launchID: LaunchID(rawValue: id), body: body) { _ in Secret("") }
    }

    private static func providers() throws -> (LedgerProvider, LedgerProvider, TemporaryFolder) {
        let folder = try TemporaryFolder()
        let path = folder.path + "/ledger"
        return (
            try LedgerProvider(Scene.providerID, file: path),
            try LedgerProvider(Scene.providerID, file: path),
            folder
        )
    }

    private static func sent(_ launch: String) -> SentLaunch {
        SentLaunch(id: LaunchID(rawValue: launch), body: "", plannedAt: Timestamp(milliseconds: 0))
    }

    @Test("shows each process what another has launched")
    func shared() async throws {
        let (one, other, folder) = try Self.providers()
        guard case .answered(let given, let refusals) = await one.launch(Self.call("a", "bench/p 2")) else {
            Issue.record("the launch was not answered")
            return
        }
        #expect(given.map(\.id) == ["a-0", "a-1"] && refusals.isEmpty)
        #expect(try await other.list() == given)
        #expect(try await other.find(Self.sent("a")).instances == given)
        #expect(try await other.find(Self.sent("b")).instances.isEmpty)
        withExtendedLifetime(folder) {}
    }

    @Test("gives the same for a repeat, and counts it once")
    func repeated() async throws {
        let (one, other, folder) = try Self.providers()
        _ = await one.launch(Self.call("a", "bench/p 1"))
        _ = await other.launch(Self.call("a", "bench/p 1"))
        _ = await other.launch(Self.call("b", "bench/p 3"))
        let ledger = try Ledger.read(folder.path + "/ledger")
        #expect(ledger.instances == [PoolID(rawValue: "bench/p"): 4])
        #expect(try await one.list().count == 4)
    }

    @Test("refuses what it has not rendered", arguments: ["", "bench/p", "bench/p 0", "bench/p x", "a b 1"])
    func refused(body: String) async throws {
        let (one, _, folder) = try Self.providers()
        guard case .answered(let given, let refusals) = await one.launch(Self.call("a", body)) else {
            Issue.record("the launch was not answered")
            return
        }
        #expect(given.isEmpty && refusals.count == 1)
        #expect(try Ledger.read(folder.path + "/ledger").entries.isEmpty)
    }
}
