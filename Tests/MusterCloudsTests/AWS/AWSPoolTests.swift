import FoundationEssentials
import MusterCore
import MusterCrypto
import MusterRuntime
import Testing

@testable import MusterClouds

@Suite("AWS: examples and the policy")
struct AWSPoolTests {
    private static let folder = "\(AWSFixtures.folder)/pools"

    static let files: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasPrefix("aws-") }.sorted()
    }()

    @Test("The examples are there")
    func areThere() { #expect(Self.files.count == 3) }

    @Test("An example has no problem and can be rendered", arguments: files)
    func examples(_ name: String) throws {
        let document = try YAML.document(try AWSFixtures.bytes("pools/\(name)"))
        let pool = try PoolDefinition(document, digest: SHA256.hash)
        let aws = try AWSHarness()
        #expect(!pool.launchConfigs.isEmpty)
        for config in pool.launchConfigs {
            #expect(aws.provider.problems(in: config.content) == [])
            #expect(!aws.provider.offerings(of: config.content).isEmpty)
            let order = LaunchOrder(
                launchID: LaunchID(rawValue: "launch-1"), poolID: pool.id, launchConfigID: config.id,
                content: config.content, count: 3, capacityPerInstance: 1,
                serviceURL: "https://muster.example.org")
            #expect(AWSLaunchBody(text: try aws.provider.render(order))?.count == 3)
        }
    }

    @Test("The policy permits every action that is called, and no other of EC2's")
    func policy() throws {
        let path = "\(AWSFixtures.folder)/../docs/operating/aws-policy.json"
        let policy = try JSON.document(try TextFile.read(path, limit: 1 << 20))
        let permitted = InstanceBody.elements(policy["Statement"]).flatMap { statement -> [String] in
            InstanceBody.text(statement["Action"]).map { [$0] }
                ?? InstanceBody.elements(statement["Action"]).compactMap(InstanceBody.text)
        }
        let called = try Self.sources().flatMap { source in
            source.split(separator: "QueryForm(\"").dropFirst().map { String($0.prefix { $0 != "\"" }) }
        }
        let actions = Set(called.map { "ec2:\($0)" }).union(["ec2:CreateTags"])
        #expect(Set(permitted.filter { $0.hasPrefix("ec2:") }) == actions)
    }

    /// The provider's own sources.
    private static func sources() throws -> [String] {
        let root = "\(AWSFixtures.folder)/../Sources/MusterClouds/AWS"
        let names = try FileManager.default.subpathsOfDirectory(atPath: root).filter {
            $0.hasSuffix(".swift")
        }
        return try names.map { name in
            String(decoding: try TextFile.read("\(root)/\(name)", limit: 1 << 20), as: UTF8.self)
        }
    }
}
