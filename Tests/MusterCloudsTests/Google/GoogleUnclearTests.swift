import MusterCore
import MusterHTTP
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("Google calls of which it is not clear what they did") struct GoogleUnclearTests {
    private static func name(_ index: Int) -> String { GoogleName.instance(of: GoogleScene.launch, index) }

    @Test("what was refused is known although another answer was lost") func refusals() async throws {
        var settings = FakeGoogleSettings()
        for index in 0..<8 { settings.refusedInsertions[Self.name(index)] = "quotaExceeded" }
        settings.unansweredInsertions = [Self.name(8)]
        let scene = try GoogleScene(settings, clock: HastyClock())
        let sent = try scene.sent(10, GoogleScene.existing)
        #expect(await scene.provider.launch(scene.call(sent)).isUnclear)
        let finding = try await scene.end(of: sent)
        #expect(finding.instances.count == 2)
        #expect(finding.refusals.map(\.count) == [8])
        #expect(finding.refusals.map(\.error.kind) == [.quota(scope: "quota/INSTANCES/us-central1")])
    }

    @Test("a refusal after an attempt that was lost is no proof that nothing was made") func refusedLater()
        async throws
    {
        var settings = FakeGoogleSettings()
        settings.unansweredInsertions = [Self.name(0)]
        settings.forbidsRepeats = true
        let scene = try GoogleScene(settings, clock: HastyClock())
        let sent = try scene.sent(1, GoogleScene.existing)
        #expect(await scene.provider.launch(scene.call(sent)).isUnclear)
        #expect(try await scene.end(of: sent).instances.count == 1)
    }

    @Test("it counts as one when the instance has not been listed in time") func refusedAfterAll()
        async throws
    {
        var settings = FakeGoogleSettings()
        settings.unansweredInsertions = [Self.name(0)]
        settings.refusedInsertions = [Self.name(1): "quotaExceeded"]
        settings.forbidsRepeats = true
        let clock = HastyClock()
        let scene = try GoogleScene(settings, clock: clock)
        let sent = try scene.sent(2, GoogleScene.existing)
        #expect(await scene.provider.launch(scene.call(sent)).isUnclear)
        scene.fake.remove("us-central1-a/\(Self.name(0))")
        scene.fake.forgetOperations()
        let early = try await scene.provider.find(sent)
        #expect(early.isUnderWay && early.refusals.map(\.error.label) == ["quota"])
        clock.advance(by: GooglePolicy.lookUpDelay)
        let late = try await scene.provider.find(sent)
        #expect(!late.isUnderWay && late.refusals.map(\.error.label) == ["auth", "quota"])
    }

    @Test("where nothing is certain all are sent again") func allUnclear() async throws {
        var settings = FakeGoogleSettings()
        settings.chances.lostCalls = 1
        let clock = HastyClock()
        let scene = try GoogleScene(settings, clock: clock)
        let sent = try scene.sent(3, GoogleScene.existing)
        #expect(await scene.provider.launch(scene.call(sent)).isUnclear)
        scene.fake.change { $0.chances = .init() }
        clock.advance(by: GooglePolicy.lookUpDelay)
        let finding = try await scene.provider.find(sent)
        #expect(finding.instances.isEmpty && finding.refusals.isEmpty && !finding.isUnderWay)
    }

    @Test("a call that found no connection was not made") func unsent() async throws {
        let port = try LoopbackServer { _ in .hangUp }.port
        let scene = try GoogleScene(clock: HastyClock()) {
            $0.endpoints.compute = "http://127.0.0.1:\(port)/compute/v1"
        }
        let outcome = await scene.provider.launch(scene.call(try scene.sent(2, GoogleScene.regional)))
        #expect(outcome.refusals?.map(\.error.kind) == [.network])
    }

    @Test("a launch that went to another project is looked for nowhere else, and not made there")
    func elsewhere() async throws {
        let scene = try GoogleScene()
        let sent = try scene.sent(2, GoogleScene.existing)
        _ = await scene.provider.launch(scene.call(sent))
        _ = try await scene.end(of: sent)
        let moved = try scene.another { $0.project = "another-project" }
        let error = await #expect(throws: CloudError.self) { try await moved.find(sent) }
        #expect(error?.cloudCode == "another-project")
        var call = scene.call(sent)
        #expect(await moved.launch(call).refusals?.map(\.error.kind) == [.invalidConfig])
        call.isRepeat = true
        #expect(await moved.launch(call).isUnclear)
        // One that was stored before the project was written down is of the project that there is.
        let old = sent.body.replacing(#""project":"fake-project","#, with: "")
        #expect(old != sent.body)
        let found = try await scene.provider.find(
            SentLaunch(id: sent.id, body: old, plannedAt: sent.plannedAt))
        #expect(found.instances.count == 2)
    }

    @Test("a token that is refused costs no more time than the call has") func oneDeadline() async throws {
        let clock = ManualClock()
        let server = try LoopbackServer { request in
            guard request.path.hasPrefix("/compute/") else {
                return .answer(
                    headers: [("Metadata-Flavor", "Google")],
                    body: Array(#"{"access_token":"a","expires_in":3600}"#.utf8))
            }
            clock.advance(by: GooglePolicy.callDeadline - .seconds(1))
            return .answer(status: 401, body: [])
        }
        let scene = try GoogleScene(clock: clock) {
            $0.credentials = .metadataServer
            $0.endpoints = GoogleEndpoints(compute: server.url("/compute/v1"), metadata: server.url(""))
        }
        let findings = await scene.provider.check()
        #expect(findings.map(\.verdict) == [.bad])
        #expect(server.requests.count == 2)
    }
}

@Suite("Looks that many wait for", .timeLimit(.minutes(1))) struct GatheredLookTests {
    @Test("one is cancelled when nobody waits for it any more, and not before") func abandoned() async throws
    {
        let clock = ManualClock()
        let ends = Milestone()
        let look = GatheredLook<Int, Int>(clock: clock, time: .milliseconds(20)) { questions in
            do {
                try await clock.sleep(for: .seconds(100))
                return .success(questions)
            } catch {
                ends.pass()
                return .failure(CloudError(.network, cloudCode: "cancelled", message: ""))
            }
        }
        for hasCompany in [true, false] {
            let company = hasCompany ? Task { try await look.answer(to: 1) } : nil
            let alone = Task { try await look.answer(to: 2) }
            await clock.untilSleeping(for: .milliseconds(20))
            clock.advance(by: .milliseconds(20))
            await clock.untilSleeping(for: .seconds(100))
            alone.cancel()
            if let company {
                clock.advance(by: .seconds(100))
                #expect(try await company.value == 1)
                #expect(ends.count == 0)
            } else {
                try await ends.reach(1)
            }
        }
    }

    @Test("one that nobody waits for before it begins is not made") func never() async throws {
        let clock = ManualClock()
        let looks = Milestone()
        let look = GatheredLook<Int, Int>(clock: clock, time: .milliseconds(20)) { questions in
            looks.pass()
            return .success(questions)
        }
        let first = Task { try await look.answer(to: 1) }
        await clock.untilSleeping(for: .milliseconds(20))
        first.cancel()
        let error = await #expect(throws: CloudError.self) { try await first.value }
        #expect(error?.cloudCode == "cancelled")
        let second = Task { try await look.answer(to: 2) }
        await clock.untilSleeping(for: .milliseconds(20))
        clock.advance(by: .milliseconds(20))
        #expect(try await second.value == 2)
        #expect(looks.count == 1)
    }
}
