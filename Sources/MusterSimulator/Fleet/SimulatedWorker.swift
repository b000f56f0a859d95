import MusterCore

/// An instance and its worker, from the moment the cloud gave it until it is gone.
struct SimulatedWorker {
    /// Where it is on its way, as a worker is.
    enum State { case starting, running, stopping, gone }

    /// Its launch config, by its place in the pool.
    let config: Int
    /// How many tasks it runs at once.
    let capacity: Int
    /// From when it is billed, in milliseconds.
    let acceptedAt: Int64
    /// Where it is on its way.
    var state = State.starting
    /// Whether the cloud has said that it takes the instance back.
    var isReclaimed = false
    /// Whether it should have been gone by now.
    var isOverdue = false
    /// What it runs.
    var tasks: [Int] = []
    /// Since when it has held no task; nil while it does, and before it has registered.
    var idleSince: Int64?

    /// Where its capacity is counted, by the rules of `Worker`.
    var bucket: Bucket {
        switch state {
        case .starting: isReclaimed ? .draining : .requested
        case .running: isReclaimed ? .draining : .running
        case .stopping: isOverdue ? .overdue : .stopping
        case .gone: .stopped
        }
    }

    var tally: CapacityTally { CapacityTally(workers: 1, capacity: capacity, claimed: tasks.count) }
}
