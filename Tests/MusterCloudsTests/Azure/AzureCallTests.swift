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

    @Test("what was written down is what is sent, whatever the settings are by then")
    func written() throws {
        let configuration = try AzureBench().cloud.configuration()
        var later = configuration
        later.id = ProviderID(rawValue: "renamed")
        later.computeVersion = "2026-01-01"
        let order = try AzureBench.order(1)
        let call = try AzureCall(order, configuration)
        func bytes(_ configuration: AzureConfiguration) -> [UInt8] {
            AzureMachine.body(order.workerID(0), of: call, configuration) { Secret("token-of-\($0)") }
                .reveal()
        }
        #expect(bytes(configuration) == bytes(later))
    }

    @Test("a call that was written without its place reads still, and is of the place that is set")
    func older() throws {
        let configuration = try AzureBench().cloud.configuration()
        var call = try AzureCall(AzureBench.order(), configuration)
        (call.place, call.provider) = (nil, nil)
        #expect(!call.text.contains("place"))
        let read = try #require(AzureCall(text: call.text))
        #expect(read.text == call.text && read.misplaced(at: configuration) == nil)
    }

    @Test(
        "versions of the compute API are dates, and new enough for a repeat to be harmless",
        arguments: [
            ("2025-04-01", true), ("2024-03-01", true), ("2025-04-01-preview", true), ("2024-02-29", false),
            ("2017-03-30", false), ("latest", false), ("", false), ("2025-4-1", false),
            ("2025-04-01-x", false),
            ("2025-04-01&x=y", false), ("20250401", false), ("２０２５-04-01", false),
        ])
    func versions(text: String, isOne: Bool) {
        #expect(AzureComputeVersion.isOne(text) == isOne)
    }

    @Test(
        "a part's name tells whose it is",
        arguments: [
            ("l0-3-os", MachinePart.Kind.disk, "l0-3" as String?), ("L0-3-data-12", .disk, "l0-3"),
            ("l0-3-nic", .interface, "l0-3"), ("l0-3-nic-ab12", .interface, "l0-3"),
            ("l0-3-ip", .address, "l0-3"), ("l0-3-nic", .disk, nil), ("l0-3-os-x", .disk, nil),
            ("nic", .interface, nil), ("", .address, nil), ("l0-3", .disk, nil),
        ])
    func partNames(name: String, kind: MachinePart.Kind, machine: String?) {
        #expect(AzurePartName.machine(name, kind) == machine)
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
        arguments: [
            "subscription", "resourceGroup", "fleet", "endpoints.management", "endpoints.attestation",
            "computeVersion", "credential.tenant",
        ])
    func configuration(field: String) throws {
        var configuration = try AzureBench().cloud.configuration()
        switch field {
        case "subscription": configuration.subscription = "a/b"
        case "resourceGroup": configuration.resourceGroup = "a/b"
        case "fleet": configuration.fleet = ""
        case "endpoints.attestation": configuration.endpoints.attestation = ["https://metadata.azure.com"]
        case "computeVersion": configuration.computeVersion = "2017-12-01"
        case "endpoints.management": configuration.endpoints.management = "https://management.azure.com/"
        default:
            configuration.credential = .clientSecret(tenant: "a/b", client: "c") { () throws(Problem) in
                Secret("x")
            }
        }
        #expect(configuration.problems.map(\.field) == [field])
    }
}
