import MusterCore

/// The tasks that wait, in the order in which the real queue gives them out: tenants in turn, the one served
/// longest ago first, and of a tenant the higher priority first, then the earlier task.
///
/// A task costs the logarithm of the number of tenants.
struct SimulatedQueue {
    /// How many wait.
    private(set) var count = 0
    private var tenants: [TenantLine]
    /// The tenants with tasks, as a heap by turn and name.
    private var turns: [Int] = []
    private var lastTurn: Int64 = 0

    private struct TenantLine {
        /// The number of its last turn; 0 before the first.
        var turn: Int64 = 0
        var waiting = 0
        /// By rank of priority.
        var lanes = Array(repeating: Lane(), count: Priority.allCases.count)
    }

    fileprivate struct Lane {
        var tasks: [Int] = []
        var start = 0
    }

    /// An empty queue for so many tenants, who are numbered in the order of their names.
    init(tenants count: Int) { tenants = Array(repeating: TenantLine(), count: count) }

    /// Puts a task in its place: tasks are numbered in the order of their arrival, and one that comes back stands
    /// where it would have stood.
    mutating func add(_ task: Int, of tenant: Int, _ priority: Priority) {
        tenants[tenant].lanes[priority.rank].insert(task)
        tenants[tenant].waiting += 1
        count += 1
        if tenants[tenant].waiting == 1 { pushTurn(tenant) }
    }

    /// The next task; nil when none waits.
    mutating func next() -> Int? {
        guard let tenant = turns.first else { return nil }
        lastTurn += 1
        count -= 1
        tenants[tenant].turn = lastTurn
        tenants[tenant].waiting -= 1
        popTurn()
        if tenants[tenant].waiting > 0 { pushTurn(tenant) }
        for rank in tenants[tenant].lanes.indices.reversed() {
            if let task = tenants[tenant].lanes[rank].takeFirst() { return task }
        }
        return nil
    }

    private func precedes(_ left: Int, _ right: Int) -> Bool {
        (tenants[left].turn, left) < (tenants[right].turn, right)
    }

    private mutating func pushTurn(_ tenant: Int) {
        turns.append(tenant)
        var index = turns.count - 1
        while index > 0, precedes(turns[index], turns[(index - 1) / 2]) {
            turns.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    private mutating func popTurn() {
        turns.swapAt(0, turns.count - 1)
        turns.removeLast()
        var index = 0
        while true {
            var child = 2 * index + 1
            guard child < turns.count else { return }
            if child + 1 < turns.count, precedes(turns[child + 1], turns[child]) { child += 1 }
            guard precedes(turns[child], turns[index]) else { return }
            turns.swapAt(index, child)
            index = child
        }
    }
}

extension SimulatedQueue.Lane {
    fileprivate mutating func insert(_ task: Int) {
        guard let last = tasks[start...].last, last > task else { return tasks.append(task) }
        // One that runs again: it stands near the front, since what came before it has begun.
        let place = tasks[start...].firstIndex { $0 > task } ?? tasks.count
        if place == start, start > 0 {
            start -= 1
            tasks[start] = task
        } else {
            tasks.insert(task, at: place)
        }
    }

    fileprivate mutating func takeFirst() -> Int? {
        guard start < tasks.count else { return nil }
        let task = tasks[start]
        start += 1
        // Half of it is empty: forgetting it costs no more than having filled it.
        if start * 2 >= tasks.count {
            tasks.removeFirst(start)
            start = 0
        }
        return task
    }
}
