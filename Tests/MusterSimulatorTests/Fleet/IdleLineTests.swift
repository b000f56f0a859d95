import MusterCore
import Testing

@testable import MusterSimulator

@Suite("The line of idle workers")
struct IdleLineTests {
    @Test("agrees with a plain list, whatever is taken from it", arguments: 1...20)
    func model(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var line = IdleLine()
        var model: [IdleLine.Entry] = []
        for step in 0..<2_000 {
            let isGrowing = step < 1_000
            switch Int.random(in: 0..<6, using: &generator) {
            case 0...(isGrowing ? 2 : 0):
                let entry = IdleLine.Entry(worker: step, since: Int64(step / 3), capacity: step % 4)
                line.append(entry.worker, since: entry.since, capacity: entry.capacity)
                model.append(entry)
            case 3: #expect(line.takeLast() == model.popLast()?.worker)
            case 4:
                let taken = line.takeRandom { Int.random(in: 0..<$0, using: &generator) }
                #expect((taken == nil) == model.isEmpty)
                #expect(taken.map { worker in model.contains { $0.worker == worker } } ?? true)
                model.removeAll { $0.worker == taken }
            default:
                let worker = Int.random(in: 0...step, using: &generator)
                line.remove(worker)
                model.removeAll { $0.worker == worker }
            }
            let moment = Int64.random(in: 0...Int64(step), using: &generator)
            #expect(line.count == model.count && line.isEmpty == model.isEmpty)
            #expect(
                line.idle(since: moment, limit: 5) == Array(model.prefix { $0.since <= moment }.prefix(5)))
            #expect(line.first(after: moment) == model.first { $0.since > moment })
        }
    }
}
