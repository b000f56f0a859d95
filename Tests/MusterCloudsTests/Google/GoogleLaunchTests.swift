import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("Google launches") struct GoogleLaunchTests {
    @Test(
        "all that is asked for comes, whatever the call",
        arguments: [GoogleScene.existing, GoogleScene.zonal, GoogleScene.regional])
    func comes(_ content: Document) async throws {
        let scene = try GoogleScene()
        let finding = try await scene.launch(5, content)
        #expect(finding.refusals.isEmpty)
        #expect(finding.instances.count == 5)
        let machines = scene.fake.machines
        for instance in finding.instances {
            #expect(instance.launchID == GoogleScene.launch)
            let machine = try #require(machines.first { $0.path == instance.id })
            #expect(instance.workerID.rawValue == machine.number)
            #expect(instance.group.rawValue == String(machine.path.prefix { $0 != "/" }))
            #expect(instance.offering?.contains("n2-standard-4/\(instance.group)") == true)
            #expect(instance.state == .running)
            #expect(instance.startedAt != nil)
        }
        #expect(Set(finding.instances.map(\.id)).count == 5)
    }

    @Test("a bulk insertion is one call") func oneCall() async throws {
        let scene = try GoogleScene()
        _ = try await scene.launch(500, GoogleScene.regional)
        #expect(scene.fake.calls["bulkInsert"] == 1)
        #expect(scene.fake.calls["insert"] == nil)
        #expect(scene.fake.machines.count == 500)
    }

    @Test("while operations run the launch is under way, also when its instances are listed already")
    func underWay() async throws {
        let clock = ManualClock()
        var settings = FakeGoogleSettings()
        settings.insertTime = .seconds(30)
        for content in [GoogleScene.existing, GoogleScene.regional] {
            let scene = try GoogleScene(settings, clock: clock)
            let sent = try scene.sent(2, content)
            guard case .accepted = await scene.provider.launch(scene.call(sent)) else {
                Issue.record("the launch was not accepted")
                return
            }
            let first = try await scene.found(sent, clock)
            #expect(first.isUnderWay)
            #expect(first.instances.map(\.state) == [.pending, .pending])
            clock.advance(by: .seconds(31))
            let second = try await scene.found(sent, clock)
            #expect(!second.isUnderWay)
            #expect(second.instances.map(\.state) == [.running, .running])
        }
    }

    @Test(
        "a call that is sent again makes nothing twice, in this process or in the next",
        arguments: [GoogleScene.existing, GoogleScene.zonal, GoogleScene.regional])
    func again(_ content: Document) async throws {
        let scene = try GoogleScene()
        let sent = try scene.sent(3, content)
        for provider in [scene.provider, scene.provider, try scene.another()] {
            guard case .accepted = await provider.launch(scene.call(sent)) else {
                Issue.record("the launch was not accepted")
                return
            }
        }
        let finding = try await scene.end(of: sent)
        #expect(finding.instances.count == 3)
        #expect(scene.fake.made.values.allSatisfy { $0 == 1 })
    }

    @Test(
        "so it is by names when the request ids are forgotten",
        arguments: [GoogleScene.existing, GoogleScene.zonal, GoogleScene.regional])
    func forgotten(_ content: Document) async throws {
        var settings = FakeGoogleSettings()
        settings.requestIDTime = .seconds(-1)
        let scene = try GoogleScene(settings)
        let sent = try scene.sent(3, content)
        _ = await scene.provider.launch(scene.call(sent))
        _ = try await scene.end(of: sent)
        guard case .accepted = await scene.provider.launch(scene.call(sent)) else {
            Issue.record("a name that is taken means that the launch arrived")
            return
        }
        #expect(scene.fake.made.count == 3)
        #expect(scene.fake.made.values.allSatisfy { $0 == 1 })
        scene.fake.forgetOperations()
        #expect(try await scene.provider.find(sent).instances.count == 3)
    }

    @Test("no room is an error of the offering, and what came is kept") func partial() async throws {
        for (content, market) in [(GoogleScene.existing, "spot"), (GoogleScene.zonal, "standard")] {
            var settings = FakeGoogleSettings()
            settings.room = ["n2-standard-4/us-central1-a": 2]
            let scene = try GoogleScene(settings)
            let finding = try await scene.launch(5, content)
            #expect(finding.instances.count == 2)
            #expect(finding.refusals.map(\.count) == [3])
            #expect(
                finding.refusals.map(\.error.kind)
                    == [.capacity(offering: "\(market)/n2-standard-4/us-central1-a")])
            #expect(scene.fake.machines.count == 2)
        }
    }

    @Test("in a region the next best machine type stands in") func flexible() async throws {
        var settings = FakeGoogleSettings()
        settings.room = ["n2-standard-4/us-central1-a": 1, "n2-standard-4/us-central1-b": 0]
        let scene = try GoogleScene(settings) { $0.fleet = "test" }
        var content = GoogleResource(GoogleScene.regional)
        content["excludedZones"] = .list("us-central1-c")
        let finding = try await scene.launch(4, content.document)
        #expect(finding.refusals.isEmpty)
        let types = Dictionary(grouping: scene.fake.machines, by: \.machineType).mapValues(\.count)
        #expect(types == ["n2-standard-4": 1, "e2-standard-4": 3])
    }

    @Test("a region without any room names every offering") func exhausted() async throws {
        var settings = FakeGoogleSettings()
        settings.stockouts = ["us-central1-a", "us-central1-b", "us-central1-c"]
        settings.stockoutsHaveDetails = false
        let scene = try GoogleScene(settings)
        let finding = try await scene.launch(6, GoogleScene.regional)
        #expect(finding.instances.isEmpty)
        #expect(finding.refusals.map(\.count).reduce(0, +) == 6)
        #expect(finding.refusals.allSatisfy { $0.error.label == "capacity" })
    }

    @Test("a quota is an error of its scope", arguments: [GoogleScene.existing, GoogleScene.regional])
    func quota(_ content: Document) async throws {
        var settings = FakeGoogleSettings()
        settings.instanceQuota = ["us-central1": 2]
        let scene = try GoogleScene(settings)
        let finding = try await scene.launch(3, content)
        #expect(finding.instances.count == 2)
        #expect(finding.refusals.map(\.error.kind) == [.quota(scope: "quota/INSTANCES/us-central1")])
        let offerings = scene.provider.offerings(of: content)
        #expect(offerings.allSatisfy { $0.scopes.contains("quota/INSTANCES/us-central1") })
    }

    @Test(
        "a launch config that Google refuses is refused for good",
        arguments: [GoogleScene.existing, GoogleScene.regional])
    func invalid(_ content: Document) async throws {
        let scene = try GoogleScene()
        var broken = GoogleResource(content)
        broken["disks"] = Document(
            .array([.object(["initializeParams": .object(["sourceImage": "global/images/missing"])])]))
        let sent = try scene.sent(3, broken.document)
        guard case .answered(let instances, let refusals) = await scene.provider.launch(scene.call(sent))
        else {
            Issue.record("a refusal is an answer")
            return
        }
        #expect(instances.isEmpty)
        #expect(refusals.map(\.count) == [3])
        #expect(refusals.map(\.error.kind) == [.invalidConfig])
    }

    @Test("calls that were refused beside others that were not are told with them") func mixed() async throws
    {
        let clock = ManualClock(at: Timestamp(milliseconds: 1_800_000_010_000))
        var settings = FakeGoogleSettings()
        settings.callsPerMinute = 2
        let scene = try GoogleScene(settings, clock: clock)
        let sent = try scene.sent(5, GoogleScene.existing)
        guard case .accepted = await scene.provider.launch(scene.call(sent)) else {
            Issue.record("two of them arrived")
            return
        }
        scene.fake.change { $0.callsPerMinute = nil }
        clock.advance(by: .seconds(60))
        let finding = try await scene.found(sent, clock)
        #expect(finding.instances.count == 2)
        #expect(finding.refusals.map(\.count).reduce(0, +) == 3)
        #expect(finding.refusals.allSatisfy { $0.error.label == "throttled" })
    }

    @Test("what there is no time for is held, and the rest is kept") func tooMany() async throws {
        // The bucket has 60 tokens, and gets no further one while the clock stands still.
        let clock = ManualClock()
        let scene = try GoogleScene(clock: clock) { $0.rates.mutations = 600 }
        let sent = try scene.sent(420, GoogleScene.existing)
        let outcome = Task { await scene.provider.launch(scene.call(sent)) }
        // The token, and an insertion for each of them.
        try await scene.fake.answers.reach(61)
        // One second from now there are nine more tokens; far later the time for all calls is over.
        await clock.hasSleepers(1)
        clock.advance(by: .seconds(17))
        guard case .accepted = await outcome.value else {
            Issue.record("most of them arrived")
            return
        }
        let finding = try await scene.found(sent, clock)
        let refused = finding.refusals.map(\.count).reduce(0, +)
        #expect((60..<420).contains(finding.instances.count))
        #expect(finding.instances.count + refused == 420)
        #expect(finding.refusals.allSatisfy { $0.error.label == "throttled" })
    }

    @Test("a used-up minute is an answer with the time until the next") func window() async throws {
        let clock = ManualClock(at: Timestamp(milliseconds: 1_800_000_010_000))
        var settings = FakeGoogleSettings()
        settings.callsPerMinute = 0
        let scene = try GoogleScene(settings, clock: clock)
        let sent = try scene.sent(2, GoogleScene.regional)
        guard case .answered(_, let refusals) = await scene.provider.launch(scene.call(sent)) else {
            Issue.record("a refusal is an answer")
            return
        }
        #expect(refusals.map(\.error.kind) == [.throttled(retryAfter: .seconds(51))])
        #expect(scene.fake.machines.isEmpty)
    }

    @Test("near its end a used-up minute is waited out") func waitedOut() async throws {
        let clock = ManualClock(at: Timestamp(milliseconds: 1_800_000_055_000))
        var settings = FakeGoogleSettings()
        settings.callsPerMinute = 0
        let scene = try GoogleScene(settings, clock: clock)
        let sent = try scene.sent(2, GoogleScene.regional)
        let outcome = Task { await scene.provider.launch(scene.call(sent)) }
        // The rest of the minute, and until the bucket has a token again.
        await clock.untilSleeping(for: .seconds(6)...(.seconds(12)))
        scene.fake.change { $0.callsPerMinute = nil }
        clock.advance(by: .seconds(12))
        guard case .accepted = await outcome.value else {
            Issue.record("the call was not sent again")
            return
        }
    }

    @Test(
        "an answer that is lost, halved or late makes nothing twice",
        arguments: [GoogleScene.existing, GoogleScene.zonal, GoogleScene.regional], 0..<3)
    func lost(_ content: Document, _ fault: Int) async throws {
        var settings = FakeGoogleSettings()
        switch fault {
        case 0: settings.chances.lostAnswers = 0.5
        case 1: settings.chances.halfAnswers = 0.5
        default: settings.chances.lostCalls = 0.5
        }
        let scene = try GoogleScene(settings, seed: UInt64(fault + 10))
        let sent = try scene.sent(4, content)
        for _ in 0..<5 {
            if case .accepted = await scene.provider.launch(scene.call(sent)) { break }
        }
        scene.fake.change { $0.chances = .init() }
        let finding = try await scene.end(of: sent)
        #expect(finding.instances.count == 4)
        #expect(finding.refusals.isEmpty)
        #expect(scene.fake.made.values.allSatisfy { $0 == 1 })
        #expect(scene.fake.machines.count == 4)
    }

    @Test("a fault that stays leaves it unclear whether the call arrived") func unclear() async throws {
        var settings = FakeGoogleSettings()
        settings.chances.unavailable = 1
        let scene = try GoogleScene(settings)
        let sent = try scene.sent(1, GoogleScene.regional)
        guard case .unclear(let error) = await scene.provider.launch(scene.call(sent)) else {
            Issue.record("nobody knows")
            return
        }
        #expect(error.kind == .transient)
        #expect(try await scene.quietly { try await $0.find(sent) }?.instances.isEmpty == true)
    }

    @Test(
        "instances that came and went are found among what is gone",
        arguments: [GoogleScene.existing, GoogleScene.regional])
    func gone(_ content: Document) async throws {
        var settings = FakeGoogleSettings()
        settings.chances.preemptions = 1
        let scene = try GoogleScene(settings)
        let finding = try await scene.launch(2, content)
        #expect(finding.instances.map(\.state) == [.gone, .gone])
        #expect(Set(finding.instances.map(\.workerID)).count == 2)
        #expect(finding.refusals.isEmpty)
        #expect(scene.fake.machines.isEmpty)
    }

    @Test("a launch that was never sent is not found") func never() async throws {
        let scene = try GoogleScene()
        let finding = try await scene.provider.find(try scene.sent(2, GoogleScene.existing))
        #expect(finding.instances.isEmpty && finding.refusals.isEmpty && !finding.isUnderWay)
    }

    @Test(
        "launches that are looked up in one moment share their calls",
        arguments: [(8, GoogleScene.regional), (30, GoogleScene.existing)])
    func shared(_ count: Int, _ content: Document) async throws {
        let scene = try GoogleScene()
        var launches: [SentLaunch] = []
        for number in 0..<count {
            let sent = try scene.sent(1, content, id: LaunchID(rawValue: "l01-\(number)"))
            _ = await scene.provider.launch(scene.call(sent))
            launches.append(sent)
        }
        for launch in launches { _ = try await scene.end(of: launch) }
        let before = scene.fake.calls
        let found = try await withThrowingTaskGroup(of: LaunchFinding.self) { group in
            for launch in launches { group.addTask { try await scene.provider.find(launch) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(found.allSatisfy { $0.instances.count == 1 && !$0.isUnderWay })
        let after = scene.fake.calls
        for kind in ["list instances", "list operations"] {
            #expect((after[kind] ?? 0) - (before[kind] ?? 0) <= 3)
        }
    }

    @Test("what is stored for another launch is refused") func foreign() async throws {
        let scene = try GoogleScene()
        let sent = try scene.sent(1, GoogleScene.existing)
        let other = SentLaunch(id: LaunchID(rawValue: "l02"), body: sent.body, plannedAt: sent.plannedAt)
        guard case .answered(_, let refusals) = await scene.provider.launch(scene.call(other)) else {
            Issue.record("it is refused")
            return
        }
        #expect(refusals.map(\.error.kind) == [.invalidConfig])
        await #expect(throws: CloudError.self) { try await scene.provider.find(other) }
    }
}

extension GoogleScene {
    /// Looks a launch up while the clock stands still: the look-up waits a moment for others.
    func found(_ sent: SentLaunch, _ clock: ManualClock) async throws -> LaunchFinding {
        let provider = provider
        let finding = Task { try await provider.find(sent) }
        await clock.untilSleeping(for: GooglePolicy.gatheringTime)
        clock.advance(by: GooglePolicy.gatheringTime)
        return try await finding.value
    }

    /// Asks when nothing goes wrong any more.
    func quietly<Value>(_ body: (GoogleProvider) async throws -> Value) async throws -> Value? {
        fake.change { $0.chances = .init() }
        return try await body(provider)
    }
}
