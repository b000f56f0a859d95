import MusterCore
import MusterCrypto
import MusterRuntime
import Testing

@testable import MusterClouds

@Suite("Google launch configs") struct GoogleContentTests {
    private let configuration = GoogleProviderConfiguration(
        id: ProviderID(rawValue: "google"), project: "example", fleet: "main",
        credentials: .metadataServer,
        workerServiceAccount: "workers@example.iam.gserviceaccount.com")

    private func launch(_ content: Document, count: Int = 2) throws -> GoogleLaunch {
        try GoogleLaunch(GoogleScene.order(count, content), configuration)
    }

    @Test("an existing launch config becomes an instance, as the system did that Muster replaces")
    func existing() throws {
        let launch = try launch(GoogleScene.existing)
        #expect(launch.scope == .zone("us-central1-a"))
        #expect(!launch.content.isBulk)
        #expect(launch.names == ["\(GoogleScene.launch)-0", "\(GoogleScene.launch)-1"])
        let body = try JSON.document(launch.bytes(1))
        #expect(body["name"]?.value == .string("\(GoogleScene.launch)-1"))
        #expect(body["machineType"]?.value == .string("zones/us-central1-a/machineTypes/n2-standard-4"))
        for own in ["region", "zone", "workerConfig", "workerManager"] { #expect(body[own] == nil) }
        #expect(body["scheduling"]?["automaticRestart"]?.value == .boolean(false))
        #expect(body["scheduling"]?["instanceTerminationAction"]?.value == .string("DELETE"))
        #expect(body["labels"]?["muster-deployment"]?.value == .string("main"))
        #expect(body["labels"]?["muster-launch"]?.value == .string(GoogleScene.launch.rawValue))
        let account = try #require(GoogleResource(body).elements("serviceAccounts").first)
        #expect(account["email"]?.value == .string("workers@example.iam.gserviceaccount.com"))
        let items = GoogleResource(body["metadata"]).elements("items")
        let worker = try #require(items.first { $0["key"]?.value == .string("taskcluster") })
        guard case .string(let text)? = worker["value"]?.value else {
            Issue.record("the item has no value")
            return
        }
        #expect(
            text
                == #"{"providerId":"google","rootUrl":"https://muster.example.com","workerConfig":{"anything":1},"#
                + #""workerGroup":"us-central1-a","workerPoolId":"Proj/linux"}"#)
        let exact = try #require(items.first { $0["key"]?.value == .string("muster") })
        #expect(exact["value"]?.canonicalJSON.contains(#"\"pool\":\"Proj/linux\""#) == true)
    }

    @Test("disks that are made carry the labels and go with their instance") func disks() throws {
        var content = GoogleResource(GoogleScene.existing)
        content["disks"] = Document(
            .array([
                .object(["boot": true, "labels": .object(["a": "b"]), "initializeParams": .object([:])]),
                .object(["type": "SCRATCH", "labels": .object(["a": "b"])]),
                .object(["source": "zones/us-central1-a/disks/shared"]),
            ]))
        let body = try JSON.document(try launch(content.document).bytes(0))
        let disks = GoogleResource(body).elements("disks")
        let labels = disks[0]["initializeParams"]?["labels"]
        #expect(labels?["a"]?.value == .string("b"))
        #expect(labels?["muster-deployment"]?.value == .string("main"))
        #expect(disks.allSatisfy { $0["labels"] == nil })
        #expect(
            disks.map { $0["autoDelete"]?.value } == [.boolean(true), .boolean(true), nil])
    }

    @Test("a disk that is made with the instance and would outlive it is refused", arguments: [false, true])
    func lastingDisks(isThere: Bool) throws {
        var disk = GoogleResource(.object(["autoDelete": false, "initializeParams": .object([:])]))
        if isThere { disk["source"] = "zones/us-central1-a/disks/shared" }
        var content = GoogleResource(GoogleScene.zonal)
        content["disks"] = Document(.array([disk.document]))
        let problems = GoogleContent.read(content.document).problems
        #expect(problems.map(\.field) == (isThere ? [] : ["disks[0].autoDelete"]))
    }

    @Test("several machine types in a region become one call with ranks, names and zones") func regional()
        throws
    {
        let launch = try launch(GoogleScene.regional, count: 3)
        #expect(launch.scope == .region("us-central1"))
        let body = try JSON.document(launch.bytes())
        #expect(body["count"]?.value == .string("3"))
        #expect(body["minCount"]?.value == .string("1"))
        #expect(body["namePattern"] == nil)
        #expect(
            body["perInstanceProperties"]?.canonicalJSON
                == #"{"ID-0":{},"ID-1":{},"ID-2":{}}"#.replacing("ID", with: GoogleScene.launch.rawValue))
        #expect(
            body["instanceFlexibilityPolicy"]?.canonicalJSON
                == #"{"instanceSelections":{"choice-0":{"machineTypes":["n2-standard-4"],"rank":0},"#
                + #""choice-1":{"machineTypes":["e2-standard-4"],"rank":1}}}"#)
        #expect(
            body["locationPolicy"]?.canonicalJSON
                == #"{"locations":{"zones/us-central1-a":{"preference":"ALLOW"},"#
                + #""zones/us-central1-b":{"preference":"ALLOW"}},"targetShape":"ANY"}"#)
        #expect(body["instanceProperties"]?["machineType"] == nil)
        #expect(body["instanceProperties"]?["name"] == nil)
    }

    @Test("one machine type in a zone is a bulk insertion of the zone") func zonal() throws {
        let launch = try launch(GoogleScene.zonal)
        #expect(launch.scope == .zone("us-central1-a"))
        let body = try JSON.document(launch.bytes())
        #expect(body["instanceProperties"]?["machineType"]?.value == .string("n2-standard-4"))
        #expect(body["instanceFlexibilityPolicy"] == nil)
        #expect(body["locationPolicy"] == nil)
    }

    @Test(
        "a launch reads back as it was written, and is written the same each time",
        arguments: [GoogleScene.existing, GoogleScene.regional, GoogleScene.zonal])
    func stored(_ content: Document) throws {
        let launch = try launch(content)
        let read = try #require(GoogleLaunch(text: launch.text))
        #expect(read.text == launch.text)
        #expect(read.content == launch.content)
        #expect(read.requestIDs == launch.requestIDs)
        #expect(try self.launch(content).text == launch.text)
    }

    @Test(
        "what is no stored launch is none",
        arguments: [
            "", "{}", "[]", "null",
            #"{"launch":"a b","count":1,"call":"insert","region":"r","zone":"z","body":{}}"#,
            #"{"launch":"l","count":0,"call":"insert","region":"r","zone":"z","body":{}}"#,
            #"{"launch":"l","count":9999999999999999999,"call":"insert","region":"r","zone":"z","body":{}}"#,
            #"{"launch":"l","count":1,"call":"insert","region":"r","body":{}}"#,
            #"{"launch":"l","count":1,"call":"delete","region":"r","zone":"z","body":{}}"#,
        ])
    func hostile(_ text: String) { #expect(GoogleLaunch(text: text) == nil) }

    @Test(
        "what is wrong is said, with its field",
        arguments: [
            ("machineType", Document(.null), "machineType", "must be there"),
            ("machineType", "N2", "machineType", "machine type"),
            ("machineTypes", .list("n2-standard-4"), "machineType", "exclude each other"),
            ("zone", Document(.null), "zone", "must be there"),
            ("zone", "us east", "zone", "not the name"),
            ("region", "europe-west1", "region", "not the region of the zone"),
            ("zones", .list("us-central1-a"), "zones", "exclude each other"),
            ("disks", Document(.null), "disks", "at least one"),
            ("disks", .list("a"), "disks[0]", "must be an object"),
            ("networkInterfaces", Document(.array([])), "networkInterfaces", "at least one"),
            ("name", "mine", "name", "written by Muster"),
            ("namePattern", "a-#", "namePattern", "written by Muster"),
            ("deletionProtection", true, "deletionProtection", "keep Muster from ending"),
            ("labels", .object(["muster-launch": "x"]), "labels", "Muster's own"),
            ("labels", .object(["A": "x"]), "labels", "lower-case"),
            ("labels", .object(["a": "b/c"]), "labels", "lower-case"),
            (
                "metadata", .object(["items": Document(.array([.object(["key": "taskcluster"])]))]),
                "metadata.items[0].key", "Muster's own"
            ),
            (
                "scheduling", .object(["automaticRestart": true]), "scheduling.automaticRestart",
                "must be false"
            ),
            ("scheduling", 1, "scheduling", "must be an object"),
            ("workerConfig", 1, "workerConfig", "must be an object"),
            ("capacityPerInstance", 4, "capacityPerInstance", "workerManager"),
        ])
    func wrong(_ member: String, _ value: Document, _ field: String, _ words: String) throws {
        var content = GoogleResource(GoogleScene.existing)
        content[member] = value
        let problems = GoogleContent.read(content.document).problems
        let problem = try #require(problems.first)
        #expect(problem.field == field)
        #expect(problem.message.contains(words), "\(problem)")
        #expect(problems.count == 1)
    }

    @Test(
        "so it is of our own form",
        arguments: [
            ("machineTypes", Document(.array([])), "machineTypes"),
            ("machineTypes", .list("a", "a"), "machineTypes"),
            ("zones", Document(.null), "zones"),
            ("zones", .list("europe-west1-b"), "zones"),
            ("excludedZones", .list("us-central1-a"), "excludedZones"),
        ])
    func wrongInRegion(_ member: String, _ value: Document, _ field: String) throws {
        var content = GoogleResource(GoogleScene.regional)
        content[member] = value
        #expect(GoogleContent.read(content.document).problems.first?.field == field)
    }

    @Test("offerings are what errors of capacity name, with the quotas that they count against")
    func offerings() throws {
        let content = try #require(GoogleContent.read(GoogleScene.regional).content)
        #expect(
            content.offerings.map(\.name) == [
                "standard/n2-standard-4/us-central1-a", "standard/n2-standard-4/us-central1-b",
                "standard/e2-standard-4/us-central1-a", "standard/e2-standard-4/us-central1-b",
            ])
        #expect(content.offerings[0].scopes.contains("quota/N2_CPUS/us-central1"))
        #expect(!content.offerings[0].scopes.contains("quota/CPUS/us-central1"))
        #expect(content.offerings[2].scopes.contains("quota/CPUS/us-central1"))
        #expect(content.offerings[2].scopes.contains("addresses/workers/us-central1"))
        let spot = try #require(GoogleContent.read(GoogleScene.existing).content)
        #expect(spot.offerings.map(\.name) == ["spot/n2-standard-4/us-central1-a"])
        #expect(spot.offerings[0].scopes.contains("quota/PREEMPTIBLE_CPUS/us-central1"))
    }

    @Test("accelerators, disks and addresses have quotas of their own") func scopes() {
        let scopes = GoogleQuota.scopes(
            machineType: "n1-standard-8", isSpot: true, region: "us-central1",
            accelerators: ["nvidia-tesla-t4"],
            hasExternalAddress: true, diskTypes: ["pd-ssd"], subnetwork: nil)
        for metric in [
            "CPUS", "NVIDIA_T4_GPUS", "PREEMPTIBLE_NVIDIA_T4_GPUS", "IN_USE_ADDRESSES", "SSD_TOTAL_GB",
        ] {
            #expect(scopes.contains("quota/\(metric)/us-central1"))
        }
        #expect(scopes.contains("quota/GPUS_ALL_REGIONS"))
    }

    @Test("metadata beyond Google's limit is refused before anything is sent") func large() throws {
        var content = GoogleResource(GoogleScene.existing)
        content["workerConfig"] = .object(["large": Document(.string(String(repeating: "x", count: 600_000)))]
        )
        #expect(throws: Problem.self) { try self.launch(content.document) }
    }

    @Test("the example pools have nothing wrong", arguments: ["google-existing", "google-bulk"])
    func examples(_ name: String) throws {
        let document = try YAML.document(try fixture("pools/\(name).yaml"))
        let pool = try PoolDefinition(document, digest: SHA256.hash)
        #expect(!pool.launchConfigs.isEmpty)
        for definition in pool.launchConfigs {
            #expect(GoogleContent.read(definition.content).problems.isEmpty)
            #expect(try !launch(definition.content).text.isEmpty)
        }
    }
}
