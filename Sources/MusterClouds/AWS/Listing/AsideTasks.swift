import MusterCore
import MusterRuntime

/// What is done beside a listing, and must neither hold it up nor make it fail: one task at a time under each name.
final class AsideTasks: Sendable {
    private let clock: any WallClock
    private let tasks = Locked<[String: Task<Void, Never>]>([:])

    init(clock: any WallClock) { self.clock = clock }

    /// Begins something that ends within `bound`, or is cancelled then; where the last one of its name is still at
    /// it, that one is given.
    @discardableResult
    func begin(
        _ name: String, within bound: Duration, _ body: @escaping @Sendable () async -> Void
    ) -> Task<Void, Never> {
        tasks.withLock { tasks in
            if let running = tasks[name] { return running }
            let task = Task {
                await Deadline.run(within: bound, clock: clock, body, late: {})
                self.tasks.withLock { $0[name] = nil }
            }
            tasks[name] = task
            return task
        }
    }

    /// Waits for what is being done at the moment.
    func settled() async {
        for task in tasks.withLock({ Array($0.values) }) { await task.value }
    }

    /// Gives up what is being done.
    func cancel() {
        for task in tasks.withLock({ Array($0.values) }) { task.cancel() }
    }
}
