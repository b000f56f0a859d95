import MusterCore

extension Benchmark {
    /// How quickly slots of a limit are taken, given back and handed on over HTTP.
    static let limits = Benchmark(
        name: "limits", summary: "take and give back slots over HTTP, and hand them to whoever waits",
        figures: { FigureName.limits($0) }
    ) { surroundings in
        try surroundings.requireProgram()
        var figures = Figures()
        for engine in surroundings.wanted.engines {
            surroundings.say("limits: \(engine.rawValue)")
            let scene = try await LimitsScene(on: engine, surroundings)
            for _ in 0..<BenchPolicy.limitRepetitions {
                for clients in BenchPolicy.limitClients { try await scene.measure(clients, &figures) }
            }
            try await scene.measureHandOver(&figures)
            try await scene.close()
        }
        return figures.named(FigureName.limits(surroundings.wanted))
    }
}
