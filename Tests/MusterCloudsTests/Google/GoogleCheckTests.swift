import MusterCore
import MusterHTTP
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("Google checks") struct GoogleCheckTests {
    private func verdicts(_ findings: [ProviderFinding]) -> [String: ProviderFinding.Verdict] {
        Dictionary(
            findings.map { ($0.name, $0.verdict) },
            uniquingKeysWith: { first, second in
                first == .good ? second : first
            })
    }

    @Test("all that is in order is said to be") func good() async throws {
        let scene = try GoogleScene()
        _ = try await scene.launch(1, GoogleScene.existing)
        let findings = await scene.provider.check()
        #expect(
            verdicts(findings) == [
                "credentials": .good, "clock": .good, "project": .good, "permissions": .good, "quota": .good,
            ])
        #expect(findings.allSatisfy { $0.remedy == nil })
    }

    @Test("what is wrong is said with what to do") func bad() async throws {
        let scene = try GoogleScene()
        _ = try await scene.launch(1, GoogleScene.existing)
        scene.fake.change { settings in
            settings.missingPermissions = ["compute.instances.create"]
            settings.clockOffset = .seconds(-120)
            settings.scarceQuotas = ["CPUS_ALL_REGIONS"]
            settings.instanceQuota = ["us-central1": 1]
        }
        let findings = await scene.provider.check()
        #expect(
            verdicts(findings) == [
                "credentials": .good, "clock": .warning, "project": .warning, "permissions": .bad,
                "quota": .warning,
            ])
        #expect(
            findings.first { $0.name == "permissions" }?.message.contains("compute.instances.create") == true)
        #expect(findings.filter { $0.verdict != .good }.allSatisfy { $0.remedy != nil })
    }

    @Test("without credentials nothing else is tried") func noCredentials() async throws {
        let scene = try GoogleScene()
        scene.fake.change { $0.withdrawnTokens = true }
        let findings = await scene.provider.check()
        #expect(verdicts(findings) == ["credentials": .bad])
        #expect(findings[0].remedy?.contains("docs/operating/google.md") == true)
    }

    @Test("a launch config's names are looked up") func validated() async throws {
        let scene = try GoogleScene()
        for content in [GoogleScene.existing, GoogleScene.zonal] {
            let findings = await scene.provider.validate(content)
            #expect(
                verdicts(findings) == [
                    "content": .good, "zone": .good, "machine type": .good, "image": .good,
                    "subnetwork": .good,
                ])
        }
        #expect(verdicts(await scene.provider.validate(GoogleScene.regional))["region"] == .warning)
        #expect(scene.fake.machines.isEmpty)
    }

    @Test(
        "what is not there is said",
        arguments: [
            ("zone", "us-central1-z" as Document, "zone"),
            ("machineTypes", .list("missing-4"), "machine type"),
            (
                "disks",
                Document(
                    .array([.object(["initializeParams": .object(["sourceImage": "global/images/missing"])])])
                ),
                "image"
            ),
            ("networkInterfaces", Document(.array([.object(["subnetwork": "missing"])])), "subnetwork"),
        ])
    func missing(_ member: String, _ value: Document, _ name: String) async throws {
        let scene = try GoogleScene()
        var content = GoogleResource(GoogleScene.zonal)
        content[member] = value
        let findings = await scene.provider.validate(content.document)
        #expect(verdicts(findings)[name] == .bad)
    }

    @Test("content that cannot be read is bad") func unreadable() async throws {
        let scene = try GoogleScene()
        #expect(verdicts(await scene.provider.validate(.object([:])))["content"] == .bad)
    }

    @Test(
        "what only some launch configs need is warned of, and an image that may not be looked at is skipped")
    func occasional() async throws {
        let scene = try GoogleScene()
        scene.fake.change { $0.missingPermissions = ["compute.instances.setTags", "compute.images.get"] }
        let finding = await scene.provider.check().first { $0.name == "permissions" }
        #expect(finding?.verdict == .warning)
        #expect(finding?.message.contains("compute.instances.setTags (for launch configs with tags)") == true)
        var content = GoogleResource(GoogleScene.zonal)
        content["disks"] = Document(
            .array([.object(["initializeParams": .object(["sourceImage": "global/images/ours"])])]))
        #expect(verdicts(await scene.provider.validate(content.document))["image"] == .skipped)
        // The right is needed, and for tags alone.
        #expect(try await scene.launch(1, content.document).instances.count == 1)
        content["tags"] = .object(["items": .list("builds")])
        let tagged = try scene.sent(1, content.document, id: LaunchID(rawValue: "l02"))
        let refusals = await scene.provider.launch(scene.call(tagged)).refusals
        #expect(refusals?.map(\.error.label) == ["auth"])
    }

    @Test("an address within a launch config leads nowhere else") func addresses() async throws {
        let scene = try GoogleScene()
        var content = GoogleResource(GoogleScene.zonal)
        content["disks"] = Document(
            .array([.object(["initializeParams": .object(["sourceImage": "projects/../../token"])])]))
        #expect(verdicts(await scene.provider.validate(content.document))["image"] == .skipped)
    }

    @Test("the role in the page is what is checked") func role() throws {
        let page = String(decoding: try file("docs/operating/google.md"), as: UTF8.self)
        let listed = page.split(separator: "\n").map { $0.drop { $0 == " " } }.compactMap {
            $0.hasPrefix("- compute.") ? String($0.dropFirst(2)) : nil
        }
        #expect(listed == GooglePermission.all.map(\.name))
    }

    @Test("no minute has more calls than its quota", arguments: [1, 10, 120, 1_500])
    func rates(_ perMinute: Int) {
        let rate = GoogleRates(mutations: perMinute).rate(.insert)
        #expect(rate.burst >= 1)
        #expect(rate.burst + rate.perSecond * 60 <= Double(max(perMinute, 2)))
    }

    @Test("with settings that cannot be there is no provider") func configuration() throws {
        let configuration = GoogleProviderConfiguration(
            id: ProviderID(rawValue: "google"), project: "No Project", fleet: "main",
            credentials: .metadataServer, endpoints: GoogleEndpoints(token: "http://example.com/token"),
            rates: GoogleRates(reads: 0))
        #expect(configuration.problems.map(\.field) == ["project", "endpoints.token", "rates.reads"])
        for project in ["No Project", "1234567890", "a/b"] {
            let problem = #expect(throws: Problem.self) { try GoogleScene { $0.project = project } }
            #expect(problem?.field == "project")
        }
    }
}
