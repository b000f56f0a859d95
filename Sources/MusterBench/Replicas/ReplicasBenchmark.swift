import MusterCore

extension Benchmark {
    /// What more processes on one database are worth, and that they launch nothing twice.
    static let replicas = Benchmark(
        name: "replicas",
        summary: "launch for 5,000 pools with 1, 2 and 4 processes on one PostgreSQL database",
        figures: { $0.engines.contains(.postgres) ? FigureName.replicas : [] }
    ) { surroundings in
        surroundings.say("replicas: making \(BenchPolicy.replicaPools) pools")
        let scene = try await ReplicasScene(surroundings)
        // Up and down again, so that what else the machine does falls on all.
        let counts = BenchPolicy.replicas + BenchPolicy.replicas.dropLast().reversed()
        var rates: [(count: Int, rate: Double)] = []
        for count in counts {
            surroundings.say("replicas: \(count)")
            try await scene.run(count)
            for _ in 0..<BenchPolicy.wavesPerCount { rates.append((count, try await scene.wave())) }
        }
        try await scene.close()
        var figures = Figures()
        for (count, rate) in rates { figures.add(rate, to: .replicas(count)) }
        // One process is measured at both ends: the rest is compared with what it did in between.
        let alone = Sample(rates.filter { $0.count == 1 }.map(\.rate)).median
        for (count, rate) in rates where count > 1 { figures.add(rate / alone, to: .replicasRatio(count)) }
        return figures.named(FigureName.replicas)
    }
}
