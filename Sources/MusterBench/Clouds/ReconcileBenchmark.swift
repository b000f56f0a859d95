import MusterClouds
import MusterCore
import MusterTesting

extension Benchmark {
    /// What it costs to compare a large fleet with what the cloud has.
    static let reconcile = Benchmark(
        name: "reconcile", summary: "10,000 instances of a fake EC2 in 10 regions, beside a call for each",
        figures: { _ in FigureName.reconcile }
    ) { surroundings in
        let folder = try TemporaryFolder(in: surroundings.folder)
        let regions = (0..<BenchPolicy.regions).map { "region-\($0)" }
        let scene = try CloudScene(
            database: "\(folder.path)/fleet.db", regions: regions, seed: surroundings.seed)
        surroundings.say(
            "reconcile: launching \(BenchPolicy.regions * BenchPolicy.instancesPerRegion) instances")
        let pools = try regions.enumerated().map { number, region in
            (id: Scene.pool(number), launchConfigs: [try CloudScene.fleet("fleet", in: region)])
        }
        try await scene.define(pools, instances: BenchPolicy.instancesPerRegion)
        // The first launches, the second notes when each began.
        for _ in 0..<2 { try await scene.run() }
        let instances = scene.cloud.instances
        guard instances.count == BenchPolicy.regions * BenchPolicy.instancesPerRegion else {
            throw Problem(.internalError, "the scene has \(instances.count) instances")
        }
        surroundings.say("reconcile: comparing")
        // One for each region and page, and one for each region.
        let pages = (BenchPolicy.instancesPerRegion + BenchPolicy.page - 1) / BenchPolicy.page
        let allowed = BenchPolicy.regions * (pages + 1)
        var figures = Figures()
        for _ in 0..<BenchPolicy.reconcileRepetitions {
            let before = scene.cloud.allCalls
            let watch = Stopwatch()
            try await scene.run()
            let time = watch.seconds
            let calls = scene.cloud.allCalls - before
            figures.add(time, to: .reconcileTime)
            figures.add(Double(calls), to: .reconcileCalls)
            figures.add(Double(calls) / Double(allowed), to: .reconcileCallsToAllowed)
            let provider = scene.provider
            let single = try await CloudScene.time(instances.count) { number in
                let (id, region) = (instances[number].id, instances[number].region)
                let found = try await provider.instance(
                    of: WorkerID(rawValue: id), in: WorkerGroup(rawValue: region))
                guard found != nil else { throw Problem(.internalError, "\(id) was not found") }
            }
            figures.add(single, to: .reconcileSingleTime)
            figures.add(time / single, to: .reconcileTimeToSingle)
        }
        await scene.close()
        return figures.named(FigureName.reconcile)
    }
}
