import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("Docker: launches", .timeLimit(.minutes(1)))
struct DockerLaunchTests {
    @Test("make containers, hand each its token and start it, by names that are the workers'")
    func launches() async throws {
        try await DockerScene.run { scene in
            let provider = scene.provider()
            let answer = try #require(try await scene.launch(try scene.order(6), by: provider).answer)
            #expect(answer.refusals.isEmpty)
            #expect(answer.instances.map(\.id) == DockerScene.names(6))
            #expect(answer.instances.allSatisfy { $0.state == .running && $0.group == DockerProvider.group })
            let containers = scene.engine.containers
            #expect(containers.keys.sorted() == DockerScene.names(6))
            #expect(
                containers.values.allSatisfy {
                    $0.state == "running" && $0.starts == 1 && $0.archives.count == 1
                })
            #expect(try await provider.list().map(\.id).sorted() == DockerScene.names(6))
            let finding = try await provider.find(scene.sent())
            #expect(finding.instances.count == 6 && !finding.isUnderWay && finding.refusals.isEmpty)
        }
    }

    @Test("show the token nowhere but in the file")
    func token() async throws {
        try await DockerScene.run { scene in
            _ = try await scene.launch(try scene.order(1, #","user":"1000:1000""#), by: scene.provider())
            let container = try #require(scene.engine.containers.values.first)
            #expect(!container.specification.canonicalJSON.contains("token-of"))
            #expect(scene.engine.calls.allSatisfy { !$0.contains("token-of") })
            let archive = try #require(container.archives.first)
            #expect(String(decoding: archive, as: UTF8.self).contains("token-of-\(DockerScene.names(1)[0])"))
        }
    }

    @Test("are carried out once however often they are sent, by whomever, at once or later")
    func repeats() async throws {
        try await DockerScene.run { scene in
            let (first, second) = (scene.provider(), scene.provider())
            let call = try scene.call(try scene.order(5), by: first)
            async let one = first.launch(call)
            async let same = first.launch(call)
            async let other = second.launch(call)
            for outcome in await [one, same, other] {
                #expect(outcome.answer?.instances.map(\.id) == DockerScene.names(5))
            }
            #expect(await scene.provider().launch(call).answer?.instances.count == 5)
            #expect(scene.engine.containers.values.allSatisfy { $0.starts == 1 })
        }
    }

    @Test(
        "outlive a lost call, a lost answer and half of one, at each step",
        arguments: ["POST /containers/create", "PUT /containers/", "/start"],
        [FakeDocker.Fault.losesCall, .losesAnswer, .halvesAnswer])
    func losses(step: String, fault: FakeDocker.Fault) async throws {
        try await DockerScene.run(clock: SystemClock()) { scene in
            scene.engine.fail(step, times: 1, fault)
            let answer = try #require(try await scene.launch(try scene.order(2), by: scene.provider()).answer)
            #expect(answer.instances.count == 2 && answer.refusals.isEmpty)
            #expect(scene.engine.containers.values.allSatisfy { $0.state == "running" && $0.starts == 1 })
        }
    }

    @Test("are unclear when the engine is lost, and a repeat by the next process does the rest")
    func unclear() async throws {
        try await DockerScene.run(clock: SystemClock()) { scene in
            scene.engine.fail("/start", times: 100, .losesCall)
            let order = try scene.order(1)
            guard case .unclear(let error) = try await scene.launch(order, by: scene.provider()) else {
                Issue.record("the outcome is not unclear")
                return
            }
            #expect(error.kind == .network)
        }
    }

    @Test(
        "that a process died over between making and starting are looked up as nothing yet, and finished by a repeat"
    )
    func crash() async throws {
        try await DockerScene.run { scene in
            let provider = scene.provider()
            let order = try scene.order(2)
            let labels = DockerLabels(
                fleet: "fleet-1", provider: provider.id, launch: DockerScene.launch,
                pool: PoolID(rawValue: "team/build"), launchConfig: LaunchConfigID(rawValue: "standard"))
            scene.engine.plant(DockerScene.names(1)[0], labels: labels.values, state: "created")
            #expect(try await provider.find(scene.sent()).instances.isEmpty)
            #expect(try await provider.list().isEmpty)
            #expect(try await scene.launch(order, by: provider).answer?.instances.count == 2)
            #expect(scene.engine.containers.values.allSatisfy { $0.state == "running" && $0.starts == 1 })
        }
    }

    @Test("never start again what has ended: its name is taken until it is forgotten")
    func ended() async throws {
        try await DockerScene.run { scene in
            let provider = scene.provider()
            let order = try scene.order(1)
            _ = try await scene.launch(order, by: provider)
            scene.engine.end(DockerScene.names(1)[0], exitCode: 3)
            let answer = try #require(try await scene.launch(order, by: scene.provider()).answer)
            #expect(answer.instances.map(\.state) == [.gone])
            #expect(answer.instances.first?.detail == "exit code 3")
            #expect(scene.engine.containers.values.first?.starts == 1)
        }
    }

    @Test("are refused under a name that is another's, which is left alone")
    func foreignName() async throws {
        try await DockerScene.run { scene in
            scene.engine.plant(DockerScene.names(1)[0], labels: ["muster-deployment": "fleet-2"])
            let before = scene.engine.containers
            let answer = try #require(try await scene.launch(try scene.order(1), by: scene.provider()).answer)
            #expect(answer.instances.isEmpty && answer.refusals.map(\.error.kind) == [.invalidConfig])
            #expect(scene.engine.containers == before)
        }
    }

    @Test("whose start is refused while another process starts it leave the container running, as theirs")
    func startedElsewhere() async throws {
        try await DockerScene.run { scene in
            // The work is done, and what comes says otherwise.
            scene.engine.fail("/start", .answers(#"{"message":"a timeout"}"#))
            let answer = try #require(try await scene.launch(try scene.order(1), by: scene.provider()).answer)
            #expect(answer.instances.map(\.state) == [.running] && answer.refusals.isEmpty)
            #expect(scene.engine.containers.values.map(\.state) == ["running"])
            #expect(!scene.engine.calls.contains { $0.hasPrefix("DELETE") })
        }
    }

    @Test("stop at the first refusal, tell of all that is missing, and leave nothing that has not started")
    func refusals() async throws {
        try await DockerScene.run { scene in
            scene.engine.fail(
                "/start", times: 100,
                .refuses(
                    400, "OCI runtime create failed: exec: \"nothing\": executable file not found in $PATH"))
            let answer = try #require(
                try await scene.launch(try scene.order(20), by: scene.provider()).answer)
            #expect(answer.instances.isEmpty)
            #expect(answer.refusals.map(\.count) == [20])
            #expect(answer.refusals.first?.error.kind == .invalidConfig)
            #expect(scene.engine.containers.isEmpty)
            #expect(scene.engine.calls.count { $0.contains("/create") } < 20)
        }
    }
}
