import MusterCore
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("Google at size") struct GoogleScaleTests {
    @Test("two thousand instances are four calls to make and four pages to list") func many() async throws {
        let scene = try GoogleScene()
        let launches = try (0..<4).map {
            try scene.sent(500, GoogleScene.regional, id: LaunchID(rawValue: "l01-\($0)"))
        }
        for launch in launches {
            guard case .accepted = await scene.provider.launch(scene.call(launch)) else {
                Issue.record("the launch was not accepted")
                return
            }
        }
        for launch in launches { #expect(try await scene.end(of: launch).instances.count == 500) }
        #expect(scene.fake.calls["bulkInsert"] == 4)
        let before = scene.fake.calls["list instances"] ?? 0
        let listing = try await scene.provider.list(Realm(id: scene.fake.project))
        #expect(listing.instances.count == 2_000)
        #expect((scene.fake.calls["list instances"] ?? 0) - before == 4)
        // What there is no time for in one round is repeated, as the engine does.
        var left = listing.instances.map(\.id)
        while !left.isEmpty {
            let errors = await scene.provider.terminate(left)
            #expect(errors.values.allSatisfy { $0.label == "throttled" })
            left = errors.keys.sorted()
        }
        try await scene.fake.untilOperationsEnd()
        #expect(scene.fake.machines.isEmpty)
    }
}
