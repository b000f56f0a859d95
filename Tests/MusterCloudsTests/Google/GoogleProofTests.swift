import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("Google proofs at the provider") struct GoogleProofTests {
    private static let service = "https://muster.example.com"

    private func claim(_ instance: Instance, _ token: String, at: Timestamp) -> IdentityClaim {
        IdentityClaim(
            worker: instance.workerID, group: instance.group,
            proof: .object(["token": Document(.string(token))]),
            at: at, audience: Self.service)
    }

    @Test(
        "an instance proves itself, and fits its launch",
        arguments: [GoogleScene.existing, GoogleScene.regional])
    func proven(_ content: Document) async throws {
        let scene = try GoogleScene { $0.workerServiceAccount = FakeGoogle.workerAccount }
        let sent = try scene.sent(1, content)
        _ = await scene.provider.launch(scene.call(sent))
        let instance = try #require(try await scene.end(of: sent).instances.first)
        let token = try scene.fake.identityToken(of: instance.id, for: Self.service)
        let identity = try await scene.provider.prove(claim(instance, token, at: scene.clock.now()))
        #expect(identity.worker == instance.workerID)
        #expect(scene.provider.contradiction(between: identity, and: sent) == nil)

        let other = try scene.sent(1, content, id: LaunchID(rawValue: "l02"))
        #expect(scene.provider.contradiction(between: identity, and: other)?.contains("called") == true)
    }

    @Test("a launch of another zone is contradicted") func elsewhere() throws {
        let scene = try GoogleScene()
        let name = GoogleName.instance(of: GoogleScene.launch, 0)
        for (content, zone) in [
            (GoogleScene.existing, "us-central1-b"), (GoogleScene.regional, "europe-west1-b"),
        ] {
            let identity = ProvenIdentity(
                worker: WorkerID(rawValue: "1"), facts: ["name": name, "zone": zone])
            let words = scene.provider.contradiction(between: identity, and: try scene.sent(1, content))
            #expect(words?.contains(zone) == true)
        }
    }

    @Test(
        "another account, project, audience or instance is refused",
        arguments: [["project_id": "another"], ["instance_id": "1"], ["zone": "us-central1-b"], [:]])
    func refused(_ claims: [String: String]) async throws {
        let scene = try GoogleScene {
            $0.workerServiceAccount = claims.isEmpty ? "another@example.com" : FakeGoogle.workerAccount
        }
        let instance = try #require(try await scene.launch(1, GoogleScene.existing).instances.first)
        let token = try scene.fake.identityToken(of: instance.id, for: Self.service, claiming: claims)
        let problem = await #expect(throws: Problem.self) {
            try await scene.provider.prove(claim(instance, token, at: scene.clock.now()))
        }
        #expect(problem?.code == .registrationRefused)
    }
}
