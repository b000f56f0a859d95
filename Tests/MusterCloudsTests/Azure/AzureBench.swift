import FoundationEssentials
import MusterCore
import MusterHTTP
import MusterRuntime
import MusterTesting

@testable import MusterClouds

/// A provider and the fake cloud that it calls.
struct AzureBench {
    let clock: HastyClock
    let cloud: FakeAzure
    let client: HTTPClient
    let provider: AzureProvider

    init(
        fleet: String = "fleet-a", seed: UInt64 = 1, clock: HastyClock = HastyClock(),
        cloud: FakeAzure? = nil,
        credential: AzureCredential? = nil, environment: [String: String] = [:], log: Log = .silent,
        _ change: (inout FakeAzure.Settings) -> Void = { _ in }
    ) throws {
        self.clock = clock
        var settings = FakeAzure.Settings()
        change(&settings)
        self.cloud = try cloud ?? FakeAzure(clock: clock, seed: seed, settings: settings)
        client = try HTTPClient()
        provider = try AzureProvider(
            configuration: self.cloud.configuration(
                fleet: fleet, credential: credential, environment: environment),
            client: PacedClient(client, clock: clock, seed: seed), clock: clock, log: log)
    }

    /// The provider of another process: it remembers nothing.
    func successor() throws -> AzureBench { try AzureBench(clock: clock, cloud: cloud) }

    /// A provider that calls another server; tokens are the fake's, so that its first call there is on a connection
    /// of its own.
    func provider(at server: LoopbackServer) throws -> AzureProvider {
        var configuration = cloud.configuration()
        configuration.endpoints.management = server.url("")
        return try AzureProvider(
            configuration: configuration, client: PacedClient(client, clock: clock, seed: 1), clock: clock,
            log: .silent)
    }

    /// A launch that is written down and not sent.
    func written(_ count: Int = 1, content: Document? = nil) throws -> SentLaunch {
        let order = try Self.order(count, content: content)
        return SentLaunch(id: order.launchID, body: try provider.render(order), plannedAt: clock.now())
    }

    static let subnet =
        "/subscriptions/\(FakeAzure.subscription)/resourceGroups/workers/providers/Microsoft.Network/virtualNetworks/n/subnets/workers"

    /// A launch config's content; `change` works on its JSON.
    static func content(_ change: (inout String) -> Void = { _ in }) throws -> Document {
        var text = """
            {"location": "eastus", "subnetId": "\(subnet)", "hardwareProfile": {"vmSize": "Standard_D2s_v5"},
             "storageProfile": {"imageReference": {"publisher": "Canonical", "offer": "ubuntu", "sku": "22_04-lts",
               "version": "latest"}, "osDisk": {"createOption": "FromImage"}},
             "osProfile": {}, "workerConfig": {"a": 1}}
            """
        change(&text)
        return try JSON.document(Array(text.utf8))
    }

    static func order(
        _ count: Int = 1, launch: String = "l0", content: Document? = nil
    ) throws -> LaunchOrder {
        LaunchOrder(
            launchID: LaunchID(rawValue: launch), poolID: PoolID(rawValue: "builds/linux"),
            launchConfigID: LaunchConfigID(rawValue: "lc-1"), content: try content ?? Self.content(),
            count: count,
            capacityPerInstance: 2, serviceURL: "https://muster.example")
    }

    /// Sends a launch.
    func launch(
        _ count: Int = 1, launch: String = "l0", content: Document? = nil
    ) async throws -> (outcome: LaunchOutcome, sent: SentLaunch) {
        let order = try Self.order(count, launch: launch, content: content)
        let body = try provider.render(order)
        let sent = SentLaunch(id: order.launchID, body: body, plannedAt: clock.now())
        return (await provider.launch(Self.call(sent)), sent)
    }

    static func call(_ sent: SentLaunch, isRepeat: Bool = false) -> LaunchCall {
        LaunchCall(launchID: sent.id, body: sent.body, isRepeat: isRepeat) {
            Secret("token-of-\($0)-0123456789abcdefghijklmnopqrstuv")
        }
    }

    /// Looks a launch up until it is not under way any more.
    func found(_ sent: SentLaunch, step: Duration = .seconds(5)) async throws -> LaunchFinding {
        for _ in 0..<200 {
            let finding = try await provider.find(sent)
            if !finding.isUnderWay { return finding }
            clock.advance(by: step)
        }
        throw Problem(.internalError, "the launch never ends")
    }

    /// Lists, and waits for what is done beside it.
    func list() async throws -> Listing {
        let listing = try await provider.list(provider.realms[0])
        await provider.parts.swept()
        return listing
    }

    static func fixture(_ path: String) throws -> [UInt8] {
        let root = #filePath.split(separator: "/").dropLast(4).map { "/\($0)" }.joined()
        return try TextFile.read("\(root)/fixtures/\(path)", limit: 1 << 20)
    }
}
