import MusterCore
import Testing

@testable import MusterSimulator

@Suite("The heap of events")
struct EventHeapTests {
    @Test("gives events by moment, then rank, then the order of adding")
    func order() {
        var generator = SeededGenerator(seed: 3)
        var heap = EventHeap()
        var added: [(at: Int64, rank: Int, number: Int)] = []
        for number in 0..<2_000 {
            let event: SimulationEvent =
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: .pass(number: number)
                case 1: .gone(worker: number)
                default: .overdue(worker: number)
                }
            let at = Int64.random(in: 0...50, using: &generator)
            heap.add(event, at: at)
            added.append((at, event.rank, number))
        }
        for expected in added.sorted(by: { ($0.at, $0.rank, $0.number) < ($1.at, $1.rank, $1.number) }) {
            #expect(heap.next?.at == expected.at)
            let entry = heap.pop()
            #expect(entry?.at == expected.at)
            switch entry?.event {
            case .pass(let number), .gone(let number), .overdue(let number):
                #expect(number == expected.number)
            default: Issue.record("nothing, or something else")
            }
        }
        #expect(heap.pop() == nil && heap.next == nil)
    }
}
