import MusterCore
import MusterCrypto
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("Azure calls")
struct AzureCallTests {
    private func body(
        _ content: Document, launch: String = "l01abcdefghjkmnpqrstvwxyz01", version: String? = nil
    ) throws -> Document {
        var configuration = try AzureBench().cloud.configuration()
        if let version { configuration.computeVersion = version }
        let order = try AzureBench.order(1, launch: launch, content: content)
        let call = try AzureCall(order, configuration)
        let body = AzureMachine.body(order.workerID(0), of: call, configuration) { Secret("token-of-\($0)") }
        return try JSON.document(body.reveal())
    }

    @Test("the same order gives the same bytes, which read back as the same call")
    func stable() throws {
        let configuration = try AzureBench().cloud.configuration()
        let call = try AzureCall(AzureBench.order(3), configuration)
        #expect(call.text == (try AzureCall(AzureBench.order(3), configuration)).text)
        #expect(AzureCall(text: call.text)?.text == call.text)
    }

    @Test("everything that comes with a machine goes with it, and is tagged")
    func parts() throws {
        let content = try AzureBench.content {
            $0.replace(
                "\"osDisk\"",
                with:
                    "\"dataDisks\": [{\"lun\": 0, \"diskSizeGB\": 8, \"deleteOption\": \"Detach\"}], \"osDisk\""
            )
            $0.replace(
                "\"osProfile\": {}",
                with: "\"publicIp\": true, \"tags\": {\"Muster-Pool\": \"mine\", \"own\": \"1\"}")
        }
        let machine = try body(content)
        let storage = machine["properties"]?["storageProfile"]
        #expect(storage?["osDisk"]?["deleteOption"]?.asText == "Delete")
        #expect(storage?["osDisk"]?["name"]?.asText == "l01abcdefghjkmnpqrstvwxyz01-0-os")
        #expect(storage?["dataDisks"]?.asList[0]["deleteOption"]?.asText == "Delete")
        #expect(storage?["dataDisks"]?.asList[0]["createOption"]?.asText == "Empty")
        let interface = try #require(
            machine["properties"]?["networkProfile"]?["networkInterfaceConfigurations"]?.asList.first)
        #expect(interface["properties"]?["deleteOption"]?.asText == "Delete")
        let address = interface["properties"]?["ipConfigurations"]?.asList[0]["properties"]?[
            "publicIPAddressConfiguration"]
        #expect(address?["properties"]?["deleteOption"]?.asText == "Delete")

        for tags in [machine["tags"], interface["tags"], address?["tags"]] {
            #expect(tags?["muster-deployment"]?.asText == "fleet-a")
            #expect(tags?["muster-launch"]?.asText == "l01abcdefghjkmnpqrstvwxyz01")
            #expect(tags?["muster-pool"]?.asText == "builds/linux")
            #expect(tags?["muster-launch-config"]?.asText == "lc-1")
            #expect(tags?["Name"]?.asText == "l01abcdefghjkmnpqrstvwxyz01-0")
            #expect(tags?["own"]?.asText == "1")
            #expect(tags?["Muster-Pool"] == nil)
        }
    }

    @Test("older versions of the API, which know no tags of interfaces, get none")
    func olderVersion() throws {
        let machine = try body(AzureBench.content(), version: "2024-07-01")
        let interface = machine["properties"]?["networkProfile"]?["networkInterfaceConfigurations"]?.asList
            .first
        #expect(interface?["tags"] == nil && machine["tags"] != nil)
    }

    @Test("computer names are what Azure takes, and differ")
    func computerNames() throws {
        let windows = try body(
            AzureBench.content { $0.replace("\"FromImage\"", with: "\"FromImage\", \"osType\": \"Windows\"") }
        )
        let name = try #require(windows["properties"]?["osProfile"]?["computerName"]?.asText)
        #expect(name.utf8.count == 15 && !name.allSatisfy(\.isNumber))
        let names = (0..<2_000).map {
            AzureMachine.computerName(
                WorkerID(rawValue: "l01abcdefghjkmnpqrstvwxyz01-\($0)"), isWindows: true)
        }
        #expect(Set(names).count == 2_000)
        let linux = try body(AzureBench.content())
        #expect(linux["properties"]?["osProfile"]?["computerName"]?.asText == "l01abcdefghjkmnpqrstvwxyz01-0")
    }

    @Test("there is a password only where Azure wants one")
    func passwords() throws {
        let keys = """
            "osProfile": {"linuxConfiguration": {"disablePasswordAuthentication": true,
              "ssh": {"publicKeys": [{"path": "/home/muster/.ssh/authorized_keys", "keyData": "ssh-ed25519 AAAA"}]}}}
            """
        let withKey = try body(AzureBench.content { $0.replace("\"osProfile\": {}", with: keys) })
        #expect(withKey["properties"]?["osProfile"]?["adminPassword"] == nil)
        let without = try body(AzureBench.content())
        let password = try #require(without["properties"]?["osProfile"]?["adminPassword"]?.asText)
        #expect(password.hasPrefix("Aa1-") && (12...72).contains(password.count))
        #expect(without["properties"]?["osProfile"]?["adminUsername"]?.asText == "muster")
    }

    @Test("spot machines are removed when they are evicted, unless the launch config says otherwise")
    func eviction() throws {
        let spot = try body(
            AzureBench.content { $0.replace("\"osProfile\": {}", with: "\"priority\": \"Spot\"") })
        #expect(spot["properties"]?["evictionPolicy"]?.asText == "Delete")
        #expect(spot["properties"]?["priority"]?.asText == "Spot")
        let kept = try body(
            AzureBench.content {
                $0.replace(
                    "\"osProfile\": {}", with: "\"priority\": \"Spot\", \"evictionPolicy\": \"Deallocate\"")
            })
        #expect(kept["properties"]?["evictionPolicy"]?.asText == "Deallocate")
    }

    @Test("the portal's page of a machine, and none for what is no name")
    func output() throws {
        let provider = try AzureBench().provider
        let group = WorkerGroup(rawValue: "eastus")
        #expect(
            provider.output(of: "l0-0", in: group)
                == "https://portal.azure.com/#@/resource/subscriptions/\(FakeAzure.subscription)/resourceGroups/workers/"
                + "providers/Microsoft.Compute/virtualMachines/l0-0/bootDiagnostics")
        #expect(provider.output(of: "../x", in: group) == nil)
    }

    @Test(
        "a configuration that cannot be is refused",
        arguments: ["subscription", "resourceGroup", "fleet", "endpoints.management", "credential.tenant"])
    func configuration(field: String) throws {
        var configuration = try AzureBench().cloud.configuration()
        switch field {
        case "subscription": configuration.subscription = "a/b"
        case "resourceGroup": configuration.resourceGroup = "a/b"
        case "fleet": configuration.fleet = ""
        case "endpoints.management": configuration.endpoints.management = "https://management.azure.com/"
        default:
            configuration.credential = .clientSecret(tenant: "a/b", client: "c") { () throws(Problem) in
                Secret("x")
            }
        }
        #expect(configuration.problems.map(\.field) == [field])
    }
}
