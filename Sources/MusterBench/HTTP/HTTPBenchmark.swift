import MusterCore

extension Benchmark {
    /// How quickly the client asks.
    static let http = Benchmark(
        name: "http", summary: "requests of the HTTP client to a server on this machine, beside wrk",
        figures: { _ in FigureName.http }
    ) { surroundings in
        let scene = try HTTPScene(surroundings)
        var figures = Figures()
        for measured in HTTPCase.all {
            surroundings.say("http: \(measured.callers) at once")
            for _ in 0..<BenchPolicy.httpRepetitions { try await scene.measure(measured, &figures) }
        }
        return figures.named(FigureName.http)
    }
}
