import MusterCore

extension Benchmark {
    /// How quickly a decision is made, with nothing around it.
    static let decide = Benchmark(
        name: "decide", summary: "decide about pools with 20 launch configs, with weights and reasons",
        figures: { _ in FigureName.decide }
    ) { surroundings in
        let scene = DecideScene(seed: surroundings.seed)
        surroundings.say("decide: \(BenchPolicy.plansPerRepetition) plans at a time")
        _ = scene.rate()
        return [Figure(.decidePlans, (0..<BenchPolicy.decideRepetitions).map { _ in scene.rate() })]
    }
}
