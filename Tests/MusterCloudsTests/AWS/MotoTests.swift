import MusterCore
import MusterHTTP
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

/// What another people's emulation of EC2 makes of Muster's calls. It honours no tokens.
@Suite("AWS: moto", .enabled(if: MotoServer.isExpected, "moto is not installed: deploy/test does it"))
struct MotoTests {
    /// A provider whose cloud is moto, in a region of its own.
    private struct Moto {
        let aws: AWSHarness
        let region: String

        init(_ region: String, fleet: String = "fleet-1") async throws {
            let server = try await MotoServer.shared.value
            self.region = region
            aws = try AWSHarness(
                fake: try FakeEC2(), clock: SystemClock(), regions: [region], fleet: fleet,
                endpoint: server.url,
                environment: FakeEC2.environment)
        }

        /// Something that Muster itself never does.
        func call(_ form: QueryForm) async throws -> EC2Answer {
            let client = aws.client
            let chain = AWSCredentialChain(
                .init(), environment: FakeEC2.environment,
                tokenService: SecurityTokenService(
                    aws.configuration, client: client, clock: SystemClock()))
            let calls = EC2Calls(
                PacedClient(client, clock: SystemClock(), seed: 1), aws.configuration,
                chain.expiring(clock: SystemClock()), clock: SystemClock())
            return try await calls.send(form, in: region)
        }

        /// The default subnets and their zones.
        func subnets() async throws -> [(id: String, zone: String)] {
            try await call(QueryForm("DescribeSubnets")).items("subnetSet/item").map {
                ($0.text("subnetId") ?? "", $0.text("availabilityZone") ?? "")
            }.sorted { $0.zone < $1.zone }
        }

        /// An image of moto's own.
        func image() async throws -> String {
            var form = QueryForm("RegisterImage")
            form.set("Name", "muster-test")
            form.set("Architecture", "x86_64")
            return try await call(form).items("imageId").first?.text ?? ""
        }

        func simple(_ image: String) -> String {
            """
            {"region": "\(region)", "launchConfig": {"ImageId": "\(image)", "InstanceType": "c5.large",
             "Placement": {"AvailabilityZone": "\(region)a"},
             "TagSpecifications": [{"ResourceType": "instance", "Tags": [{"Key": "team", "Value": "ci & co"}]}]}}
            """
        }
    }

    @Test("Launch, list, look up, find by worker, end")
    func lifecycle() async throws {
        let moto = try await Moto("us-east-1")
        let aws = moto.aws
        let image = try await moto.image()
        let call = try aws.call("launch-1", 3, moto.simple(image))
        let outcome = await aws.provider.launch(call)
        let instances = try #require(outcome.instances, "\(outcome)")
        // moto gives the least that is asked for: one.
        #expect(instances.count == 1)
        #expect(outcome.refusals?.map(\.count) == [2])
        #expect(
            outcome.refusals?.first?.error.kind == .capacity(offering: "on-demand/c5.large/us-east-1a"))
        #expect(instances.allSatisfy { $0.offering == "on-demand/c5.large/us-east-1a" })

        _ = await aws.provider.launch(try aws.call("launch-2", 2, moto.simple(image)))
        let other = try await Moto("us-east-1", fleet: "fleet-2")
        _ = await other.aws.provider.launch(try other.aws.call("launch-3", 1, moto.simple(image)))

        let listing = try await aws.list("us-east-1")
        #expect(listing.instances.count == 2, "another fleet's instance is not ours")
        #expect(Set(listing.instances.map(\.launchID.rawValue)) == ["launch-1", "launch-2"])
        #expect(listing.instances.allSatisfy { $0.state == .running || $0.state == .pending })
        #expect(Set(try await aws.find(call).instances.map(\.id)) == Set(instances.map(\.id)))

        let first = instances[0]
        #expect(try await aws.provider.instance(of: first.workerID, in: first.group)?.id == first.id)
        let unknown = WorkerID(rawValue: "i-0123456789abcdef0")
        #expect(try await aws.provider.instance(of: unknown, in: first.group) == nil)

        let gone = "us-east-1/i-0123456789abcdef0"
        #expect(await aws.provider.terminate(instances.map(\.id) + [gone]).isEmpty)
        let after = try await aws.find(call).instances
        #expect(after.map(\.state) == [.gone])
        #expect(try await aws.list("us-east-1").instances.filter { $0.state != .gone }.count == 1)
    }

    @Test("The tags and the user data arrive as they were meant")
    func tags() async throws {
        let moto = try await Moto("us-west-2")
        let image = try await moto.image()
        let outcome = await moto.aws.provider.launch(try moto.aws.call("launch-1", 1, moto.simple(image)))
        let id = try #require(outcome.instances?.first?.workerID.rawValue)
        var form = QueryForm("DescribeInstances")
        form.set("InstanceId", [id])
        let found = try #require(
            try EC2Instance.all(at: EC2Instance.path, in: try await moto.call(form)).first)
        #expect(
            found.tags == [
                "Name": "project/pool", "team": "ci & co", "muster-deployment": "fleet-1",
                "muster-provider": "aws", "muster-launch": "launch-1", "muster-pool": "project/pool",
                "muster-launch-config": "lc-1",
            ])
        var data = QueryForm("DescribeInstanceAttribute")
        data.set("InstanceId", id)
        data.set("Attribute", "userData")
        let text = try await moto.call(data).items("userData/value").first?.text
        let json = try JSON.document(try #require(text.flatMap(Base64Text.decoded)))
        #expect(InstanceBody.text(json["muster"]?["launchId"]) == "launch-1")
    }

    @Test("Fleets: template, types, subnets, both markets, tags")
    func fleets() async throws {
        let moto = try await Moto("eu-west-1")
        let image = try await moto.image()
        let subnets = try await moto.subnets().prefix(2)
        #expect(subnets.count == 2)
        let list = subnets.map { "{\"id\": \"\($0.id)\", \"zone\": \"\($0.zone)\"}" }.joined(separator: ", ")
        for (index, market) in ["on-demand", "spot"].enumerated() {
            let content = """
                {"region": "eu-west-1", "fleet": {"instanceTypes": ["c5.large", "m5.large"], "market": "\(market)",
                 "subnets": [\(list)], "template": {"ImageId": "\(image)"}}}
                """
            let call = try moto.aws.call("launch-\(index)", 3, content)
            let outcome = await moto.aws.provider.launch(call)
            #expect(outcome.instances?.count == 3, "\(outcome)")
            #expect(outcome.instances?.allSatisfy { $0.offering?.hasPrefix("\(market)/") == true } == true)
            let findings = await moto.aws.provider.validate(try AWSHarness.content(content))
            #expect(findings.map(\.verdict) == [.good, .good, .good], "\(findings)")
        }
        let found = try await moto.aws.list("eu-west-1").instances
        #expect(Set(found.map(\.launchID.rawValue)).contains("launch-0"))
        #expect(await moto.aws.provider.terminate(found.map(\.id)).isEmpty)
    }

    @Test("Dry runs change nothing, and errors are of their kinds")
    func errors() async throws {
        let moto = try await Moto("ap-southeast-2")
        let image = try await moto.image()
        let aws = moto.aws
        let content = try AWSHarness.content(moto.simple(image))
        #expect(await aws.provider.validate(content).map(\.verdict) == [.good])
        #expect(try await aws.list("ap-southeast-2").instances.isEmpty)
        let absent = await aws.provider.launch(
            try aws.call("launch-1", 1, moto.simple("ami-0123456789abcdef0")))
        // moto takes unknown images unless it is told otherwise; what it says must be of a known kind.
        for refusal in absent.refusals ?? [] { #expect(refusal.error.kind == .invalidConfig) }
        let subnet = """
            {"region": "ap-southeast-2", "launchConfig": {"ImageId": "\(image)", "SubnetId": "subnet-0123456789abcdef0"}}
            """
        let refused = await aws.provider.launch(try aws.call("launch-2", 1, subnet))
        #expect(refused.refusals?.map(\.error.kind) == [.invalidConfig], "\(refused)")
        let findings = await aws.provider.check()
        #expect(findings.first { $0.name == "credentials" }?.verdict == .good, "\(findings)")
        #expect(!findings.contains { $0.verdict == .bad }, "\(findings)")
    }
}
