import FoundationEssentials
import MusterClouds
import MusterCore
import MusterCrypto
import MusterHTTP
import MusterRuntime
import Testing

@testable import MusterCommand

/// The pools that the operating pages refer to are what their providers want, with the muster.yaml in their comments.
@Suite("fixtures/pools")
struct PoolFixtureTests {
    private static let folder =
        #filePath.split(separator: "/").dropLast(4).map { "/" + $0 }.joined() + "/fixtures/pools"

    /// Those of the kinds that muster.yaml knows: a file's name begins with its provider's kind.
    private static let files =
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { file in
            file.hasSuffix(".yaml")
                && ProviderSettings.KindName.allCases.contains { file.hasPrefix("\($0.rawValue)-") }
        }
        .sorted()

    /// The lines of a file's comments from `providers:` on, as a configuration.
    private func configuration(_ text: String) throws -> Configuration {
        let comments = text.split(separator: "\n").filter { $0.hasPrefix("#") }.map { $0.dropFirst(4) }
        let lines = comments.drop { !$0.hasPrefix("providers:") && !$0.hasPrefix("secrets:") }
        let yaml = lines.joined(separator: "\n")
        let reader = DocumentReader(try YAML.document(Array(yaml.utf8)))
        let configuration = Configuration(reader, file: nil, folder: "/etc/muster")
        if let problems = Problems(reader.found) { throw problems }
        return configuration
    }

    @Test("There are some for each provider that has a page")
    func some() {
        for kind in ["docker", "static", "aws", "google", "azure"] {
            #expect(Self.files.contains { $0.hasPrefix(kind) }, "\(kind)")
        }
    }

    @Test("Each is a definition in which neither Muster nor its provider finds a problem", arguments: files)
    func sound(file: String) async throws {
        let path = "\(Self.folder)/\(file)"
        let text = String(decoding: try TextFile.read(path, limit: 1 << 20), as: UTF8.self)
        let client = try HTTPClient()
        let providers = try ProviderWiring(
            configuration: try configuration(text), fleet: "fixtures",
            program: WorkerProgramCommand(words: ["/bin/true"]), client: client, environment: [:],
            clock: SystemClock(),
            log: .silent
        ).providers()
        for document in try PoolFiles.read(path) {
            let definition = try PoolDefinition(document, digest: SHA256.hash)
            let provider = try #require(
                providers.first { $0.id == definition.providerID },
                "\(file): its provider is not in its comment")
            #expect(!definition.launchConfigs.isEmpty)
            for config in definition.launchConfigs {
                #expect(provider.problems(in: config.content).isEmpty, "\(file): \(config.id)")
            }
        }
        await client.shutDown()
    }
}
