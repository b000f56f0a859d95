import MusterCore
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
        let scene = try GoogleScene(settings, seed: UInt64(seed))
        scene.fake.add("a-stranger", in: "us-central1-a")
        scene.fake.add("of-another-fleet", in: "us-central1-a", labels: ["muster-deployment": "other"])

        let contents = [GoogleScene.existing, GoogleScene.zonal, GoogleScene.regional]
        let outcomes = try await withThrowingTaskGroup(of: (Int, LaunchFinding).self) { group in
            for number in 0..<12 {
                let count = 1 + (number * 7 + seed) % 9
                let sent = try scene.sent(
                    count, contents[number % 3], id: LaunchID(rawValue: "l\(seed)-\(number)"))
                group.addTask { (count, try await self.carryOut(sent, scene)) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
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
        try await eventually { scene.fake.machines.count == 2 }
        #expect(scene.fake.machines.allSatisfy { $0.fleet != "test" })
        #expect(Set(scene.fake.deleted) == known)
    }

    /// As the engine does: what is not clear is looked up, and sent again when there is nothing of it.
    private func carryOut(_ sent: SentLaunch, _ scene: GoogleScene) async throws -> LaunchFinding {
        for _ in 0..<20 {
            switch await scene.provider.launch(scene.call(sent)) {
            case .answered(let instances, let refusals):
                return LaunchFinding(instances: instances, refusals: refusals)
            case .accepted, .unclear: break
            }
            let finding = try await patiently(sent, scene)
            let refused = finding.refusals.map(\.count).reduce(0, +)
            if finding.instances.count + refused >= GoogleLaunch(text: sent.body)?.count ?? 0 {
                return finding
            }
        }
        Issue.record("the launch came to nothing in twenty tries")
        return LaunchFinding(instances: [])
    }

    /// A look-up that fails says nothing: it is made again.
    private func patiently(_ sent: SentLaunch, _ scene: GoogleScene) async throws -> LaunchFinding {
        for _ in 0..<50 {
            if let finding = try? await scene.provider.find(sent), !finding.isUnderWay { return finding }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("the launch did not end")
        return LaunchFinding(instances: [])
    }
}
