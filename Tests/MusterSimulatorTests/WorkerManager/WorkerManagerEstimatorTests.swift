import MusterCore
import MusterSimulator
import Testing

@Suite struct WorkerManagerEstimatorTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var estimator: WorkerManagerEstimator
        var pending: Int
        var claimed = 0
        var capacity = WorkerManagerCapacity()
        var toSpawn: Double

        var testDescription: String { name }
    }

    static let faults: [Row] = [
        Row(
            name: "ten requested, fifteen pending: five are needed",
            estimator: estimator(max: 100), pending: 15,
            capacity: counted(requested: 10),
            toSpawn: 0),
        Row(
            name: "forty busy and sixty requested, a hundred and sixty pending: a hundred are needed",
            estimator: estimator(max: 500), pending: 160, claimed: 40,
            capacity: counted(requested: 60, running: 40), toSpawn: 40),
        Row(
            name: "fifty requested, a hundred pending: fifty are needed", estimator: estimator(max: 1_000),
            pending: 100, capacity: counted(requested: 50), toSpawn: 0),
        Row(
            name: "forty requested, a hundred pending: sixty are needed", estimator: estimator(max: 1_000),
            pending: 100, capacity: counted(requested: 40), toSpawn: 20),
        Row(
            name: "the minimum is not kept while workers are stopping", estimator: estimator(min: 5, max: 10),
            pending: 0, capacity: counted(stopping: 5), toSpawn: 0),
        Row(
            name: "what is stopping holds a pool at its maximum down", estimator: estimator(max: 100),
            pending: 100, capacity: counted(stopping: 100), toSpawn: 0),
        Row(
            name: "a ratio of nothing never spawns beyond the minimum",
            estimator: estimator(min: 2, max: 100, ratio: 0), pending: 1_000, toSpawn: 2),
        Row(
            name: "a minimum above the maximum wins", estimator: estimator(min: 5, max: 2), pending: 0,
            toSpawn: 5),
    ]

    static let ordinary: [Row] = [
        Row(name: "nothing at all", estimator: estimator(max: 0), pending: 0, toSpawn: 0),
        Row(name: "the minimum", estimator: estimator(min: 1, max: 1), pending: 0, toSpawn: 1),
        Row(name: "one for one", estimator: estimator(max: 100), pending: 100, toSpawn: 100),
        Row(name: "up to the maximum", estimator: estimator(max: 50), pending: 100, toSpawn: 50),
        Row(name: "one for two", estimator: estimator(max: 100, ratio: 0.5), pending: 100, toSpawn: 50),
        Row(
            name: "one for two beside busy ones", estimator: estimator(max: 100, ratio: 0.5), pending: 100,
            claimed: 25, capacity: counted(running: 25), toSpawn: 50),
        Row(
            name: "a fraction stays a fraction", estimator: estimator(max: 100, ratio: 0.5), pending: 3,
            toSpawn: 1.5),
        Row(
            name: "too many spawn nothing", estimator: estimator(min: 1, max: 1), pending: 0,
            capacity: counted(running: 50), toSpawn: 0),
        Row(
            name: "idle ones take five", estimator: estimator(max: 50), pending: 5,
            capacity: counted(running: 10), toSpawn: 0),
        Row(
            name: "idle ones take ten", estimator: estimator(max: 50), pending: 10,
            capacity: counted(running: 10), toSpawn: 0),
        Row(
            name: "idle ones take ten of eleven", estimator: estimator(max: 50), pending: 11,
            capacity: counted(running: 10), toSpawn: 1),
        Row(
            name: "half are busy", estimator: estimator(max: 50), pending: 5, claimed: 5,
            capacity: counted(running: 10), toSpawn: 0),
        Row(
            name: "all are busy", estimator: estimator(max: 50), pending: 5, claimed: 10,
            capacity: counted(running: 10), toSpawn: 5),
        Row(
            name: "more claims than workers", estimator: estimator(max: 50), pending: 0, claimed: 11,
            capacity: counted(running: 10), toSpawn: 0),
    ]

    @Test("What a pass spawns, faults and all", arguments: faults + ordinary)
    func spawns(row: Row) {
        let estimate = row.estimator.estimate(
            pending: row.pending, claimed: row.claimed, capacity: row.capacity)
        #expect(estimate.toSpawn == row.toSpawn)
    }

    @Test(
        "Without the second subtraction requested workers count once",
        arguments: zip(faults.prefix(4), [5.0, 100, 50, 60]))
    func once(row: Row, toSpawn: Double) {
        var estimator = row.estimator
        estimator.subtractsRequestedTwice = false
        let estimate = estimator.estimate(pending: row.pending, claimed: row.claimed, capacity: row.capacity)
        #expect(estimate.toSpawn == toSpawn)
    }

    @Test("The desired capacity counts what is stopping, and idle capacity takes pending tasks first")
    func desired() {
        let busy = estimator(max: 100).estimate(
            pending: 20, claimed: 5, capacity: counted(running: 10))
        #expect(busy.idleCapacity == 5)
        #expect(busy.adjustedPending == 15)
        #expect(busy.desiredCapacity == 25)
        let stopping = estimator(max: 100).estimate(
            pending: 10, claimed: 0, capacity: counted(running: 5, stopping: 10))
        #expect(stopping.desiredCapacity == 20)
    }

    @Test(
        "The target of the advice is what is pending and claimed, within the bounds",
        arguments: [
            (estimator(min: 3, max: 10), 0, 0, 3.0), (estimator(max: 100), 2, 3, 5),
            (estimator(max: 10), 50, 50, 10), (estimator(max: 100, ratio: 0.5), 10, 0, 5),
            (estimator(max: 100, ratio: 0.5), 0, 10, 5), (estimator(min: 5, max: 2), 0, 0, 5),
        ])
    func target(estimator: WorkerManagerEstimator, pending: Int, claimed: Int, target: Double) {
        #expect(estimator.targetCapacity(pending: pending, claimed: claimed) == target)
    }

    @Test(
        "Whatever is there, nothing negative is spawned, nothing above the bounds, nothing for idle workers")
    func properties() {
        var generator = SeededGenerator(seed: 7)
        func some(_ bound: Int) -> Int { Int.random(in: 0...bound, using: &generator) }
        for _ in 0..<20_000 {
            let there = counted(
                requested: some(60), running: some(200), stopping: some(60))
            let scale = PoolScale(
                minCapacity: some(80), maxCapacity: some(300),
                scalingRatio: Double.random(in: 0...1, using: &generator))
            let shipped = WorkerManagerEstimator(scale: scale)
            let once = WorkerManagerEstimator(scale: scale, subtractsRequestedTwice: false)
            let (pending, claimed) = (some(300), some(250))
            let estimate = shipped.estimate(pending: pending, claimed: claimed, capacity: there)
            let better = once.estimate(pending: pending, claimed: claimed, capacity: there)
            let nonStopped = Double(there.existing + there.stopping)
            #expect(estimate.toSpawn >= 0)
            #expect(
                estimate.toSpawn == 0
                    || nonStopped + estimate.toSpawn <= Double(max(scale.minCapacity, scale.maxCapacity)))
            #expect(
                estimate.toSpawn
                    <= max(
                        Double(scale.minCapacity),
                        scale.scalingRatio * Double(estimate.adjustedPending) + 1e-9))
            #expect(estimate.toSpawn <= better.toSpawn)
            #expect(better.toSpawn - estimate.toSpawn <= Double(there.requested))
            let more = shipped.estimate(pending: pending + 1, claimed: claimed, capacity: there)
            #expect(more.toSpawn >= estimate.toSpawn)
        }
    }
}
