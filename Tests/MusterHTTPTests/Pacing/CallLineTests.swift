import MusterCore
import Testing

@testable import MusterHTTP

struct CallLineTests {
    @Test("callers are let through in the order in which they came, the dear ones too")
    func order() {
        var line = CallLine(TokenBucket(CallRate(burst: 2, perSecond: 1), at: .zero))
        let entrances = [1.0, 1, 2, 1].enumerated().map { id, cost in
            line.enter(.init(id: id, cost: cost, deadline: .seconds(60)), at: .zero)
        }
        #expect(entrances == [.admitted, .admitted, .waits, .waits])
        // One token is there: it is for the one who needs two.
        let early = line.admit(at: .seconds(1))
        let wait = line.nextTurn(at: .seconds(1))
        let first = line.admit(at: .seconds(2))
        let second = line.admit(at: .seconds(3))
        #expect(early.isEmpty)
        #expect(wait == .seconds(1))
        #expect(first == [2])
        #expect(second == [3])
        #expect(line.waiting.isEmpty)
    }

    @Test("who would come too late is told so at once, and by how much")
    func tooLate() {
        var line = CallLine(TokenBucket(CallRate(burst: 1, perSecond: 1), at: .zero))
        let entrances = (0..<4).map { id in
            line.enter(.init(id: id, cost: 1, deadline: .milliseconds(2_500)), at: .zero)
        }
        #expect(entrances == [.admitted, .waits, .waits, .tooLate(.seconds(3))])
    }

    @Test("whoever leaves makes room for those behind")
    func leaving() {
        var line = CallLine(TokenBucket(CallRate(burst: 1, perSecond: 1), at: .zero))
        for id in 0..<4 { _ = line.enter(.init(id: id, cost: 1, deadline: .seconds(60)), at: .zero) }
        line.leave(1)
        let entrance = line.enter(.init(id: 4, cost: 1, deadline: .seconds(3)), at: .zero)
        #expect(entrance == .waits)
        let admitted = line.admit(at: .seconds(1))
        #expect(admitted == [2])
    }

    @Test("a pause sends away those whose time it takes, and keeps the others")
    func pause() {
        var line = CallLine(TokenBucket(CallRate(burst: 1, perSecond: 1), at: .zero))
        for (id, deadline) in [60, 60, 5, 60].enumerated() {
            _ = line.enter(.init(id: id, cost: 1, deadline: .seconds(deadline)), at: .zero)
        }
        line.change { $0.pause(for: .seconds(10), at: .zero) }
        let late = line.dismissLate(at: .zero)
        #expect(late.map(\.id) == [2])
        #expect(late.map(\.wait) == [.seconds(12)])
        #expect(line.waiting.map(\.id) == [1, 3])
    }

    @Test("everybody gets a turn or is told in time", arguments: 0..<20 as Range<UInt64>)
    func everybody(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        var line = CallLine(TokenBucket(CallRate(burst: 4, perSecond: 3), at: .zero))
        var deadlines: [Int: Duration] = [:]
        var now = Duration.zero
        var lastAdmitted = -1
        var id = 0
        while id < 300 || !line.waiting.isEmpty {
            if id < 300, Int.random(in: 0..<3, using: &chance) > 0 {
                let deadline = now + .milliseconds(Int.random(in: 1...20_000, using: &chance))
                let cost = Double.random(in: 0.5...5, using: &chance)
                switch line.enter(.init(id: id, cost: cost, deadline: deadline), at: now) {
                case .waits: deadlines[id] = deadline
                case .admitted: lastAdmitted = id
                case .tooLate(let wait): #expect(now + wait > deadline)
                }
                id += 1
            }
            if Int.random(in: 0..<30, using: &chance) == 0 {
                let pause = Duration.milliseconds(Int.random(in: 0...3_000, using: &chance))
                line.change { $0.pause(for: pause, at: now) }
                for late in line.dismissLate(at: now) { deadlines[late.id] = nil }
            }
            if let wait = line.nextTurn(at: now), Bool.random(using: &chance) { now += wait }
            for admitted in line.admit(at: now) {
                #expect(admitted > lastAdmitted)
                lastAdmitted = admitted
                let deadline = deadlines.removeValue(forKey: admitted)
                #expect(deadline.map { now <= $0 } == true)
            }
        }
        #expect(deadlines.isEmpty)
    }
}
