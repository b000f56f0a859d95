import MusterCore
import Testing

@testable import MusterSimulator

@Suite("The simulated queue")
struct SimulatedQueueTests {
    @Test("gives tasks out in the order in which the real queue does", arguments: 1...20)
    func sameAsTurns(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let names = ["ada", "bob", "eve", "zoe"].map { Tenant(rawValue: $0) }
        let tasks = (0..<200).map { _ in
            (
                tenant: Int.random(in: 0..<names.count, using: &generator),
                priority: Priority.allCases.randomElement(using: &generator) ?? .medium
            )
        }
        var queue = SimulatedQueue(tenants: names.count)
        for (number, task) in tasks.enumerated() { queue.add(number, of: task.tenant, task.priority) }
        let tenants = names.indices.map { tenant in
            let heads = tasks.enumerated().filter { $0.element.tenant == tenant }.map {
                QueueHead(
                    sequence: Int64($0.offset), priority: $0.element.priority.rank, bytes: 1,
                    submittedAt: Timestamp(milliseconds: 0), isOverdue: false)
            }
            return QueuedTenant(
                tenant: names[tenant], turn: 0,
                heads: heads.sorted { ($1.priority, $0.sequence) < ($0.priority, $1.sequence) },
                isCutOff: false)
        }
        let turns = ClaimTurns(
            lanes: [
                ClaimTurns.Lane(
                    QueueLane(limits: LimitSet([]), level: 0), needs: [], tenants: tenants, isCutOff: false)
            ],
            rooms: [ClaimTurns.Room(tasks: 1_000, bytes: 1_000_000)], turn: 0, overdueLimit: 10)
        var given: [Int64] = []
        while let task = queue.next() { given.append(Int64(task)) }
        #expect(given.count == tasks.count && given == turns.choices.map(\.sequence))
    }

    @Test("a task that comes back stands where it would have stood")
    func comesBack() {
        var queue = SimulatedQueue(tenants: 1)
        for task in 0..<6 { queue.add(task, of: 0, .medium) }
        let begun = (0..<4).map { _ in queue.next() }
        #expect(begun == [0, 1, 2, 3])
        queue.add(2, of: 0, .medium)
        queue.add(0, of: 0, .medium)
        queue.add(1, of: 0, .high)
        var given: [Int] = []
        while let task = queue.next() { given.append(task) }
        #expect(given == [1, 0, 2, 4, 5] && queue.count == 0)
    }
}
