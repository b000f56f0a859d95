import MusterCore
import MusterCrypto
import MusterRuntime
import Testing

@testable import MusterClouds

@Suite("Azure launch configs")
struct AzureContentTests {
    @Test("a config of worker-manager's works as it is")
    func workerManager() throws {
        let content = try JSON.document(
            Array(
                """
                {"location": "northcentralus",
                 "subnetId": "/subscriptions/s/resourceGroups/rg-north-central-us/providers/Microsoft.Network/virtualNetworks/vn-ncus/subnets/sn-ncus",
                 "priority": "Spot", "evictionPolicy": "Delete", "billingProfile": {"maxPrice": -1},
                 "hardwareProfile": {"vmSize": "Standard_F32s_v2"},
                 "storageProfile": {
                   "imageReference": {"id": "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/images/imageset-win2012r2"},
                   "osDisk": {"caching": "ReadOnly", "createOption": "FromImage", "diskSizeGB": 128,
                     "diffDiskSettings": {"option": "Local"}},
                   "dataDisks": [{"lun": 0, "caching": "ReadWrite", "createOption": "Empty", "diskSizeGB": 64}]},
                 "osProfile": {"windowsConfiguration": {"enableAutomaticUpdates": false, "provisionVMAgent": true}},
                 "networkProfile": {"networkInterfaces": []},
                 "tags": {"sourceScript": "provisioners/windows"}, "capacityPerInstance": 1,
                 "workerConfig": {"genericWorker": {"config": {"idleTimeoutSecs": 90}}}}
                """.utf8))
        let (read, problems) = AzureContent.read(content)
        #expect(problems == [])
        #expect(read.offering.name == "spot/Standard_F32s_v2/northcentralus")
        #expect(read.offering.scopes.prefix(1) == ["quota/spot/northcentralus"])
        #expect(read.isWindows && read.needsPassword && read.dataDisks == 1)
    }

    @Test(
        "says what is wrong, and where",
        arguments: [
            ("\"location\": \"eastus\"", "\"location\": \"East US\"", "location"),
            ("\"location\": \"eastus\",", "", "location"),
            ("\"Standard_D2s_v5\"", "\"Standard D2\"", "hardwareProfile.vmSize"),
            ("\"osProfile\": {}", "\"osProfile\": {\"adminPassword\": \"x\"}", "osProfile.adminPassword"),
            ("\"osProfile\": {}", "\"osProfile\": {\"customData\": \"x\"}", "osProfile.customData"),
            ("\"osProfile\": {}", "\"osProfile\": {\"computerName\": \"x\"}", "osProfile.computerName"),
            ("\"osProfile\": {}", "\"priority\": \"spot\"", "priority"),
            ("\"osProfile\": {}", "\"evictionPolicy\": \"Delete\"", "evictionPolicy"),
            ("\"osProfile\": {}", "\"zones\": [\"1\", \"2\"]", "zones"),
            ("\"osProfile\": {}", "\"zones\": [\"../1\"]", "zones"),
            ("\"osProfile\": {}", "\"tags\": {\"a/b\": \"x\"}", "tags"),
            ("\"osProfile\": {}", "\"tags\": {\"a\": \"x\", \"A\": \"y\"}", "tags"),
            ("\"osProfile\": {}", "\"osProfil\": {}", "osProfil"),
            ("\"osProfile\": {}", "\"armDeploymentResourceGroup\": \"x\"", "armDeploymentResourceGroup"),
            (
                "\"osDisk\": {\"createOption\": \"FromImage\"}", "\"osDisk\": {\"createOption\": \"Attach\"}",
                "storageProfile.osDisk"
            ),
            ("\"osDisk\": {\"createOption\": \"FromImage\"}", "\"x\": {}", "storageProfile.osDisk"),
            ("\"workerConfig\": {\"a\": 1}", "\"workerConfig\": 1", "workerConfig"),
            ("/subnets/workers", "/subnets/../x", "subnetId"),
            ("/subnets/workers", "/subnets/workers?x=1", "subnetId"),
        ])
    func problems(old: String, new: String, field: String) throws {
        let content = try AzureBench.content { $0.replace(old, with: new) }
        let problems = AzureContent.read(content).problems
        #expect(problems.contains { $0.field == field }, "\(problems)")
    }

    @Test("an ARM template is refused by a sentence that says what to write")
    func template() throws {
        let content = try JSON.document(
            Array(#"{"armDeployment": {"mode": "Incremental", "template": {}}, "workerConfig": {}}"#.utf8))
        let problems = AzureContent.read(content).problems
        #expect(problems.map(\.field) == ["armDeployment"])
        #expect(problems[0].message.contains("hardwareProfile"))
        #expect(problems[0].message.contains("docs/operating/azure.md"))
    }

    @Test("as many tags as Azure takes, less those that are Muster's", arguments: [(44, true), (45, false)])
    func tagLimit(count: Int, isRight: Bool) throws {
        let tags = (0..<count).map { "\"t\($0)\": \"v\"" }.joined(separator: ", ")
        let content = try AzureBench.content { $0.replace("\"osProfile\": {}", with: "\"tags\": {\(tags)}") }
        #expect(AzureContent.read(content).problems.isEmpty == isRight)
    }

    @Test(
        "sizes count towards their families",
        arguments: [
            ("Standard_D4s_v5", "dsv5"), ("Standard_D4ads_v5", "dadsv5"), ("Standard_E8-4ds_v4", "edsv4"),
            ("Standard_F8s_v2", "fsv2"), ("Standard_NC24ads_A100_v4", "ncadsa100v4"),
            ("Standard_DS2_v2", "dsv2"),
            ("Standard_B2s", "bs"), ("Standard_A0", "a"), ("", ""), ("_", ""),
        ])
    func families(size: String, family: String) {
        #expect(AzureSize.family(size) == family)
    }

    @Test("the example pools have no problem", arguments: ["azure-linux-spot.yaml", "azure-windows.yaml"])
    func examples(name: String) throws {
        let document = try YAML.document(try AzureBench.fixture("pools/\(name)"))
        let pool = try PoolDefinition(document, digest: SHA256.hash)
        #expect(!pool.launchConfigs.isEmpty)
        for config in pool.launchConfigs { #expect(AzureContent.read(config.content).problems == []) }
    }

    @Test("whatever is written instead gives problems and never ends anything")
    func hostile() throws {
        var generator = SeededGenerator(seed: 7)
        let values = [
            "null", "1", "true", "\"\"", "[]", "{}", "[[]]", "\"\\u0001\"", "-0.5", "[{\"lun\": {}}]",
        ]
        let base = try AzureBench.content().canonicalJSON
        let places = [
            "\"eastus\"", "\"Standard_D2s_v5\"", "{\"createOption\":\"FromImage\"}", "{}", "{\"a\":1}",
            "\"Canonical\"",
        ]
        for _ in 0..<500 {
            var text = base
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let place = places[Int.random(in: 0..<places.count, using: &generator)]
                text.replace(place, with: values[Int.random(in: 0..<values.count, using: &generator)])
            }
            let document = try JSON.document(Array(text.utf8))
            let (read, problems) = AzureContent.read(document)
            guard problems.isEmpty else { continue }
            _ = AzureMachine.template(read).canonicalJSON
        }
    }
}
