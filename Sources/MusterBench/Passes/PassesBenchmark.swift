import MusterCore
import MusterTesting

extension Benchmark {
    /// How long it takes to decide about every pool of a large fleet.
    static let passes = Benchmark(
        name: "passes", summary: "decide about 1,000 pools with 100,000 workers, with nothing to launch",
        figures: { _ in FigureName.passes }
    ) { surroundings in
        let folder = try TemporaryFolder(in: surroundings.folder)
        surroundings.say("passes: making a fleet of \(BenchPolicy.workers) workers, and one of a tenth")
        let full = try await PassesScene.make(
            in: folder.path + "/full.db", workers: BenchPolicy.workers, seed: surroundings.seed)
        let tenth = try await PassesScene.make(
            in: folder.path + "/tenth.db", workers: BenchPolicy.workers / BenchPolicy.fewerWorkers,
            seed: surroundings.seed)
        surroundings.say("passes: deciding")
        // The first round of each reads from the disk and compiles statements.
        _ = try await (full.round(), tenth.round())
        var times: [(full: Double, tenth: Double)] = []
        for _ in 0..<BenchPolicy.passRepetitions {
            // By turns, so that what else the machine does falls on both.
            times.append((try await full.round(), try await tenth.round()))
        }
        await full.scene.close()
        await tenth.scene.close()
        return [
            Figure(.passesTime, times.map(\.full)),
            Figure(.passesTenthTime, times.map(\.tenth)),
            Figure(.passesTenthToAll, times.map { $0.tenth / $0.full }),
        ]
    }
}
