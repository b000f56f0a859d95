import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("Docker: listings and ends", .timeLimit(.minutes(1)))
struct DockerListingTests {
    private let name = DockerScene.names(1)[0]

    @Test(
        "have this provider's containers of this fleet, whatever else the engine runs, and whatever it lets through"
    )
    func own() async throws {
        try await DockerScene.run { scene in
            let provider = scene.provider()
            _ = try await scene.launch(try scene.order(1), by: provider)
            let labels = try #require(scene.engine.containers[name]?.labels)
            for (key, value) in [("muster-deployment", "fleet-2"), ("muster-provider", "crate")] {
                var foreign = labels
                foreign[key] = value
                scene.engine.plant("of-\(value)", labels: foreign)
            }
            scene.engine.plant("stranger", labels: [:])
            #expect(try await provider.list().map(\.id) == [name])
            #expect(try await scene.provider(fleet: "fleet-2").list().map(\.id) == ["of-fleet-2"])
            // An engine that filters nothing.
            let all = scene.engine.containers.values.map { container in
                let labels = container.labels.map { #""\#($0.key)":"\#($0.value)""# }.joined(separator: ",")
                return #"{"Id":"\#(container.id)","Names":["/\#(container.name)"],"Labels":{\#(labels)},"#
                    + #""Created":1,"State":"running","Status":"Up"}"#
            }
            scene.engine.fail("GET /containers/json", .answers("[\(all.joined(separator: ","))]"))
            #expect(try await provider.list().map(\.id) == [name])
            #expect(await provider.terminate(["stranger", "of-fleet-2"]).isEmpty)
            #expect(scene.engine.containers["stranger"]?.state == "running")
            #expect(scene.engine.containers["of-fleet-2"]?.state == "running")
        }
    }

    @Test(
        "throw when the engine does not tell of all",
        arguments: [
            FakeDocker.Fault.losesCall, .losesAnswer, .halvesAnswer, .refuses(500, "database is locked"),
            .answers(""), .answers("null"), .answers("{}"), .answers("[{}]"), .answers("[1,2]"),
            .answers("[[["),
            .answers(#"[{"Id":7,"Names":null,"Created":"x"}]"#), .answers("<html>proxy</html>"),
        ])
    func broken(fault: FakeDocker.Fault) async throws {
        try await DockerScene.run { scene in
            let provider = scene.provider()
            _ = try await scene.launch(try scene.order(1), by: provider)
            // What only reads is asked again by the client itself when a kept connection ends.
            scene.engine.fail("GET /containers/json", times: 9, fault)
            await #expect(throws: CloudError.self) { try await provider.list() }
            scene.engine.heal()
            #expect(try await provider.list().count == 1)
        }
    }

    @Test("tell how a container ended, and look into each once")
    func endings() async throws {
        try await DockerScene.run { scene in
            let provider = scene.provider()
            _ = try await scene.launch(try scene.order(1), by: provider)
            scene.engine.end(name, exitCode: 137)
            let gone = try #require(try await provider.list().first)
            #expect(gone.state == .gone && gone.detail == "out of memory; exit code 137")
            let looks = scene.engine.calls.count {
                $0.hasPrefix("GET /containers/") && !$0.contains("/json?")
            }
            #expect(try await provider.list().first?.detail == gone.detail)
            #expect(
                scene.engine.calls.count { $0.hasPrefix("GET /containers/") && !$0.contains("/json?") }
                    == looks)
        }
    }

    @Test("remove what has ended for as long as it is kept, and nothing else")
    func retention() async throws {
        let clock = ManualClock()
        try await DockerScene.run(clock: clock) { scene in
            let provider = scene.provider { $0.retention = .seconds(600) }
            _ = try await scene.launch(try scene.order(2), by: provider)
            scene.engine.end(name)
            _ = try await provider.list()
            clock.advance(by: .seconds(599))
            _ = try await provider.list()
            #expect(scene.engine.containers.count == 2)
            clock.advance(by: .seconds(2))
            _ = try await provider.list()
            #expect(scene.engine.containers.keys.sorted() == [DockerScene.names(2)[1]])
        }
    }

    @Test("have no container that was made and not started, and remove it when nobody starts it")
    func unstarted() async throws {
        let clock = ManualClock()
        try await DockerScene.run(clock: clock) { scene in
            let provider = scene.provider()
            _ = try await scene.launch(try scene.order(2), by: provider)
            scene.engine.change(name) { $0.state = "created" }
            let started = [DockerScene.names(2)[1]]
            #expect(try await provider.list().map(\.id) == started)
            #expect(try await provider.find(scene.sent()).instances.map(\.id) == started)
            clock.advance(by: .seconds(299))
            #expect(try await provider.list().map(\.id) == started)
            #expect(scene.engine.containers.count == 2)
            clock.advance(by: .seconds(1))
            #expect(try await provider.list().map(\.id) == started)
            #expect(scene.engine.containers.keys.sorted() == started)
        }
    }

    @Test("leave a container alone that is started while it is about to be removed")
    func startedLate() async throws {
        let clock = ManualClock()
        try await DockerScene.run(clock: clock) { scene in
            let provider = scene.provider()
            _ = try await scene.launch(try scene.order(1), by: provider)
            scene.engine.change(name) { $0.state = "created" }
            _ = try await provider.list()
            clock.advance(by: .seconds(300))
            let listed = try #require(scene.engine.containers[name])
            scene.engine.change(name) { $0.state = "running" }
            // The listing is older than the start.
            scene.engine.fail(
                "GET /containers/json",
                .answers(
                    #"[{"Id":"\#(listed.id)","Names":["/\#(name)"],"Created":1,"State":"created","Status":"Created","#
                        + #""Labels":{\#(listed.labels.map { #""\#($0.key)":"\#($0.value)""# }.joined(separator: ","))}}]"#
                ))
            #expect(try await provider.list().isEmpty)
            #expect(scene.engine.calls.contains { $0.hasPrefix("DELETE") })
            #expect(try await provider.list().map(\.state) == [.running])
        }
    }

    @Test("ask a container to end once within its time, and kill it afterwards")
    func termination() async throws {
        let clock = ManualClock()
        try await DockerScene.run(clock: clock) { scene in
            let provider = scene.provider { $0.stopTime = .seconds(20) }
            _ = try await scene.launch(try scene.order(1), by: provider)
            scene.engine.change(name) { $0.isStubborn = true }
            #expect(await provider.terminate([name]).isEmpty)
            #expect(try await provider.list().map(\.state) == [.stopping])
            #expect(await provider.terminate([name]).isEmpty)
            #expect(scene.engine.containers[name]?.stops == [20])
            clock.advance(by: .seconds(23))
            #expect(await provider.terminate([name, "no-such", "not a name"]).isEmpty)
            #expect(scene.engine.containers[name]?.stops == [20, 0])
            #expect(try await provider.list().map(\.state) == [.gone])
            // It is kept, so that no repeat of its launch starts it anew.
            #expect(scene.engine.containers[name] != nil)
        }
    }

    @Test("remove what never started when it is to end, and tell of an engine that does not answer")
    func created() async throws {
        try await DockerScene.run { scene in
            let provider = scene.provider()
            _ = try await scene.launch(try scene.order(1), by: provider)
            scene.engine.change(name) { $0.state = "created" }
            scene.engine.fail("GET /containers/", times: 9, .losesCall)
            #expect(await provider.terminate([name])[name]?.kind == .network)
            scene.engine.heal()
            #expect(await provider.terminate([name]).isEmpty)
            #expect(scene.engine.containers.isEmpty)
        }
    }
}
