import Glibc
import MusterCore
import MusterHTTP
import MusterRuntime
import MusterStore
import MusterTesting
import Testing

@testable import MusterEngine

@Suite("Reading task sources")
struct SourceReaderTests {
    private func reader(_ rules: SourceRules) throws -> SourceReader {
        SourceReader(rules, client: try HTTPClient(), clock: ManualClock())
    }

    private func web(
        _ url: String, _ headers: [ExternalSource.Header] = []
    ) throws -> ExternalSource {
        ExternalSource(
            .http(url: url, headers: headers, timeout: .seconds(5)),
            pending: try #require(JSONPointer("/pending")), claimed: JSONPointer("/claimed"))
    }

    private func file(_ path: String) throws -> ExternalSource {
        ExternalSource(
            .file(path: path), pending: try #require(JSONPointer("/pending")),
            claimed: JSONPointer("/claimed"))
    }

    private func code(_ body: () async throws -> Void) async -> ProblemCode? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? Problem)?.code
        }
    }

    @Test("asks a host that muster.yaml names, with its headers and the secret that they name")
    func asks() async throws {
        let server = try OneAnswerServer(body: #"{"pending": 4, "claimed": 1}"#)
        let rules = SourceRules(
            hosts: ["127.0.0.1:\(server.port)"],
            secrets: SecretPlaces(["ci": .variable("CI")], environment: ["CI": "t0ps3cret"]))
        let source = try web(
            "http://127.0.0.1:\(server.port)/counts",
            [
                .init("Authorization", .secret(name: "ci", prefix: "Bearer ")),
                .init("Accept", .text("application/json")),
            ]
        )
        let reading = try await reader(rules).read(source)
        #expect(reading.pending == 4 && reading.claimed == 1)
        let request = await server.request()
        #expect(request.hasPrefix("GET /counts HTTP/1.1\r\n"))
        #expect(request.contains("Authorization: Bearer t0ps3cret\r\n"))
        #expect(request.contains("Accept: application/json\r\n"))
    }

    @Test(
        "takes anything but a 200 with JSON for no answer",
        arguments: [
            ("500 Oops", "{}"), ("302 Found", "{}"), ("200 OK", "<html>"), ("200 OK", ""),
            ("200 OK", #"{"pending": "?"}"#),
        ])
    func unexpected(status: String, body: String) async throws {
        let server = try OneAnswerServer(status: status, body: body)
        let rules = SourceRules(hosts: ["127.0.0.1"])
        let source = try web("http://127.0.0.1:\(server.port)/")
        #expect(await code { _ = try await reader(rules).read(source) } == .answerUnexpected)
        _ = await server.request()
    }

    @Test("says that nobody answers")
    func refused() async throws {
        let server = try OneAnswerServer(body: "")
        let port = server.port
        server.close()
        let rules = SourceRules(hosts: ["127.0.0.1"])
        #expect(
            await code { _ = try await reader(rules).read(try web("http://127.0.0.1:\(port)/")) }
                == .networkRefused)
    }

    @Test("does not call a host that muster.yaml does not name, and says so before anything is defined")
    func otherHosts() async throws {
        let rules = SourceRules(hosts: ["ci.example.com", "other:8080"])
        for url in [
            "http://169.254.169.254/", "http://ci.example.com.evil.org/", "http://other/",
            "https://other:80/",
        ] {
            let problems = rules.problems(in: try web(url))
            #expect(problems.map(\.code) == [.notPermitted] && problems.first?.field == "url", "\(url)")
            #expect(await code { _ = try await reader(rules).read(try web(url)) } == .notPermitted)
        }
        for url in ["https://ci.example.com/x", "https://CI.example.com:8443/", "http://other:8080/"] {
            #expect(rules.problems(in: try web(url)).isEmpty, "\(url)")
        }
    }

    @Test("sends a secret over TLS only, or to this machine")
    func secretsInTheClear() throws {
        let rules = SourceRules(
            hosts: ["ci.example.com", "localhost"], secrets: SecretPlaces(["ci": .variable("CI")]))
        let headers = [ExternalSource.Header("Authorization", .secret(name: "ci", prefix: ""))]
        #expect(rules.problems(in: try web("https://ci.example.com/", headers)).isEmpty)
        #expect(rules.problems(in: try web("http://localhost/", headers)).isEmpty)
        let refused = rules.problems(in: try web("http://ci.example.com/", headers))
        #expect(refused.first?.field == "headers.Authorization")
        let unknown = [ExternalSource.Header("Authorization", .secret(name: "none", prefix: ""))]
        #expect(rules.problems(in: try web("https://ci.example.com/", unknown)).count == 1)
        let malformed = [ExternalSource.Header("A B", .text("x"))]
        #expect(rules.problems(in: try web("https://ci.example.com/", malformed)).count == 1)
    }

    @Test("opens files below the folders that muster.yaml names, at the time of their modification")
    func files() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/d.json"
        try DurableFile.write(Array(#"{"pending": 2, "claimed": 0}"#.utf8), to: path, mode: 0o644)
        let reading = try await reader(SourceRules(folders: [folder.path])).read(try file(path))
        #expect(reading.pending == 2)
        let age = SystemClock().now() - reading.observedAt
        #expect(age >= .zero - .seconds(1) && age < .seconds(60))
    }

    @Test("opens nothing else: other folders, links out of them, folders, what is not there or no JSON")
    func otherFiles() async throws {
        let folder = try TemporaryFolder()
        let other = try TemporaryFolder()
        try DurableFile.write(
            Array(#"{"pending": 2, "claimed": 0}"#.utf8), to: other.path + "/d", mode: 0o644)
        try DurableFile.write(Array("pending: 2".utf8), to: folder.path + "/yaml", mode: 0o644)
        #expect(symlink(other.path + "/d", folder.path + "/link") == 0)
        let rules = SourceRules(folders: [folder.path])
        for (path, expected) in [
            (other.path + "/d", ProblemCode.notPermitted), (folder.path + "/link", .notPermitted),
            (folder.path + "x/d", .notPermitted), (folder.path + "/none", .fileFailed),
            (folder.path + "/yaml", .answerUnexpected),
        ] {
            #expect(await code { _ = try await reader(rules).read(try file(path)) } == expected, "\(path)")
        }
        let above = SourceRules(folders: ["/"])
        #expect(await code { _ = try await reader(above).read(try file(folder.path)) } == .fileFailed)
    }

    @Test("a pool with a source that is not allowed is not defined")
    func apply() async throws {
        let bench = try await EngineBench()
        let context = bench.context
        let strict = Control(
            EngineContext(
                store: bench.store, providers: Array(context.providers.values), clock: bench.clock,
                log: .silent, policy: context.policy, holder: "t", masterKey: context.masterKey, seed: 1,
                sources: try reader(SourceRules()), serviceURL: { "" }))
        let definition = PoolDefinition(
            id: EngineBench.pool, providerID: bench.provider.id, scale: PoolScale(maxCapacity: 1),
            source: .external(try file("/etc/passwd")), launchConfigs: [])
        do {
            _ = try await strict.apply([definition], prune: false, dryRun: false, by: "test")
            Issue.record("was defined")
        } catch let problems as Problems {
            #expect(problems.all.first?.field == "demo/build: config.source.path")
        }
        #expect(try await bench.store.read { try await $0.poolIDs() }.isEmpty)
    }
}
