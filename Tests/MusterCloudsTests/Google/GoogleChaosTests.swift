import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("Google when much goes wrong") struct GoogleChaosTests {
    @Test(
        "nothing is made twice, nothing is left unknown, and nothing of a stranger's is touched",
        arguments: 1...3)
    func chaos(_ seed: Int) async throws {
        var settings = FakeGoogleSettings()
        settings.pageSize = 20
        settings.chances.lostCalls = 0.05
        settings.chances.lostAnswers = 0.05
        settings.chances.halfAnswers = 0.03
        settings.chances.lateAnswers = 0.05
        settings.chances.throttled = 0.03
        settings.chances.unavailable = 0.03
        settings.chances.stockouts = 0.1
        settings.chances.preemptions = 0.05
        let clock = AdvancingClock()
        let scene = try GoogleScene(settings, clock: clock, seed: UInt64(seed))
        scene.fake.add("a-stranger", in: "us-central1-a")
        scene.fake.add("of-another-fleet", in: "us-central1-a", labels: ["muster-deployment": "other"])

        let contents = [GoogleScene.existing, GoogleScene.zonal, GoogleScene.regional]
        var open: [SentLaunch] = []
        for number in 0..<12 {
            let count = 1 + (number * 7 + seed) % 9
            open.append(
                try scene.sent(
                    count, contents[number % 3], id: LaunchID(rawValue: "l\(seed)-\(number)")))
        }
        var outcomes: [(Int, LaunchFinding)] = []
        for round in 0..<20 where !open.isEmpty {
            let found = await withTaskGroup(of: (SentLaunch, LaunchFinding?).self) { group in
                for sent in open {
                    group.addTask { (sent, await self.carryOut(sent, isRepeat: round > 0, scene)) }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            open = found.filter { $0.1 == nil }.map(\.0)
            outcomes += found.compactMap { sent, finding in finding.map { (Self.count(sent), $0) } }
            // What has arrived is listed by then.
            clock.advance(by: GooglePolicy.lookUpDelay)
        }
        #expect(open.isEmpty)
        scene.fake.change { $0.chances = .init() }

        var known: Set<String> = []
        for (count, finding) in outcomes {
            #expect(finding.instances.count + finding.refusals.map(\.count).reduce(0, +) == count)
            known.formUnion(finding.instances.filter { $0.state != .gone }.map(\.id))
        }
        #expect(scene.fake.made.values.allSatisfy { $0 == 1 })
        let own = scene.fake.machines.filter { $0.fleet == "test" }.map(\.path)
        #expect(Set(own) == known)
        let listed = try await scene.provider.list(Realm(id: scene.fake.project)).instances.map(\.id)
        #expect(Set(listed) == known)

        #expect(await scene.provider.terminate(listed).isEmpty)
        try await scene.fake.untilOperationsEnd()
        #expect(scene.fake.machines.map(\.fleet) == [nil, "other"])
        #expect(Set(scene.fake.deleted) == known)
    }

    private static func count(_ sent: SentLaunch) -> Int { GoogleLaunch(text: sent.body)?.count ?? 0 }

    /// As the engine does: what is not clear is looked up, and sent again when there is nothing of it. Nil while it is
    /// not known what comes of it.
    private func carryOut(_ sent: SentLaunch, isRepeat: Bool, _ scene: GoogleScene) async -> LaunchFinding? {
        if isRepeat, let finding = await end(of: sent, scene) { return finding }
        var call = scene.call(sent)
        call.isRepeat = isRepeat
        if case .answered(let instances, let refusals) = await scene.provider.launch(call) {
            return LaunchFinding(instances: instances, refusals: refusals)
        }
        return await end(of: sent, scene)
    }

    /// A look-up that fails says nothing: it is made again.
    private func end(of sent: SentLaunch, _ scene: GoogleScene) async -> LaunchFinding? {
        for _ in 0..<5 {
            try? await scene.fake.untilOperationsEnd()
            guard let finding = try? await scene.provider.find(sent), !finding.isUnderWay else { continue }
            let refused = finding.refusals.map(\.count).reduce(0, +)
            return finding.instances.count + refused == Self.count(sent) ? finding : nil
        }
        return nil
    }
}

/// The machine's clock, which can be set ahead.
private final class AdvancingClock: WallClock {
    private let clock = SystemClock()
    private let ahead = Locked(Duration.zero)

    func now() -> Timestamp { clock.now() + ahead.withLock { $0 } }
    func uptime() -> Duration { clock.uptime() + ahead.withLock { $0 } }
    func sleep(for duration: Duration) async throws { try await clock.sleep(for: duration) }
    func advance(by duration: Duration) { ahead.withLock { $0 += duration } }
}
