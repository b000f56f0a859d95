import MusterCore
import MusterEngine
import MusterTesting

extension Benchmark {
    /// How soon the provider is called for a task that nobody is there for.
    static let latency = Benchmark(
        name: "latency", summary: "from the submission of a task to an idle pool to the provider's call",
        figures: { _ in FigureName.latency }
    ) { surroundings in
        let folder = try TemporaryFolder(in: surroundings.folder)
        let plain = try PlainQueue(path: folder.path + "/plain.db", rows: 2 * BenchPolicy.submissions)
        let scene = try Scene(database: folder.path + "/muster.db", seed: surroundings.seed)
        try await scene.define(
            (0..<BenchPolicy.submissions).map { scene.definition($0, launchConfigs: 2, min: 0, max: 4) })
        var calls = scene.provider.arrivals().makeAsyncIterator()
        scene.engine.start()
        surroundings.say("latency: submitting to \(BenchPolicy.submissions) pools, one after another")
        var answers: [Double] = []
        var arrivals: [Double] = []
        var plainTimes: [Double] = []
        for number in 0..<BenchPolicy.submissions {
            try await Task.sleep(for: BenchPolicy.restBetweenSubmissions)
            let plainWatch = Stopwatch()
            try plain.claim()
            plainTimes.append(plainWatch.milliseconds)
            try await Task.sleep(for: BenchPolicy.restBetweenSubmissions)
            let watch = Stopwatch()
            _ = try await scene.engine.tasks.submit([
                TaskSubmission(poolID: Scene.pool(number), payload: TaskPayload(command: ["true"]))
            ])
            answers.append(watch.milliseconds)
            guard let arrival = await calls.next() else {
                throw Problem(.internalError, "the provider was not called")
            }
            arrivals.append(watch.time(until: arrival) / .milliseconds(1))
        }
        let made = scene.provider.calls.count
        await scene.close()
        guard made == BenchPolicy.submissions else {
            throw Problem(.internalError, "the provider was called \(made) times")
        }
        return [
            Figure(.latencyCall, arrivals), Figure(.latencyAnswer, answers),
            Figure(.latencyPlain, plainTimes),
        ]
    }
}
