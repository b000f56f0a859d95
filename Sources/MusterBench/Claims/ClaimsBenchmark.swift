import MusterTesting

extension Benchmark {
    /// How many tasks a second workers that wait get and finish.
    static let claims = Benchmark(
        name: "claims", summary: "claim and finish tasks of 1,000 tenants, beside single claims of SQLite"
    ) { surroundings in
        let folder = try TemporaryFolder(in: surroundings.folder)
        surroundings.say("claims: queueing \(BenchPolicy.queuedTasks) tasks")
        let plain = try PlainQueue(path: folder.path + "/plain.db", rows: BenchPolicy.queuedTasks)
        let queue = try await ClaimsScene.make(in: folder.path + "/muster.db", seed: surroundings.seed)
        var plainRates: [Double] = []
        var rates: [Int: [(own: Double, ratio: Double)]] = [:]
        for repetition in 1...BenchPolicy.claimRepetitions {
            surroundings.say("claims: repetition \(repetition) of \(BenchPolicy.claimRepetitions)")
            for waiting in BenchPolicy.waitingWorkers {
                // Right before each, since a disk that others use changes its mind within seconds.
                let plainRate = try plain.rate(of: BenchPolicy.plainClaims)
                let own = try await queue.rate(waiting: waiting)
                plainRates.append(plainRate)
                rates[waiting, default: []].append((own, own / plainRate))
            }
        }
        try await queue.check()
        await queue.scene.close()
        func figures(_ name: FigureName, _ ratio: FigureName, waiting: Int) -> (Figure, Figure) {
            let measured = rates[waiting] ?? []
            return (Figure(name, measured.map(\.own)), Figure(ratio, measured.map(\.ratio)))
        }
        let one = figures(.claims1, .claimsRatio1, waiting: 1)
        let some = figures(.claims16, .claimsRatio16, waiting: 16)
        let many = figures(.claims64, .claimsRatio64, waiting: 64)
        return [Figure(.claimsPlain, plainRates), one.0, some.0, many.0, one.1, some.1, many.1]
    }
}
