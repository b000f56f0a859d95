import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterCommand

@Suite("The configuration")
struct ConfigurationTests {
    /// Loads `yaml` as `muster.yaml` of a folder of its own.
    private func load(_ yaml: String, _ environment: [String: String] = [:]) throws -> Configuration {
        let folder = try TemporaryFolder()
        try DurableFile.write(Array(yaml.utf8), to: folder.path + "/muster.yaml", mode: 0o600)
        return try Configuration.load(option: nil, environment: environment, folder: folder.path)
    }

    private func problems(_ yaml: String, _ environment: [String: String] = [:]) throws -> [Problem] {
        let thrown = #expect(throws: Problems.self) { try load(yaml, environment) }
        return try #require(thrown).all
    }

    @Test("has defaults for everything, and enables no provider")
    func defaults() throws {
        let configuration = try load("")
        let folder = try #require(configuration.file.map(ConfigurationFile.folder))
        #expect(configuration.state == folder + "/muster-state")
        #expect(configuration.database == .file)
        #expect(configuration.databaseFile == folder + "/muster-state/muster.db")
        #expect(configuration.socket == folder + "/muster-state/muster.sock")
        #expect(configuration.masterKey == folder + "/muster-state/master.key")
        #expect(configuration.instances == folder + "/muster-state/instances")
        #expect(configuration.listen == ListenAddress(address: "127.0.0.1", port: 8_780))
        #expect(configuration.log == LogSettings(level: .info, format: .text))
        #expect(configuration.providers.isEmpty)
        #expect(configuration.eventsFile == nil)
        #expect(configuration.sources.hosts.isEmpty && configuration.sources.folders.isEmpty)
        #expect(configuration.sources.secrets.isEmpty)
        #expect(configuration.intervals.pass == .seconds(30))
        #expect(configuration.intervals.reconcile == .seconds(15))
        #expect(configuration.intervals.lease == .seconds(60))
        #expect(configuration.retention.tasks == .seconds(604_800))
        #expect(configuration.retention.workers == .seconds(604_800))
        #expect(configuration.retention.launches == .seconds(604_800))
        #expect(configuration.retention.errors == .seconds(604_800))
        #expect(configuration.retention.events == .seconds(259_200))
        #expect(configuration.retention.plans == 50)
        #expect(configuration.retention.audit == .seconds(31_536_000))
    }

    private static let full = """
        state: ./state
        listen: "[::1]:0"
        log: {level: debug, format: json}
        providers:
          local: {kind: local, users: [nobody, build]}
          other: {kind: local, folder: run/instances}
        events: {file: out/../events.jsonl}
        intervals: {pass: 0.5, reconcile: 20, lease: 25}
        retention: {tasks: 1, workers: 2, launches: 3, errors: 4, events: 5, plans: 6, audit: 7}

        """

    @Test("takes everything from the file, with paths relative to it")
    func file() throws {
        let configuration = try load(Self.full)
        let folder = try #require(configuration.file.map(ConfigurationFile.folder))
        #expect(configuration.state == folder + "/state")
        #expect(configuration.listen == ListenAddress(address: "::1", port: 0))
        #expect(configuration.log == LogSettings(level: .debug, format: .json))
        #expect(
            configuration.providers == [
                ProviderSettings(
                    id: ProviderID(rawValue: "local"),
                    kind: .local(LocalSettings(users: ["nobody", "build"]))),
                ProviderSettings(
                    id: ProviderID(rawValue: "other"),
                    kind: .local(LocalSettings(folder: folder + "/run/instances"))),
            ])
        #expect(configuration.eventsFile == folder + "/out/../events.jsonl")
        #expect(
            configuration.intervals
                == IntervalSettings(pass: .milliseconds(500), reconcile: .seconds(20), lease: .seconds(25)))
        #expect(
            configuration.retention
                == RetentionSettings(
                    tasks: .seconds(1), workers: .seconds(2), launches: .seconds(3), errors: .seconds(4),
                    events: .seconds(5), plans: 6, audit: .seconds(7)))
    }

    @Test("names the hosts and folders that sources may reach, and where secrets are")
    func sources() throws {
        let configuration = try load(
            """
            sources: {hosts: [CI.example.com, "localhost:8080"], folders: [demand, /run/demand]}
            secrets: {ci: {file: ci-token}, other: {environment: OTHER_TOKEN}}
            """)
        let folder = try #require(configuration.file.map(ConfigurationFile.folder))
        #expect(configuration.sources.hosts == ["ci.example.com", "localhost:8080"])
        #expect(configuration.sources.folders == [folder + "/demand", "/run/demand"])
        #expect(
            configuration.sources.secrets == [
                "ci": .file(folder + "/ci-token"), "other": .variable("OTHER_TOKEN"),
            ])
    }

    @Test("refuses sources and secrets that make no sense, each with its field")
    func wrongSources() throws {
        let found = try problems(
            """
            sources: {hosts: ["https://ci.example.com/"], folders: [a/../b], urls: []}
            secrets: {both: {file: a, environment: B}, neither: {}, text: hunter2}
            """)
        let fields = found.compactMap(\.field)
        #expect(
            fields == [
                "sources.hosts", "sources.folders", "sources.urls", "secrets.both", "secrets.neither",
                "secrets.text", "secrets.text",
            ])
        // What stands in place of a secret may be one.
        #expect(!found.contains { $0.message.contains("hunter2") })
        #expect(try problems("secrets: hunter2").allSatisfy { !$0.message.contains("hunter2") })
    }

    @Test("lets the environment win, and leaves other variables to others")
    func environment() throws {
        let configuration = try load(
            Self.full,
            [
                "MUSTER_STATE": "/var/lib/muster/", "MUSTER_LISTEN": "localhost:99",
                "MUSTER_LOG_LEVEL": "error",
                "MUSTER_LOG_FORMAT": "text", "MUSTER_EVENTS_FILE": "e.jsonl", "MUSTER_WORKER_ID": "w",
                "HOME": "/",
            ])
        let folder = try #require(configuration.file.map(ConfigurationFile.folder))
        #expect(configuration.state == "/var/lib/muster")
        #expect(configuration.listen == ListenAddress(address: "127.0.0.1", port: 99))
        #expect(configuration.log == LogSettings(level: .error, format: .text))
        #expect(configuration.eventsFile == folder + "/e.jsonl")
        #expect(try load(Self.full, ["MUSTER_LOG_LEVEL": ""]).log.level == .debug)
    }

    @Test("tells everything that is wrong at once, with lines and variables")
    func allProblems() throws {
        let found = try problems(
            """
            stat: x
            listen: 0.0.0.0:80
            log: {level: loud, colour: red}
            providers:
              local: {users: [nobody]}
              "bad id": {kind: local}
              moon: {kind: moon}
              odd: {kind: local, users: ["a b"]}
              none:
            events: events.jsonl
            intervals:
              pass: 0
              reconcile: soon
              lease: 1
            retention: {plans: 1.5, tasks: -1}
            """, ["MUSTER_LOG_FORMAT": "xml", "MUSTER_LISTEN": "nowhere"])
        #expect(
            found.map { "\($0.line ?? 0) \($0.field ?? "")" } == [
                "2 listen", "3 log.level", "3 log.colour", "5 providers.local.kind", "6 providers.bad id",
                "7 providers.moon.kind", "8 providers.odd.users", "9 providers.none.kind", "10 events",
                "12 intervals.pass",
                "13 intervals.reconcile", "14 intervals.lease", "15 retention.tasks", "15 retention.plans",
                "1 stat",
                "0 MUSTER_LISTEN",
                "0 MUSTER_LOG_FORMAT",
            ])
        #expect(found[14].message.hasPrefix("is not a known field; did you mean state? (in /tmp/"))
        #expect(found[16].message == #"must be one of text, json, not "xml""#)
    }

    @Test(
        "tells of a file that is no YAML, or no object",
        arguments: [("a: [", 1), ("a: 1\na: 2\n", 2), ("- a\n", 1), ("---\na: 1\n---\nb: 2\n", 4)])
    func malformed(yaml: String, line: Int) throws {
        let found = try problems(yaml)
        #expect(found.count == 1)
        #expect(found[0].line == line)
        #expect(found[0].message.hasSuffix("/muster.yaml)"))
    }

    @Test("refuses a state folder whose socket would have too long a path")
    func longPath() throws {
        let room = ConfigurationPolicy.longestSocketPath - "/muster.sock".utf8.count
        let fitting = "/" + String(repeating: "x", count: room - 1)
        #expect(try load("state: \(fitting)").socket.utf8.count == ConfigurationPolicy.longestSocketPath)
        #expect(try problems("state: \(fitting)x").map(\.field) == ["state"])
        #expect(try problems("state: ''").map(\.message).first?.hasPrefix("must be a path") == true)
    }
}
