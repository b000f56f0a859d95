import MusterTesting

extension Benchmark {
    /// Whether what must hold of three clouds holds while everything goes wrong, for longer than a test has time.
    static let chaos = Benchmark(
        name: "chaos",
        summary: "2,000 instances of three fake clouds that fail, and a service that is killed",
        figures: { _ in FigureName.chaos }
    ) { surroundings in
        try surroundings.requireProgram()
        surroundings.say(
            "chaos: \(BenchPolicy.chaosInstances) instances, \(BenchPolicy.chaosKills) kills, seed \(surroundings.seed)"
        )
        let run = try ChaosRun(
            surroundings.program, in: surroundings.folder, seed: surroundings.seed,
            instances: BenchPolicy.chaosInstances, kills: BenchPolicy.chaosKills)
        let report = try await run.run()
        for violation in report.violations { surroundings.say("chaos: \(violation)") }
        let faults = report.dealt.values.map { $0.all.values.reduce(0, +) }.reduce(0, +)
        return [
            Figure(.chaosViolations, [Double(report.violations.count)]),
            Figure(.chaosSettle, [report.secondsToSettle]),
            Figure(.chaosMade, [Double(report.made)]),
            Figure(.chaosRefused, [Double(report.refused)]),
            Figure(.chaosFaults, [Double(faults)]),
            Figure(.chaosInterruptions, [Double(report.killsInLaunch)]),
        ]
    }
}
