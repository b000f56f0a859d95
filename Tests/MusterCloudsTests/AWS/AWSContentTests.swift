import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("AWS: launch configs")
struct AWSContentTests {
    private func problems(_ text: String) throws -> [String] {
        let aws = try AWSHarness()
        return aws.provider.problems(in: try AWSHarness.content(text)).map {
            "\($0.field ?? ""): \($0.message)"
        }
    }

    @Test("A config of an older worker manager works as it is")
    func older() throws {
        let content = """
            {"region": "us-east-1", "capacityPerInstance": 2,
             "additionalUserData": {"proxy": "http://proxy:3128", "level": 3},
             "workerConfig": {"genericWorker": {"config": {"idleTimeoutSecs": 90}}},
             "launchConfig": {"ImageId": "ami-0a", "InstanceType": "c5.xlarge", "SubnetId": "subnet-1",
              "SecurityGroupIds": ["sg-1", "sg-2"], "KeyName": "key", "EbsOptimized": true,
              "IamInstanceProfile": {"Name": "profile"},
              "Placement": {"AvailabilityZone": "us-east-1c"},
              "InstanceMarketOptions": {"MarketType": "spot", "SpotOptions": {"MaxPrice": "0.5"}},
              "BlockDeviceMappings": [{"DeviceName": "/dev/sda1", "Ebs": {"VolumeSize": 100, "VolumeType": "gp3"}}],
              "NetworkInterfaces": [{"DeviceIndex": 0, "Groups": ["sg-3"], "AssociatePublicIpAddress": false}],
              "TagSpecifications": [
                {"ResourceType": "instance", "Tags": [{"Key": "team", "Value": "a"}, {"Key": "Name", "Value": "mine"}]},
                {"ResourceType": "network-interface", "Tags": [{"Key": "team", "Value": "b"}]}]}}
            """
        #expect(try problems(content) == [])
        let aws = try AWSHarness()
        let offerings = aws.provider.offerings(of: try AWSHarness.content(content))
        #expect(
            offerings == [
                Offering(
                    name: "spot/c5.xlarge/us-east-1c",
                    scopes: ["quota/spot/standard/us-east-1", "subnet/subnet-1"])
            ])
        let body = try #require(
            AWSLaunchBody(text: try aws.provider.render(try aws.order("launch-1", 3, content))))
        let form = formParameters(body.runs[0].form)
        #expect(body.runs.count == 1 && body.runs[0].count == 3)
        for (name, value) in [
            ("Action", "RunInstances"), ("MinCount", "1"), ("MaxCount", "3"), ("ClientToken", "launch-1"),
            ("SecurityGroupId.2", "sg-2"), ("EbsOptimized", "true"), ("IamInstanceProfile.Name", "profile"),
            ("InstanceMarketOptions.SpotOptions.MaxPrice", "0.5"),
            ("BlockDeviceMapping.1.Ebs.VolumeSize", "100"), ("NetworkInterface.1.SecurityGroupId.1", "sg-3"),
            ("NetworkInterface.1.AssociatePublicIpAddress", "false"),
            ("TagSpecification.1.ResourceType", "instance"), ("TagSpecification.1.Tag.1.Key", "Name"),
            ("TagSpecification.1.Tag.1.Value", "mine"), ("TagSpecification.2.ResourceType", "volume"),
            ("TagSpecification.3.ResourceType", "network-interface"), ("TagSpecification.3.Tag.1.Value", "b"),
        ] {
            #expect(form[name] == value, "\(name)")
        }
        let data = try #require(form["UserData"].flatMap(Self.decoded))
        #expect(InstanceBody.text(data["rootUrl"]) == "https://muster.example.org")
        #expect(InstanceBody.text(data["workerPoolId"]) == "project/pool")
        #expect(InstanceBody.text(data["providerId"]) == "aws")
        #expect(InstanceBody.text(data["workerGroup"]) == "us-east-1")
        #expect(InstanceBody.text(data["launchConfigId"]) == "lc-1")
        #expect(InstanceBody.text(data["proxy"]) == "http://proxy:3128")
        #expect(data["workerConfig"]?["genericWorker"] != nil)
        #expect(InstanceBody.text(data["muster"]?["launchId"]) == "launch-1")
        #expect(InstanceBody.text(data["muster"]?["deployment"]) == "fleet-1")
    }

    @Test("Rendering is pure: the same order gives the same bytes, another one others")
    func pure() throws {
        let aws = try AWSHarness()
        for content in [AWSHarness.simple, AWSHarness.fleet] {
            let one = try aws.provider.render(try aws.order("launch-1", 3, content))
            #expect(one == (try aws.provider.render(try aws.order("launch-1", 3, content))))
            #expect(one != (try aws.provider.render(try aws.order("launch-2", 3, content))))
            #expect(!one.contains("SECRET"))
        }
        // What is the same for all launches is one template.
        let templates = try ["launch-1", "launch-2"].map { launch in
            AWSLaunchBody(text: try aws.provider.render(try aws.order(launch, 1, AWSHarness.fleet)))?.template
        }
        #expect(templates[0] == templates[1] && templates[0] != nil)
    }

    @Test("What an operator adds to the user data is a part of its own")
    func multipart() throws {
        let content = AWSHarness.simple.replacing(
            "{\"region\"", with: "{\"userData\": \"#!/bin/sh\\necho hello\\n\", \"region\"")
        let aws = try AWSHarness()
        let body = try #require(
            AWSLaunchBody(text: try aws.provider.render(try aws.order("launch-1", 1, content))))
        let form = formParameters(body.runs[0].form)
        let text = try #require(form["UserData"].flatMap(Self.text))
        #expect(text.hasPrefix("Content-Type: multipart/mixed; boundary=\"==muster-"))
        #expect(text.contains("Content-Type: text/x-shellscript"))
        #expect(text.contains("\n\n#!/bin/sh\necho hello\n"))
        #expect(text.contains("filename=\"muster.json\"\n\n{"))
        #expect(text.split(separator: "\n").last?.hasSuffix("==--") == true)
    }

    @Test("The user data has a limit, before and after Muster's own members")
    func large() throws {
        let aws = try AWSHarness()
        func content(_ size: Int) -> String {
            let filler = String(repeating: "x", count: size)
            return AWSHarness.simple.replacing(
                "{\"region\"", with: "{\"additionalUserData\": {\"a\": \"\(filler)\"}, \"region\"")
        }
        #expect(try problems(content(16_380)).first?.contains("16384") == true)
        #expect(try problems(content(16_000)) == [])
        #expect(throws: Problem.self) {
            try aws.provider.render(try aws.order("launch-1", 1, content(16_300)))
        }
        _ = try aws.provider.render(try aws.order("launch-1", 1, content(16_000)))
    }

    @Test(
        "What cannot be is said, with the field",
        arguments: [
            (#"{"launchConfig": {"ImageId": "ami-1"}}"#, "region: must name a region"),
            (#"{"region": "mars-1", "launchConfig": {"ImageId": "ami-1"}}"#, "region: must be one of"),
            (#"{"region": "us-east-1"}"#, "launchConfig: there must be one of"),
            (
                #"{"region": "us-east-1", "launchConfig": {"ImageId": "a"}, "fleet": {}}"#,
                "launchConfig: there must be"
            ),
            (#"{"region": "us-east-1", "launchConfig": {}}"#, "launchConfig.ImageId: must name an image"),
            (#"{"region": "us-east-1", "launchConfig": 7}"#, "launchConfig: must be an object"),
            (
                #"{"region": "us-east-1", "launchConfig": {"ImageId": "a", "MaxCount": 3}}"#,
                "launchConfig.MaxCount: is Muster's"
            ),
            (
                #"{"region": "us-east-1", "launchConfig": {"ImageId": "a", "UserData": "x"}}"#,
                "launchConfig.UserData: would be replaced"
            ),
            (
                #"{"region": "us-east-1", "launchConfig": {"ImageId": "a", "MetadataOptions": {"HttpEndpoint": "disabled"}}}"#,
                "launchConfig.MetadataOptions.HttpEndpoint: must not be disabled"
            ),
            (
                #"{"region": "us-east-1", "launchConfig": {"ImageId": "a"}, "additionalUserData": {"rootUrl": "x"}}"#,
                "additionalUserData: must not have rootUrl"
            ),
            (
                #"{"region": "us-east-1", "launchConfig": {"ImageId": "a"}, "userData": "hello"}"#,
                "userData: must begin with"
            ),
            (
                #"{"region": "us-east-1", "launchConfig": {"ImageId": "a"}, "surprise": 1}"#, "surprise: "
            ),
            (
                #"{"region": "us-east-1", "launchConfig": {"ImageId": "a", "TagSpecifications": [{"ResourceType": "instance", "Tags": [{"Key": "muster-launch", "Value": "x"}]}]}}"#,
                "launchConfig.TagSpecifications[0].Tags[0]: the key \"muster-launch\" is one of Muster's own"
            ),
            (
                #"{"region": "us-east-1", "fleet": {"template": {"ImageId": "a"}}}"#,
                "fleet.instanceTypes: must name at least one"
            ),
            (
                #"{"region": "us-east-1", "fleet": {"instanceTypes": ["c5.large"], "subnets": [{"id": "s-1", "zone": "a"}, {"id": "s-2", "zone": "a"}], "template": {"ImageId": "a"}}}"#,
                "fleet.subnets[1].zone: is that of another subnet"
            ),
            (
                #"{"region": "us-east-1", "fleet": {"instanceTypes": ["c5.large"], "subnets": [{"id": "s-1", "zone": "a"}], "market": "barter", "template": {"ImageId": "a"}}}"#,
                "fleet.market: must be one of spot, on-demand, spot-then-on-demand"
            ),
            (
                #"{"region": "us-east-1", "fleet": {"instanceTypes": ["c5.large"], "subnets": [{"id": "s-1", "zone": "a"}], "template": {"ImageId": "a", "InstanceType": "x"}}}"#,
                "fleet.template.InstanceType: is Muster's"
            ),
            (
                #"{"region": "us-east-1", "fleet": {"instanceTypes": ["c5.large"], "subnets": [{"id": "s-1", "zone": "a"}], "maxPrice": "cheap", "template": {"ImageId": "a"}}}"#,
                "fleet.maxPrice: must be a number"
            ),
        ])
    func refused(_ content: String, _ message: String) throws {
        let found = try problems(content)
        #expect(found.contains { $0.hasPrefix(message) }, "\(found)")
        let aws = try AWSHarness()
        #expect(throws: Problem.self) { try aws.provider.render(try aws.order("launch-1", 1, content)) }
    }

    @Test("A fleet's offerings are its types in its zones, in each of its markets")
    func fleetOfferings() throws {
        let aws = try AWSHarness()
        let names = aws.provider.offerings(of: try AWSHarness.content(AWSHarness.fleet)).map(\.name)
        #expect(
            names
                == ["spot", "on-demand"].flatMap { market in
                    ["c5.large", "m5.large"].flatMap { type in
                        ["a", "b"].map { "\(market)/\(type)/us-east-1\($0)" }
                    }
                })
    }

    @Test(
        "Types share quotas by their class",
        arguments: [
            ("c5.large", "standard"), ("m7gd.metal", "standard"), ("t3.micro", "standard"),
            ("g4dn.xlarge", "g-vt"),
            ("vt1.3xlarge", "g-vt"), ("p5.48xlarge", "p"), ("u-6tb1.metal", "high-memory"),
            ("inf2.xlarge", "inf"),
            ("x2idn.16xlarge", "x"), ("im4gn.large", "standard"), ("trn1.2xlarge", "trn"),
        ])
    func classes(_ type: String, _ name: String) { #expect(AWSOffering.quotaClass(type) == name) }

    @Test("An instance that is of another image, type, zone or region is none of its launch's")
    func contradictions() throws {
        let aws = try AWSHarness()
        let body = try aws.provider.render(try aws.order("launch-1", 1))
        let launch = SentLaunch(
            id: LaunchID(rawValue: "launch-1"), body: body, plannedAt: Timestamp(milliseconds: 0))
        func contradiction(_ facts: [String: String]) -> String? {
            aws.provider.contradiction(
                between: ProvenIdentity(worker: WorkerID(rawValue: "i-1"), facts: facts), and: launch)
        }
        let good = [
            "region": "us-east-1", "image": "ami-0123456789abcdef0", "type": "c5.large", "zone": "us-east-1a",
        ]
        #expect(contradiction(good) == nil)
        for (name, value) in [
            ("region", "eu-west-1"), ("image", "ami-0f"), ("type", "c5.metal"), ("zone", "us-east-1b"),
        ] {
            #expect(contradiction(good.merging([name: value]) { $1 })?.contains(value) == true)
        }
        // What the config leaves to EC2 contradicts nothing.
        let anywhere = try aws.provider.render(
            try aws.order(
                "launch-1", 1,
                #"{"region": "us-east-1", "launchConfig": {"ImageId": "ami-1", "SubnetId": "subnet-1"}}"#))
        let free = SentLaunch(
            id: LaunchID(rawValue: "launch-1"), body: anywhere, plannedAt: Timestamp(milliseconds: 0))
        let identity = ProvenIdentity(
            worker: WorkerID(rawValue: "i-1"), facts: ["region": "us-east-1", "zone": "us-east-1f"])
        #expect(aws.provider.contradiction(between: identity, and: free) == nil)
    }

    @Test("Workers are proven by the identity documents that the settings allow")
    func proofs() async throws {
        let aws = try AWSHarness()
        let claim = IdentityClaim(
            worker: WorkerID(rawValue: "i-0abc"), group: WorkerGroup(rawValue: "us-east-1"),
            proof: try AWSHarness.content(#"{"document": "{}", "signature": "AAAA"}"#),
            at: Timestamp(milliseconds: 0), audience: "https://muster.example.org")
        do {
            _ = try await aws.provider.prove(claim)
            Issue.record("a forged document was taken")
        } catch {
            #expect(error.code == .registrationRefused)
        }
    }

    @Test(
        "What would stay behind with every instance is refused",
        arguments: [
            (
                #""BlockDeviceMappings": [{"DeviceName": "/dev/sdb", "Ebs": {"VolumeSize": 9, "DeleteOnTermination": false}}]"#,
                true
            ),
            (
                #""BlockDeviceMappings": [{"DeviceName": "/dev/sdb", "Ebs": {"DeleteOnTermination": "false"}}]"#,
                true
            ),
            (
                #""BlockDeviceMappings": [{"DeviceName": "/dev/sdb", "Ebs": {"DeleteOnTermination": true}},"#
                    + #" {"DeviceName": "/dev/sdc", "VirtualName": "ephemeral0"}]"#, false
            ),
            (#""NetworkInterfaces": [{"DeviceIndex": 0, "DeleteOnTermination": false}]"#, true),
            (
                #""NetworkInterfaces": [{"DeviceIndex": 0, "NetworkInterfaceId": "eni-1", "DeleteOnTermination": false}]"#,
                false
            ),
        ])
    func leftovers(_ member: String, _ isRefused: Bool) throws {
        let aws = try AWSHarness()
        for content in [
            #"{"region": "us-east-1", "launchConfig": {"ImageId": "ami-1", \#(member)}}"#,
            AWSHarness.fleet.replacing(#""template": {"#, with: #""template": {\#(member), "#),
        ] {
            let found = aws.provider.problems(in: try AWSHarness.content(content))
            #expect(found.contains { $0.field?.hasSuffix("DeleteOnTermination") == true } == isRefused)
            #expect(found.isEmpty == !isRefused, "\(found)")
        }
    }

    @Test("The console shows an instance")
    func output() throws {
        let aws = try AWSHarness()
        let group = WorkerGroup(rawValue: "eu-west-1")
        #expect(
            aws.provider.output(of: "eu-west-1/i-0abc", in: group)
                == "https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#InstanceDetails:instanceId=i-0abc"
        )
        #expect(aws.provider.output(of: "eu-west-1/i-0abc#<script>", in: group) == nil)
        #expect(aws.provider.output(of: "i-0abc", in: group) == nil)
    }

    private static func text(_ base64: String) -> String? {
        Base64Text.decoded(base64).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func decoded(_ base64: String) -> Document? {
        Base64Text.decoded(base64).flatMap { try? JSON.document($0) }
    }
}
