import Glibc
import MusterCore
import MusterHTTP
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("Docker: checks and answers", .timeLimit(.minutes(1)))
struct DockerCheckTests {
    private func verdicts(_ findings: [ProviderFinding]) -> [String: ProviderFinding.Verdict] {
        Dictionary(findings.map { ($0.name, $0.verdict) }, uniquingKeysWith: { first, _ in first })
    }

    @Test("An engine that is as it should be is found so, and told where containers cannot reach the service")
    func good() async throws {
        try await DockerScene.run { scene in
            let findings = verdicts(await scene.provider().check())
            #expect(
                findings == [
                    "engine": .good, "version": .good, "machine": .good, "clock": .good, "network": .good,
                    "service": .warning,
                ])
            let told = verdicts(await scene.provider { $0.serviceURL = "https://muster.example" }.check())
            #expect(told["service"] == .good)
        }
    }

    @Test(
        "An engine that is not there, too old, off its time, or without the network is said so with a remedy")
    func bad() async throws {
        try await DockerScene.run { scene in
            let absent = await scene.provider { $0.socket = "/tmp/no-such-folder/docker.sock" }.check()
            #expect(absent.map(\.verdict) == [.bad] && absent[0].remedy?.isEmpty == false)
            scene.engine.setClock(off: .seconds(60))
            let findings = await scene.provider { $0.network = "builds" }.check()
            #expect(verdicts(findings)["clock"] == .warning && verdicts(findings)["network"] == .bad)
            scene.engine.speaks("1.12", to: "1.40")
            #expect(verdicts(await scene.provider().check())["version"] == .bad)
        }
    }

    @Test("A launch config is held against what the engine and the registry have")
    func validation() async throws {
        try await DockerScene.run { scene in
            scene.engine.has(inRegistries: ["remote:1"], volumes: ["cache"])
            let provider = scene.provider { $0.rules.volumes = ["cache", "lost"] }
            func validate(_ text: String) async throws -> [String: ProviderFinding.Verdict] {
                verdicts(await provider.validate(try JSON.document(Array(text.utf8))))
            }
            #expect(try await validate(#"{"image":"\#(DockerScene.image)"}"#) == ["image": .good])
            #expect(try await validate(#"{"image":"remote:1"}"#) == ["image": .good])
            #expect(try await validate(#"{"image":"remote:1","pull":"never"}"#) == ["image": .bad])
            #expect(try await validate(#"{"image":"nowhere:1"}"#) == ["image": .bad])
            let volume = #"{"image":"remote:1","mounts":[{"type":"volume","source":"%","target":"/a"}]}"#
            #expect(try await validate(volume.replacing("%", with: "cache"))["volume"] == .good)
            #expect(try await validate(volume.replacing("%", with: "lost"))["volume"] == .bad)
            let large = try await validate(#"{"image":"remote:1","cpus":64,"memoryMiB":1000000}"#)
            #expect(large["cpus"] == .bad && large["memoryMiB"] == .bad)
            #expect(scene.engine.pulls.isEmpty && scene.engine.containers.isEmpty)
        }
    }

    @Test(
        "The newest version is spoken that both know",
        arguments: [
            ("1.24", "1.47", "1.47"), ("1.24", "1.43", "1.43"), ("1.44", "1.52", "1.47"),
            ("1.24", "1.40", nil),
            ("1.48", "1.60", nil),
        ])
    func versions(oldest: String, newest: String, spoken: String?) async throws {
        try await DockerScene.run { scene in
            scene.engine.speaks(oldest, to: newest)
            let answer = try await scene.launch(try scene.order(1), by: scene.provider()).answer
            #expect(answer?.instances.count == (spoken == nil ? 0 : 1))
            if let spoken { #expect(scene.engine.versions.contains(spoken)) }
        }
    }

    private func fixture(_ name: String) throws -> HTTPResponse {
        let root = #filePath.split(separator: "/").dropLast(4).map { "/" + $0 }.joined()
        let bytes = try TextFile.read("\(root)/fixtures/docker/\(name)", limit: 1 << 20)
        return HTTPResponse(status: 200, headers: [], body: bytes)
    }

    @Test("An engine tells its id, which is kept for as long as its socket is the same and it answers")
    func identity() async throws {
        try await DockerScene.run { scene in
            let provider = scene.provider()
            let id = try #require(try await provider.place())
            let asked = scene.engine.calls.count { $0 == "GET /info" }
            let again = try await provider.place()
            #expect(again == id)
            #expect(scene.engine.calls.count { $0 == "GET /info" } == asked)
            // It was away, and another one may be back.
            scene.engine.isCalled("another")
            scene.engine.fail("GET /containers/json", times: 9, .losesCall)
            await #expect(throws: CloudError.self) { try await provider.list() }
            scene.engine.heal()
            let other = try await provider.place()
            #expect(other == "another")
            // Another file at the same path may lead elsewhere; this one has only changed.
            scene.engine.isCalled("third")
            #expect(chmod(scene.engine.socket, 0o600) == 0)
            let last = try await provider.place()
            #expect(last == "third")
        }
    }

    @Test(
        "An engine that makes up another id with each answer, or has none, is at no place that could be told")
    func noIdentity() async throws {
        try await DockerScene.run { scene in
            for id in [nil, ""] {
                scene.engine.isCalled(id)
                let place = try await scene.provider().place()
                #expect(place == nil)
            }
        }
    }

    @Test("The documentation's answers are read")
    func documented() throws {
        let listed = try fixture("containers.json").docker([ListedContainer].self)
        #expect(listed.map(\.name) == ["boring_feynman", "coolName"])
        #expect(listed.allSatisfy { $0.state == .ended && $0.created == 1_367_854_155 })
        let container = try fixture("container.json").docker(InspectedContainer.self)
        #expect(container.state == .running && container.ending == "exit code 9")
        #expect(container.finishedAt == Timestamp("2015-01-06T15:47:32.080Z"))
        let versions = try EngineVersions(reading: fixture("version.json"))
        #expect(versions.product == "27.0.1" && versions.newest == .newest)
        #expect(PullProgress.failure(in: try fixture("pull.jsonl").body) == "Invalid...")
        let refusal = HTTPResponse(status: 404, headers: [], body: try fixture("no-such-image.json").body)
        let error = CloudError(docker: refusal, to: "make a container")
        #expect(error.kind == .invalidConfig && error.cloudCode == "docker-404")
        #expect(error.message.contains("No such image: c2ada9df5af8"))
    }

    @Test("Documented answers with anything cut off or changed are refused or read, and nothing else happens")
    func hostile() throws {
        var generator = SeededGenerator(seed: 7)
        for name in ["containers.json", "container.json", "version.json", "pull.jsonl"] {
            let bytes = try fixture(name).body
            for round in 0..<300 {
                let body =
                    round < 100 ? Array(bytes.prefix(bytes.count * round / 100)) : mutated(bytes, &generator)
                let response = HTTPResponse(status: 200, headers: [], body: body)
                _ = try? response.docker([ListedContainer].self).map { ($0.name, $0.state) }
                _ = try? response.docker(InspectedContainer.self).finishedAt
                _ = try? EngineVersions(reading: response).common()
                _ = PullProgress.failure(in: body)
                _ = CloudError(docker: response, to: "do it")
            }
        }
    }

    private func mutated(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<4 {
            bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(
                in: 0...255, using: &generator)
        }
        return bytes
    }

    @Test(
        "Refusals are told apart by their words, else by their status",
        arguments: [
            (500, "write /var/lib/docker: no space left on device", "capacity"),
            (500, "OCI runtime create failed: cannot allocate memory", "capacity"),
            (500, "toomanyrequests: You have reached your pull rate limit", "throttled"),
            (404, "pull access denied for x, repository does not exist", "invalid-config"),
            (500, "Get \"https://registry/v2/\": dial tcp: lookup registry: no such host", "transient"),
            (500, "unauthorized: authentication required", "auth"), (400, "anything", "invalid-config"),
            (500, "anything", "transient"), (418, "anything", "unknown"),
        ])
    func kinds(status: Int, message: String, label: String) {
        let body = Array(Document.object(["message": .string(message)]).canonicalJSON.utf8)
        let error = CloudError(docker: HTTPResponse(status: status, headers: [], body: body), to: "do it")
        #expect(error.label == label && error.message.contains(message))
    }
}
