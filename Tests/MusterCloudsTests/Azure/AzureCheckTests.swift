import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("Checking Azure")
struct AzureCheckTests {
    private func verdicts(_ findings: [ProviderFinding]) -> [String: ProviderFinding.Verdict] {
        Dictionary(findings.map { ($0.name, $0.verdict) }) { $1 }
    }

    @Test("finds nothing wrong where nothing is")
    func good() async throws {
        let bench = try AzureBench()
        let findings = await bench.provider.check()
        #expect(findings.dropLast().allSatisfy { $0.verdict == .good && $0.remedy == nil }, "\(findings)")
        #expect(
            findings.map(\.name) == [
                "credentials", "subscription", "clock", "resource-group", "permissions", "resource-graph",
                "quotas", "other-quotas",
            ])
        #expect(bench.cloud.machines.isEmpty)
    }

    @Test("says what to do about credentials that do not work, and tries nothing else")
    func credentials() async throws {
        let bench = try AzureBench(
            credential: .clientSecret(tenant: FakeAzure.tenant, client: FakeAzure.client) {
                () throws(Problem) in
                Secret("wrong")
            })
        let findings = await bench.provider.check()
        #expect(findings.map(\.name) == ["credentials"] && findings[0].verdict == .bad)
        #expect(findings[0].remedy != nil && !findings[0].message.contains("wrong"))
    }

    @Test("names the permissions that are missing")
    func permissions() async throws {
        let bench = try AzureBench { $0.actions = ["*/read", "Microsoft.Compute/virtualMachines/*"] }
        let findings = await bench.provider.check()
        let finding = try #require(findings.first { $0.name == "permissions" })
        #expect(finding.verdict == .bad)
        #expect(finding.message.contains("Microsoft.Network/networkInterfaces/write"))
        #expect(!finding.message.contains("virtualMachines"))
    }

    @Test("sees a clock that is wrong", arguments: [-600, 600])
    func clock(seconds: Int) async throws {
        let bench = try AzureBench { $0.skew = .seconds(seconds) }
        let finding = try #require(await bench.provider.check().first { $0.name == "clock" })
        #expect(finding.verdict == .bad && finding.message.contains("600 s"))
    }

    @Test("warns where Resource Graph does not answer, and of quotas that are nearly used up")
    func warnings() async throws {
        let bench = try AzureBench { $0.hasGraph = false }
        _ = try await bench.launch(46)
        let found = verdicts(await bench.provider.check())
        #expect(found["resource-graph"] == .warning && found["quotas"] == .warning)
    }

    @Test("looks at the quotas of all locations that have machines, and says which it does not look at")
    func quotas() async throws {
        let bench = try AzureBench()
        _ = try await bench.launch(47)
        for number in 0..<15 {
            _ = try await bench.launch(
                1, launch: "m\(number)",
                content: AzureBench.content { $0.replace("\"eastus\"", with: "\"westus\(number)\"") })
        }
        let findings = await bench.provider.check().filter { $0.name.hasSuffix("quotas") }
        #expect(findings.count == CloudPolicy.azureLocationsPerCheck + 1)
        #expect(findings.first?.verdict == .warning && findings.first?.message.contains("eastus") == true)
        #expect(findings.dropFirst().dropLast().allSatisfy { $0.verdict == .good })
        #expect(findings.last?.verdict == .skipped && findings.last?.message.contains("westus9") == true)
    }

    @Test("a launch config's quotas are those of its own location")
    func quotasOfConfig() async throws {
        let bench = try AzureBench()
        _ = try await bench.launch(46)
        #expect(verdicts(await bench.provider.validate(try AzureBench.content()))["quotas"] == .warning)
        let other = try AzureBench.content { $0.replace("\"eastus\"", with: "\"westus\"") }
        #expect(verdicts(await bench.provider.validate(other))["quotas"] == .good)
    }

    @Test(
        "an action is allowed by patterns",
        arguments: [
            ("*", true), ("Microsoft.Compute/*", true), ("microsoft.compute/virtualmachines/read", true),
            ("*/read", true), ("Microsoft.Compute/*/read", true), ("*/write", false), ("", false),
            ("Microsoft.Compute/virtualMachines", false), ("Microsoft.Compute/virtualMachines/read/x", false),
            ("*virtual*read*", true), ("Microsoft.Compute/virtualMachines/*/read", false),
        ])
    func patterns(pattern: String, isAllowed: Bool) {
        let action = "Microsoft.Compute/virtualMachines/read"
        #expect(AzurePermission.matches(pattern, action) == isAllowed)
        #expect(!AzurePermission(actions: ["*"], notActions: [pattern]).allows(action) == isAllowed)
    }

    @Test("a launch config that fits has no bad finding")
    func valid() async throws {
        let bench = try AzureBench()
        let findings = await bench.provider.validate(try AzureBench.content())
        #expect(findings.map(\.name) == ["content", "size", "subnet", "image", "quotas"])
        #expect(findings.allSatisfy { $0.verdict == .good }, "\(findings)")
        #expect(bench.cloud.machines.isEmpty)
    }

    @Test(
        "says what of a launch config is not there",
        arguments: [
            ("Standard_D2s_v5", "Standard_X9", "size"), ("/subnets/workers", "/subnets/others", "subnet"),
            ("\"Canonical\"", "\"Nobody\"", "image"), ("\"osProfile\": {}", "\"zones\": [\"9\"]", "size"),
            ("\"location\"", "\"locations\"", "content"),
        ])
    func invalid(old: String, new: String, name: String) async throws {
        let bench = try AzureBench()
        let findings = await bench.provider.validate(try AzureBench.content { $0.replace(old, with: new) })
        #expect(verdicts(findings)[name] == .bad, "\(findings)")
    }

    @Test("sizes as Microsoft documents them")
    func sizes() throws {
        let sizes = try JSON.decode(
            AzurePage<AzureSKU>.self, from: AzureBench.fixture("azure/resource-skus.json")
        ).value
        func verdict(_ size: String, isSpot: Bool = false, zone: String? = nil) -> ProviderFinding.Verdict {
            var content = AzureContent()
            (content.size, content.location, content.zone) = (size, "westus", zone)
            if isSpot { content.priority = .spot }
            return AzureProvider.size(content, among: sizes).verdict
        }
        #expect(verdict("Standard_A0") == .good && verdict("standard_a0", zone: "1") == .good)
        #expect(verdict("Standard_A0", zone: "3") == .bad && verdict("Standard_A1", zone: "3") == .good)
        #expect(verdict("Standard_A0", isSpot: true) == .bad && verdict("Standard_A1", isSpot: true) == .good)
        #expect(verdict("Standard_A2") == .bad)
    }

    @Test("restrictions of a subscription, for a location and for zones")
    func restrictions() {
        func sku(_ type: String, zones: [String]?) -> AzureSKU {
            AzureSKU(
                resourceType: "virtualMachines", name: "S", family: nil,
                locationInfo: [.init(location: "eastus", zones: ["1", "2"])], capabilities: nil,
                restrictions: [
                    .init(
                        type: type, reasonCode: "NotAvailableForSubscription",
                        restrictionInfo: .init(zones: zones, locations: nil))
                ])
        }
        var content = AzureContent()
        (content.size, content.location) = ("S", "eastus")
        #expect(AzureProvider.size(content, among: [sku("Location", zones: nil)]).verdict == .bad)
        #expect(AzureProvider.size(content, among: [sku("Zone", zones: ["1"])]).verdict == .good)
        content.zone = "1"
        #expect(AzureProvider.size(content, among: [sku("Zone", zones: ["1"])]).verdict == .bad)
        content.zone = "2"
        #expect(AzureProvider.size(content, among: [sku("Zone", zones: ["1"])]).verdict == .good)
    }
}
