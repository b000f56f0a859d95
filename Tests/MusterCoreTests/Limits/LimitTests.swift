import MusterCore
import Testing

@Suite("Concurrency limits")
struct LimitTests {
    private let start = Timestamp(milliseconds: 1_800_000_000_000)
    private let gpu = LimitID(rawValue: "gpu")
    private let db = LimitID(rawValue: "db")

    private func rated(_ slotsPerSecond: Double, slots: Int = 5) -> ConcurrencyLimit {
        ConcurrencyLimit(
            id: gpu, name: LimitName(rawValue: "gpu"), slots: slots,
            rate: .init(slotsPerSecond: slotsPerSecond, tokens: Double(slots), countedAt: start),
            createdAt: start, modifiedAt: start)
    }

    @Test(
        "Slots that come back with time are there at the same moment however often somebody looks",
        arguments: [0.1, 0.7, 1.0, 3.0, 10.0, 333.0])
    func polling(rate: Double) throws {
        var limit = rated(rate)
        limit.spend(5, at: start)
        #expect(limit.free(held: 0, at: start) == 0)
        let back = try #require(limit.comesBack(1, after: start))
        // Looking changes nothing.
        for milliseconds in stride(from: Int64(0), to: (back - start).milliseconds, by: 1) {
            try #require(limit.free(held: 0, at: start + .milliseconds(milliseconds)) == 0)
        }
        #expect(limit.free(held: 0, at: back) == 1)
        #expect(limit.comesBack(1, after: back) == nil)
        // In a thousand slots taken as they come, none is lost to a rounding.
        var now = start
        for _ in 0..<1_000 {
            now = limit.comesBack(1, after: now) ?? now
            #expect(limit.free(held: 0, at: now) >= 1)
            limit.spend(1, at: now)
        }
        #expect((now - start).inSeconds <= 1_000 / rate + 1)
        #expect((now - start).inSeconds >= 1_000 / rate - 0.01)
    }

    @Test("A limit that is switched off holds nobody back, and one below its holders only stops new ones")
    func free() {
        var limit = ConcurrencyLimit(
            id: gpu, name: LimitName(rawValue: "gpu"), slots: 2, createdAt: start, modifiedAt: start)
        #expect(limit.free(held: 1, at: start) == 1)
        limit.slots = 1
        #expect(limit.free(held: 2, at: start) == 0)
        limit.isActive = false
        #expect(limit.free(held: 2, at: start) == .max)
    }

    @Test("A set of limits is one text whatever the order, and says of which slots are needed")
    func sets() {
        let set = LimitSet([.init(gpu, .needed), .init(db, .held)])
        #expect(set == LimitSet([.init(db, .held), .init(gpu, .needed)]))
        #expect(LimitSet(text: set.text).entries == set.entries)
        #expect(set.needs(ofPool: nil) == [gpu])
        let own = LimitID(ofPool: PoolID(rawValue: "demo/build"))
        #expect(set.needs(ofPool: own) == [gpu, own])
        #expect(LimitSet([.init(own, .heldForPool)]).needs(ofPool: own) == [])
        #expect(LimitSet([.init(own, .heldForPool)]).named == [])
        #expect(LimitSet.none.needs(ofPool: nil) == [])
    }

    private func waiter(_ sequence: Int64, _ limits: [LimitID], since: Duration, task: Bool = false)
        -> LimitWaiter
    {
        LimitWaiter(
            sequence: sequence, holder: "h\(sequence)", limits: limits, slots: 1, askedAt: start - since,
            task: task ? sequence : nil)
    }

    @Test("Those who wait get what is free in their order; who lacks another limit keeps nothing at first")
    func line() {
        let waiting = [
            waiter(1, [gpu, db], since: .seconds(1)), waiter(2, [gpu], since: .seconds(1)),
            waiter(3, [gpu], since: .seconds(1)),
        ]
        let line = LimitLine(waiting, free: [gpu: 1, db: 0], at: start)
        #expect(line.ready.map(\.sequence) == [2])
        #expect(line.left == [gpu: 0, db: 0])
        let patient = [waiter(1, [gpu, db], since: LimitPolicy.patience)] + waiting.dropFirst()
        #expect(LimitLine(patient, free: [gpu: 1, db: 0], at: start).ready.isEmpty)
        let reserved = [waiter(1, [gpu, db], since: .zero, task: true)] + waiting.dropFirst()
        let kept = LimitLine(reserved, free: [gpu: 2, db: 0], at: start)
        #expect(kept.ready.map(\.sequence) == [2])
        #expect(kept.kept[gpu]?.map(\.since).first == LimitWaiter.ahead)
    }

    @Test("What is free is divided between those who wait for it, in equal parts as far as they need them")
    func division() {
        func lane(_ pool: String, _ needs: [LimitID], _ pending: Int) -> StartableTasks.Lane {
            StartableTasks.Lane(pool: PoolID(rawValue: pool), needs: needs, pending: pending)
        }
        let lanes = [
            lane("a/a", [gpu], 100), lane("b/b", [gpu], 1), lane("b/b", [], 7), lane("c/c", [gpu, db], 9),
        ]
        let division = StartableTasks(lanes, free: [gpu: 10, db: 2])
        #expect(division.startable[1] == 1 && division.startable[2] == 7)
        #expect(division.startable[0] + division.startable[1] + division.startable[3] == 10)
        #expect(division.startable[3] <= 2)
        #expect(division.left[gpu] == 0)
        #expect(StartableTasks([lane("a/a", [gpu], 5)], free: [gpu: 0]).startable == [0])
        #expect(StartableTasks([lane("a/a", [gpu], 5)], free: [:]).startable == [5])
        let huge = StartableTasks(
            (0..<50).map { lane("p/\($0)", [gpu], 1_000_000) }, free: [gpu: 1_000_000])
        #expect(huge.startable.reduce(0, +) == 1_000_000)
    }
}
