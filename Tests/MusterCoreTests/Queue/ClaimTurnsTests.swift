import MusterCore
import Testing

@Suite("Whose turn it is")
struct ClaimTurnsTests {
    @Test(
        "is what a model says that sorts everything, however little is looked at each time", arguments: 0..<60
    )
    func model(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var queue = ModelQueue(using: &generator)
        var decided = queue
        let wanted = Int.random(in: 1...30, using: &generator)
        var order: [Int64] = []
        while order.count < wanted {
            let before = order.count
            let turns = decided.turns(
                tenants: Int.random(in: 1...4, using: &generator),
                tasks: Int.random(in: 1...3, using: &generator), wanted: wanted - order.count)
            order += turns.choices.map(\.sequence)
            decided.take(turns)
            guard turns.asksAgain else { break }
            try #require(
                order.count > before || !turns.overdue.isEmpty, "seed \(seed): it asks again for nothing")
        }
        var expected: [Int64] = []
        while expected.count < wanted, let next = queue.takeNext() { expected.append(next) }
        #expect(order == expected, "seed \(seed)")
        #expect(decided.free.values.allSatisfy { $0 >= 0 })
    }

    private func head(_ sequence: Int64, at moment: Int64 = 0, bytes: Int = 1) -> QueueHead {
        QueueHead(
            sequence: sequence, priority: 3, bytes: bytes, submittedAt: Timestamp(milliseconds: moment),
            isOverdue: false)
    }

    private func lane(_ heads: [QueueHead], needs: [LimitID] = []) -> ClaimTurns.Lane {
        ClaimTurns.Lane(
            QueueLane(limits: LimitSet(needing: needs), level: 0), needs: needs,
            tenants: [
                QueuedTenant(tenant: .unnamed, turn: 0, heads: heads, isCutOff: false)
            ], isCutOff: false)
    }

    @Test("A worker gets no more than fits into its answer, but one task whatever its size")
    func bytes() {
        let turns = ClaimTurns(
            lanes: [lane([head(1, bytes: 50), head(2, bytes: 60), head(3, bytes: 1_000)])],
            rooms: [.init(tasks: 3, bytes: 100), .init(tasks: 3, bytes: 1)], turn: 0, overdueLimit: 10)
        #expect(turns.choices.map(\.worker) == [0, 0, 1])
    }

    @Test("A slot is kept for whoever asked before the task, and not for whoever asked after it")
    func kept() {
        let gpu = LimitID(rawValue: "gpu")
        for (since, count) in [(Int64(5), 0), (15, 1)] {
            let room = LimitRoom(
                free: 1, kept: [.init(since: Timestamp(milliseconds: since), slots: 1)])
            let turns = ClaimTurns(
                lanes: [lane([head(1, at: 10)], needs: [gpu])], limits: [gpu: room],
                rooms: [.init(tasks: 1, bytes: 1)], turn: 0, overdueLimit: 10)
            #expect(turns.choices.count == count)
        }
    }

    @Test("A task that has reserved and can start comes before the turns, and takes what was kept for it")
    func reserved() {
        let gpu = LimitID(rawValue: "gpu")
        let room = LimitRoom(free: 1, kept: [.init(since: LimitWaiter.ahead, slots: 1)])
        let ready = ClaimTurns.Ready(tenant: Tenant(rawValue: "z"), head: head(9), needs: [gpu])
        let turns = ClaimTurns(
            lanes: [lane([head(1), head(9)], needs: [gpu]), lane([head(2)])], ready: [ready],
            limits: [gpu: room], rooms: [.init(tasks: 5, bytes: 100)], turn: 0, overdueLimit: 10)
        #expect(turns.choices.map(\.sequence) == [9, 2])
        #expect(turns.limits[gpu]?.free == 0)
    }
}

/// A queue that is sorted as a whole each time somebody wants its next task.
private struct ModelQueue {
    struct Task {
        let sequence: Int64
        let tenant: Tenant
        let priority: Int
        let needs: [LimitID]
        let isOverdue: Bool
    }

    private(set) var free: [LimitID: Int] = [:]
    private var tasks: [Task] = []
    private var turns: [Tenant: Int64] = [:]
    private var turn: Int64 = 10
    private let isByPriority: Bool

    init(using generator: inout SeededGenerator) {
        isByPriority = Bool.random(using: &generator)
        let limits = ["a", "b", "c"].map(LimitID.init(rawValue:))
        for limit in limits { free[limit] = Int.random(in: 0...5, using: &generator) }
        let tenants = (0..<Int.random(in: 1...8, using: &generator)).map { Tenant(rawValue: "t\($0)") }
        for tenant in tenants { turns[tenant] = Int64.random(in: 0...3, using: &generator) }
        for sequence in 1...Int64.random(in: 1...40, using: &generator) {
            tasks.append(
                Task(
                    sequence: sequence, tenant: tenants.randomElement(using: &generator) ?? .unnamed,
                    priority: Int.random(in: 0...2, using: &generator),
                    needs: limits.filter { _ in Int.random(in: 0..<4, using: &generator) == 0 },
                    isOverdue: Int.random(in: 0..<12, using: &generator) == 0))
        }
    }

    private func canStart(_ task: Task) -> Bool { task.needs.allSatisfy { free[$0, default: 0] > 0 } }

    private func comesBefore(_ left: Task, _ right: Task) -> Bool {
        if isByPriority, left.priority != right.priority { return left.priority > right.priority }
        let (mine, theirs) = (turns[left.tenant] ?? 0, turns[right.tenant] ?? 0)
        if mine != theirs { return mine < theirs }
        if left.tenant != right.tenant { return left.tenant < right.tenant }
        if left.priority != right.priority { return left.priority > right.priority }
        return left.sequence < right.sequence
    }

    /// Takes the task that is next of all.
    mutating func takeNext() -> Int64? {
        guard let next = tasks.filter({ canStart($0) && !$0.isOverdue }).min(by: comesBefore) else {
            return nil
        }
        take(next)
        return next.sequence
    }

    private mutating func take(_ task: Task) {
        tasks.removeAll { $0.sequence == task.sequence }
        turn += 1
        turns[task.tenant] = turn
        for limit in task.needs { free[limit, default: 0] -= 1 }
    }

    /// Decides with a look at so many tenants of each lane and so many tasks of each of them.
    func turns(tenants: Int, tasks count: Int, wanted: Int) -> ClaimTurns {
        let lanes = Dictionary(grouping: tasks) {
            QueueLane(limits: LimitSet(needing: $0.needs), level: isByPriority ? $0.priority : 0)
        }
        let seen = lanes.sorted { ($0.key.limits.text, $0.key.level) < ($1.key.limits.text, $1.key.level) }
            .filter { $0.value.first.map(canStart) ?? false }
            .map { key, tasks in
                let all = Dictionary(grouping: tasks, by: \.tenant).sorted {
                    (turns[$0.key] ?? 0, $0.key) < (turns[$1.key] ?? 0, $1.key)
                }
                return ClaimTurns.Lane(
                    key, needs: tasks.first?.needs ?? [],
                    tenants: all.prefix(tenants).map { tenant, tasks in
                        let sorted = tasks.sorted {
                            $0.priority != $1.priority
                                ? $0.priority > $1.priority : $0.sequence < $1.sequence
                        }
                        return QueuedTenant(
                            tenant: tenant, turn: turns[tenant] ?? 0,
                            heads: sorted.prefix(count).map {
                                QueueHead(
                                    sequence: $0.sequence, priority: $0.priority, bytes: 1,
                                    submittedAt: Timestamp(milliseconds: 0), isOverdue: $0.isOverdue)
                            }, isCutOff: sorted.count > count)
                    }, isCutOff: all.count > tenants)
            }
        return ClaimTurns(
            lanes: seen, limits: free.mapValues { LimitRoom(free: $0) },
            rooms: [ClaimTurns.Room(tasks: wanted, bytes: .max)], turn: turn, overdueLimit: 100)
    }

    /// What was decided becomes so.
    mutating func take(_ decided: ClaimTurns) {
        for choice in decided.choices {
            if let task = tasks.first(where: { $0.sequence == choice.sequence }) { take(task) }
        }
        tasks.removeAll { decided.overdue.contains($0.sequence) }
    }
}
