import MusterClouds
import MusterCore
import MusterHTTP
import MusterRuntime
import Testing

@testable import MusterCommand

@Suite("The configuration of providers")
struct ProviderSettingsTests {
    private func read(_ yaml: String) throws -> (settings: [ProviderSettings], problems: [Problem]) {
        let reader = DocumentReader(try YAML.document(Array(yaml.utf8)))
        let configuration = Configuration(reader, file: nil, folder: "/etc/muster")
        return (configuration.providers, reader.found)
    }

    @Test("of the kind docker has a default for everything")
    func dockerDefaults() throws {
        let (settings, problems) = try read("providers: {box: {kind: docker}}")
        #expect(problems.isEmpty)
        #expect(
            settings == [ProviderSettings(id: ProviderID(rawValue: "box"), kind: .docker(DockerSettings()))])
        let made = DockerSettings().configuration(ProviderID(rawValue: "box"), fleet: "f")
        #expect(made.socket == "/var/run/docker.sock" && made.network == "bridge" && made.serviceURL == nil)
        #expect(made.stopTime == .seconds(30) && made.retention == .seconds(86_400))
        #expect(made.rules.images == nil && made.rules.networks == ["bridge"] && made.rules.volumes.isEmpty)
    }

    @Test("of the kind docker takes what is written, with paths relative to the file")
    func docker() throws {
        let (settings, problems) = try read(
            """
            providers:
              box:
                kind: docker
                socket: run/docker.sock
                serviceURL: https://muster.example
                network: builds
                networks: [host]
                images: [registry.example/*]
                volumes: [cache]
                readableFolders: [data]
                writableFolders: [/srv/out]
                stopTime: 5
                retention: 600
            """)
        #expect(problems.isEmpty)
        guard case .docker(let docker)? = settings.first?.kind else {
            Issue.record("no docker")
            return
        }
        #expect(docker.socket == "/etc/muster/run/docker.sock")
        #expect(docker.serviceURL == "https://muster.example" && docker.network == "builds")
        #expect(
            docker.rules
                == DockerRules(
                    images: ["registry.example/*"], networks: ["builds", "host"], volumes: ["cache"],
                    readableFolders: ["/etc/muster/data"], writableFolders: ["/srv/out"]))
        #expect(docker.stopTime == .seconds(5) && docker.retention == .seconds(600))
    }

    @Test("tells everything that is wrong, and takes no key of another kind's")
    func problems() throws {
        let (_, problems) = try read(
            """
            providers:
              box: {kind: docker, serviceURL: ftp://x, stopTime: -1, retention: 1, readableFolders: [a/../b]}
              hand: {kind: static, users: [nobody]}
              here: {kind: local, socket: /s}
            """)
        #expect(
            problems.map { "\($0.line ?? 0) \($0.field ?? "")" } == [
                "2 providers.box.serviceURL", "2 providers.box.readableFolders", "2 providers.box.stopTime",
                "2 providers.box.retention", "3 providers.hand.users", "4 providers.here.socket",
            ])
    }

    @Test("of the kind google takes what is written, and the metadata server where it is written first")
    func google() throws {
        let (settings, problems) = try read(
            """
            providers:
              g:
                kind: google
                project: example-builds
                credentials: keys/google.json
                endpoints: {metadataServer: "http://10.0.0.1", token: "https://oauth.example/token"}
            """)
        #expect(problems.isEmpty)
        guard case .google(var google)? = settings.first?.kind else {
            Issue.record("no google")
            return
        }
        #expect(google.credentials == "/etc/muster/keys/google.json")
        let id = ProviderID(rawValue: "g")
        let environment = ["GCE_METADATA_HOST": "host:80"]
        // The file is not there, and nobody needs it yet.
        let made = google.configuration(id, fleet: "f", environment: environment)
        #expect(made.endpoints.metadata == "http://10.0.0.1")
        #expect(made.endpoints.token == "https://oauth.example/token" && made.problems.isEmpty)
        google.metadata = nil
        let named = google.configuration(id, fleet: "f", environment: environment)
        #expect(named.endpoints.metadata == "http://host:80")
        let plain = google.configuration(id, fleet: "f", environment: [:])
        #expect(plain.endpoints.metadata == "http://metadata.google.internal")
    }

    @Test(
        "of the kind google that cannot be is told of by the names in the file",
        arguments: [
            ("project: Example Builds", "providers.g.project"),
            ("project: example, endpoints: {token: 'http://example.com/t'}", "providers.g.endpoints.token"),
        ])
    func googleProblems(_ keys: String, _ field: String) throws {
        let yaml = "providers: {g: {kind: google, \(keys)}}"
        let reader = DocumentReader(try YAML.document(Array(yaml.utf8)))
        let configuration = Configuration(reader, file: nil, folder: "/etc/muster")
        #expect(reader.found.isEmpty)
        let wiring = ProviderWiring(
            configuration: configuration, fleet: "f", program: WorkerProgramCommand(words: ["/bin/true"]),
            client: try HTTPClient(), environment: [:], clock: SystemClock(), log: .silent)
        let problem = #expect(throws: Problem.self) { try wiring.providers() }
        #expect(problem?.field == field)
    }
}
