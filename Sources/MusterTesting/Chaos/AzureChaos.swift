import MusterClouds
import MusterCore
import MusterHTTP
import MusterRuntime

/// A fake Azure in a chaos run: two locations, each machine a call.
struct AzureChaos: ChaosCloud {
    let name = "azure"
    private let cloud: FakeAzure
    private static let strangers = ["somebodys", "anothers"]

    init(seed: UInt64) throws {
        var settings = FakeAzure.Settings()
        settings.creationTime = .milliseconds(800)
        settings.deletionTime = .milliseconds(500)
        cloud = try FakeAzure(clock: SystemClock(), seed: seed, settings: settings)
    }

    var environment: [String: String] { ["CHAOS_AZURE_SECRET": "a-client-secret"] }

    func settings(folder: String) -> String {
        """
          azure: {kind: azure, subscription: \(FakeAzure.subscription), resourceGroup: \(FakeAzure.resourceGroup), \
        credentials: {kind: client-secret, tenant: \(FakeAzure.tenant), client: \(FakeAzure.client), secret: azure}, \
        endpoints: {management: '\(cloud.base)', login: '\(cloud.base)', audience: '\(cloud.base)', \
        metadata: '\(cloud.base)'}}
        """
    }

    var launchConfigs: String { "[\(Self.launchConfig("eastus")), \(Self.launchConfig("westus"))]" }

    private static func launchConfig(_ location: String) -> String {
        let network =
            "/subscriptions/\(FakeAzure.subscription)/resourceGroups/network/providers/Microsoft.Network"
        return """
            {"workerManager": {"launchConfigId": "\(location)"}, "location": "\(location)",
            "subnetId": "\(network)/virtualNetworks/build/subnets/workers",
            "hardwareProfile": {"vmSize": "Standard_D4s_v5"},
            "storageProfile": {"osDisk": {"createOption": "FromImage", "osType": "Linux"},
            "imageReference": {"publisher": "Debian", "offer": "debian-12", "sku": "12", "version": "latest"}},
            "osProfile": {"adminUsername": "worker", "linuxConfiguration": {"disablePasswordAuthentication": true,
            "ssh": {"publicKeys": [{"path": "/home/worker/.ssh/authorized_keys", "keyData": "ssh-ed25519 AAAA"}]}}},
            "workerConfig": {}}
            """
    }

    func misbehave() {
        cloud.change {
            $0.faults.refusals = ChaosChances.capacity / 2
            $0.faults.failures = ChaosChances.capacity / 2
            $0.faults.throttled = ChaosChances.throttled
            $0.faults.lostAnswers = ChaosChances.lost
            $0.faults.duplicates = ChaosChances.twice
            $0.faults.leftovers = ChaosChances.leftovers
        }
    }

    func behave() { cloud.change { $0.faults = AzureFaults() } }

    func plantStrangers() {
        cloud.addStranger("somebodys")
        cloud.addStranger("anothers", tags: ["muster-deployment": "another", "muster-launch": "l-1"])
    }

    var strangersStand: Bool { Set(cloud.machines.map(\.name)).isSuperset(of: Self.strangers) }

    func end(_ instance: String) { cloud.vanishButForPart(instance) }

    var standing: Set<String> { Set(cloud.machines.map(\.name)).subtracting(Self.strangers) }

    /// One that failed while it was made is none.
    var made: [ChaosInstance] {
        ChaosInstance.named(cloud.made.merging(cloud.failed) { made, failed in made - failed })
    }

    var dealt: DealtFaults { cloud.dealt }

    var leftBehind: Int { cloud.leftBehind }

    var leftovers: [String] {
        let parts = cloud.parts.filter { part in !Self.strangers.contains { part.id.contains($0) } }
        return parts.filter { $0.machine == nil }.map(\.id)
    }

    func sweep(of fleet: String) async throws {
        let clock = HastyClock(at: SystemClock().now())
        let client = try HTTPClient()
        let provider = try AzureProvider(
            configuration: cloud.configuration(fleet: fleet),
            client: PacedClient(client, clock: clock, seed: 1), clock: clock, log: .silent)
        for _ in 0..<2 {
            for realm in provider.realms { _ = try await provider.list(realm) }
            clock.advance(by: ChaosPolicy.longUntilSweep)
        }
        let end = SystemClock().uptime() + ChaosPolicy.sweepTime
        while !leftovers.isEmpty, SystemClock().uptime() < end {
            try await SystemClock().sleep(for: ChaosPolicy.lookInterval)
        }
        await provider.shutDown()
        await client.shutDown()
    }
}
