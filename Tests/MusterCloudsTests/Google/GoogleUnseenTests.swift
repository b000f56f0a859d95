import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("Google zones that cannot be seen", .timeLimit(.minutes(1))) struct GoogleUnseenTests {
    private static let other = LaunchID(rawValue: "l02")

    /// In the zones a and b alone.
    private static let excluding: Document = {
        var content = GoogleResource(GoogleScene.regional)
        content["excludedZones"] = .list("us-central1-c")
        return content.document
    }()

    private static func sum(_ refusals: [LaunchRefusal]) -> Int { refusals.map(\.count).reduce(0, +) }

    @Test("a zone that is down holds up no launch that has nothing there") func elsewhere() async throws {
        var settings = FakeGoogleSettings()
        settings.unreachable = ["us-central1-c"]
        settings.room = ["n2-standard-4/us-central1-a": 2, "n2-standard-4/us-central1-b": 0]
        for type in ["e2-standard-4/us-central1-a", "e2-standard-4/us-central1-b"] { settings.room[type] = 0 }
        // The zone is among those that Google may take, and the operation says that it took others.
        for content in [GoogleScene.regional, Self.excluding] {
            let scene = try GoogleScene(settings)
            let finding = try await scene.launch(5, content)
            #expect(finding.instances.count == 2)
            #expect(finding.refusals.allSatisfy { $0.error.label == "capacity" })
            #expect(Self.sum(finding.refusals) == 3)
        }
    }

    @Test("what a zone hides is under way, and other launches are found in the same look")
    func hidden() async throws {
        let scene = try GoogleScene()
        let sent = try scene.sent(6, GoogleScene.regional)
        let other = try scene.sent(2, Self.excluding, id: Self.other)
        for launch in [sent, other] {
            _ = await scene.provider.launch(scene.call(launch))
            _ = try await scene.end(of: launch)
        }
        scene.fake.change { $0.unreachable = ["us-central1-c"] }
        let (first, second) = try await scene.together(sent, other)
        #expect(first.isUnderWay && first.refusals.isEmpty)
        #expect(first.instances.count == 4)
        #expect(!second.isUnderWay && second.instances.count == 2)
        scene.fake.change { $0.unreachable = [] }
        let whole = try await scene.provider.find(sent)
        #expect(!whole.isUnderWay && whole.instances.count == 6)
    }

    @Test("of a launch of which there is no trace nothing is concluded, unless it cannot be there")
    func noTrace() async throws {
        let scene = try GoogleScene()
        scene.fake.change { $0.unreachable = ["us-central1-c"] }
        let finding = try await scene.provider.find(try scene.sent(2, GoogleScene.regional))
        #expect(finding.isUnderWay && finding.instances.isEmpty)
        let certain = try await scene.provider.find(try scene.sent(2, Self.excluding, id: Self.other))
        #expect(!certain.isUnderWay && certain.instances.isEmpty)
        // In another region nothing is hidden.
        scene.fake.change { $0.unreachable = ["europe-west1-b"] }
        #expect(try await !scene.provider.find(try scene.sent(2, GoogleScene.regional)).isUnderWay)
    }

    @Test(
        "what was refused is told while a zone is down, whether it was tried or not",
        arguments: [false, true])
    func refused(wasDownBefore: Bool) async throws {
        var settings = FakeGoogleSettings()
        settings.stockouts = ["us-central1-a", "us-central1-b", "us-central1-c"]
        if wasDownBefore { settings.unreachable = ["us-central1-c"] }
        let scene = try GoogleScene(settings)
        let sent = try scene.sent(3, GoogleScene.regional)
        _ = await scene.provider.launch(scene.call(sent))
        try await scene.fake.untilOperationsEnd()
        scene.fake.change { $0.unreachable = ["us-central1-c"] }
        let finding = try await scene.provider.find(sent)
        #expect(!finding.isUnderWay)
        #expect(Self.sum(finding.refusals) == 3)
    }

    @Test("reasons that cannot be read are waited for by their own launch alone") func unreadable()
        async throws
    {
        var settings = FakeGoogleSettings()
        settings.room = ["n2-standard-4/us-central1-a": 3, "n2-standard-4/us-central1-b": 0]
        for type in ["e2-standard-4/us-central1-a", "e2-standard-4/us-central1-b"] { settings.room[type] = 0 }
        let scene = try GoogleScene(settings)
        let whole = try scene.sent(2, Self.excluding, id: Self.other)
        let partial = try scene.sent(3, Self.excluding)
        for launch in [whole, partial] { _ = await scene.provider.launch(scene.call(launch)) }
        try await scene.fake.untilOperationsEnd()
        scene.fake.change { $0.unreadableOperations = ["us-central1-b"] }
        let (first, second) = try await scene.together(whole, partial)
        #expect(!first.isUnderWay && first.instances.count == 2)
        #expect(second.isUnderWay && second.instances.count == 1)
        scene.fake.change { $0.unreadableOperations = [] }
        let known = try await scene.provider.find(partial)
        #expect(!known.isUnderWay && known.refusals.map(\.error.label) == ["capacity"])
        #expect(Self.sum(known.refusals) == 2)
    }

    @Test("deletions in a zone that is down keep none of another zone waiting")
    func deletions() async throws {
        let clock = ManualClock()
        let scene = try GoogleScene(clock: clock)
        let dead = (0..<40).map { "us-central1-b/dead-\($0)" }
        let alive = (0..<100).map { "us-central1-a/alive-\($0)" }
        for path in dead + alive {
            let parts = path.split(separator: "/").map(String.init)
            scene.fake.add(parts[1], in: parts[0], labels: ["muster-deployment": "test"])
        }
        scene.fake.change { $0.unreachable = ["us-central1-b"] }
        let provider = scene.provider
        let errors = Task { await provider.terminate(dead + alive) }
        // The token, a first try of as many of the dead as there are slots, and all of the living.
        try await scene.fake.answers.reach(1 + GooglePolicy.callsAtOnce + alive.count)
        #expect(Set(scene.fake.deleted) == Set(alive))
        // The time of all calls is over; those of the zone that were not sent yet are not sent any more.
        await clock.hasSleepers(GooglePolicy.callsAtOnce)
        clock.advance(by: GooglePolicy.roundTime)
        #expect(await Set(errors.value.keys) == Set(dead))
        #expect(scene.fake.calls["unreachable us-central1-b"] ?? 0 < dead.count)
    }

    @Test("a zone that answers none of several deletions in a row is left alone for the round") func silent()
        async throws
    {
        let scene = try GoogleScene(clock: HastyClock())
        scene.fake.change { $0.unreachable = ["us-central1-b"] }
        let errors = await scene.provider.terminate((0..<100).map { "us-central1-b/dead-\($0)" })
        #expect(errors.count == 100)
        #expect(errors.values.contains { $0.cloudCode == "zone-silent" })
    }
}

extension GoogleScene {
    /// Two launches that are looked up by one look.
    fileprivate func together(
        _ one: SentLaunch, _ two: SentLaunch
    ) async throws -> (LaunchFinding, LaunchFinding) {
        let before = fake.calls["list instances"] ?? 0
        async let first = provider.find(one)
        async let second = provider.find(two)
        let findings = try await (first, second)
        #expect((fake.calls["list instances"] ?? 0) - before == 1)
        return findings
    }
}
