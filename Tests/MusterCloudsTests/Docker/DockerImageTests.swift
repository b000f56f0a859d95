import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("Docker: images", .timeLimit(.minutes(1)))
struct DockerImageTests {
    private let other = "registry.example/team/other"

    private func order(_ scene: DockerScene, _ content: String = "", count: Int = 3) throws -> LaunchOrder {
        var order = try scene.order(count, content)
        guard case .object(var members) = order.content.value else { return order }
        members[0].document = .string(other)
        order.content = Document(.object(members))
        return order
    }

    @Test("that the engine lacks are fetched once for all containers")
    func missing() async throws {
        try await DockerScene.run { scene in
            scene.engine.has(inRegistries: [other])
            let answer = try #require(try await scene.launch(try order(scene), by: scene.provider()).answer)
            #expect(answer.instances.count == 3)
            // Those that come to it while it is fetched wait for the same.
            #expect(Set(scene.engine.pulls) == ["\(other):latest"] && scene.engine.pulls.count <= 3)
        }
    }

    @Test("that take long make the launch accepted: it is under way until they are there")
    func slow() async throws {
        let clock = ManualClock()
        try await DockerScene.run(clock: clock) { scene in
            scene.engine.fail("POST /images/create", .hangs)
            let provider = scene.provider()
            let call = try scene.call(try order(scene, count: 1), by: provider)
            async let outcome = provider.launch(call)
            await clock.untilSleeping(for: CloudPolicy.dockerLaunchPatience)
            clock.advance(by: CloudPolicy.dockerLaunchPatience)
            guard case .accepted = await outcome else {
                Issue.record("the launch was not accepted")
                return
            }
            #expect(try await provider.find(scene.sent()).isUnderWay)
            // Another process knows nothing of it: it would send the call again.
            #expect(try await !scene.provider().find(scene.sent()).isUnderWay)
            await provider.shutDown()
        }
    }

    @Test(
        "that cannot be had refuse the launch with the reason",
        arguments: [
            ("", "manifest unknown", CloudError.Kind.invalidConfig),
            (#","pull":"never""#, "No such image", .invalidConfig),
        ])
    func absent(content: String, message: String, kind: CloudError.Kind) async throws {
        try await DockerScene.run { scene in
            let answer = try #require(
                try await scene.launch(try order(scene, content), by: scene.provider()).answer)
            #expect(answer.refusals.map(\.count) == [3])
            let error = try #require(answer.refusals.first?.error)
            #expect(error.kind == kind && error.message.contains(message))
            #expect(scene.engine.containers.isEmpty)
        }
    }

    @Test("are fetched before each launch where that is said, but not for what is there")
    func always() async throws {
        try await DockerScene.run { scene in
            scene.engine.has(inRegistries: [DockerScene.image])
            let provider = scene.provider()
            let order = try scene.order(1, #","pull":"always""#)
            _ = try await scene.launch(order, by: provider)
            #expect(scene.engine.pulls == [DockerScene.image])
            _ = try await scene.launch(order, by: scene.provider())
            #expect(scene.engine.pulls.count == 1)
        }
    }

    @Test(
        "have a repository and a tag or digest",
        arguments: [
            ("ubuntu", "ubuntu", "latest"), ("ubuntu:24.04", "ubuntu", "24.04"),
            ("registry.example:5000/a/b", "registry.example:5000/a/b", "latest"),
            ("registry.example:5000/a/b:c", "registry.example:5000/a/b", "c"),
            ("a/b@sha256:0123", "a/b", "sha256:0123"),
        ])
    func names(text: String, repository: String, tag: String) throws {
        let name = try #require(ImageName(text))
        #expect(name.repository == repository && name.tag == tag)
    }

    @Test(
        "of no name are refused",
        arguments: ["", "a b", "/a", "a//b", "a?b", "a@b", "-a", ":x", "a:", "a%2Fb", "ä"])
    func noNames(text: String) { #expect(ImageName(text) == nil) }
}
