import MusterClouds
import MusterCore
import MusterRuntime
import MusterTesting

extension Benchmark {
    /// What a burst costs in calls and in time.
    static let launch = Benchmark(
        name: "launch", summary: "1,000 instances of a fake EC2 in one burst, beside as many single calls",
        figures: { _ in FigureName.launch }
    ) { surroundings in
        let folder = try TemporaryFolder(in: surroundings.folder)
        surroundings.say("launch: bursts of \(BenchPolicy.burst) instances")
        var figures = Figures()
        for repetition in 0..<BenchPolicy.burstRepetitions {
            let scene = try CloudScene(
                database: "\(folder.path)/burst-\(repetition).db", regions: LaunchBurst.regions,
                seed: surroundings.seed)
            let burst = LaunchBurst(scene: scene)
            let time = try await burst.seconds()
            figures.add(time, to: .launchTime)
            figures.add(Double(burst.calls), to: .launchCalls)
            figures.add(
                Double(burst.calls) / Double(try await burst.allowedCalls()), to: .launchCallsToAllowed)
            let single = try await burst.secondsOfSingleCalls()
            figures.add(single, to: .launchSingleTime)
            figures.add(time / single, to: .launchTimeToSingle)
            await scene.close()
        }
        return figures.named(FigureName.launch)
    }
}

/// A pool that wants a thousand instances and has none.
private struct LaunchBurst {
    static let regions = ["region-0", "region-1"]

    let scene: CloudScene

    /// The calls that launch, so far.
    var calls: Int { scene.cloud.calls("CreateFleet") + scene.cloud.calls("RunInstances") }

    /// Lets one run launch them all; the seconds from its decision to the last row.
    func seconds() async throws -> Double {
        let configs = [
            try CloudScene.fleet("fleet", in: Self.regions[0]),
            try CloudScene.plain("plain", in: Self.regions[1]),
        ]
        try await scene.define([(Scene.pool(0), configs)], instances: BenchPolicy.burst)
        try await scene.run()
        let launches = try await scene.launches()
        guard launches.map(\.obtained).reduce(0, +) == BenchPolicy.burst,
            scene.cloud.instances.count == BenchPolicy.burst,
            let begin = launches.map(\.plannedAt).min(), let end = launches.compactMap(\.settledAt).max()
        else { throw Problem(.internalError, "the burst did not launch what it should") }
        return Double((end - begin).milliseconds) / 1_000
    }

    /// One for each launch config and so many of its instances.
    func allowedCalls() async throws -> Int {
        let asked = Dictionary(grouping: try await scene.launches(), by: \.launchConfigID)
        return asked.values.map { launches in
            let count = launches.map(\.count).reduce(0, +)
            return (count + BenchPolicy.instancesPerCall - 1) / BenchPolicy.instancesPerCall
        }.reduce(0, +)
    }

    /// As many calls for one instance each, of the same provider: without decisions, and without rows.
    func secondsOfSingleCalls() async throws -> Double {
        let content = try JSON.document(Array(CloudScene.plainContent(in: Self.regions[0]).utf8))
        let provider = scene.provider
        let calls = try (0..<BenchPolicy.burst).map { number in
            let id = LaunchID(rawValue: "single-\(number)")
            let order = LaunchOrder(
                launchID: id, poolID: Scene.pool(0), launchConfigID: LaunchConfigID(rawValue: "single"),
                content: content, count: 1, capacityPerInstance: 1, serviceURL: "http://127.0.0.1:1")
            return LaunchCall(launchID: id, body: try provider.render(order)) { _ in Secret("token") }
        }
        return try await CloudScene.time(BenchPolicy.burst) { number in
            guard case .answered(let instances, _) = await provider.launch(calls[number]),
                instances.count == 1
            else { throw Problem(.internalError, "a single call launched nothing") }
        }
    }
}
