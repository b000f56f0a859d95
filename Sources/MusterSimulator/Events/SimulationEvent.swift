/// What happens at a moment of the simulation. Arrivals are not among them: they come from the trace.
enum SimulationEvent {
    /// A run of a task is over, unless the worker was lost meanwhile and the task runs anew.
    case finished(task: Int, run: Int, worker: Int)
    /// The cloud ended a worker that was told so before.
    case reclaimed(worker: Int)
    /// An instance has been ended, and is billed no more.
    case gone(worker: Int)
    /// A worker has booted and registers.
    case registered(worker: Int)
    /// A worker has not registered in time.
    case unregistered(worker: Int)
    /// The cloud tells a worker that it will be reclaimed.
    case noticed(worker: Int, notice: Int64)
    /// An instance should have been gone by now.
    case overdue(worker: Int)
    /// A worker has been idle for as long as it waits for work.
    case idledOut(worker: Int, since: Int64)
    /// The cloud answers a call.
    case answered(config: Int, instances: Int)
    /// The clock of a fault has come to its beginning or end.
    case weatherChanged
    /// A pass is due.
    case pass(number: Int)

    /// Among events of one moment the lower comes first: what ends makes room for what begins, and passes see
    /// all of it.
    var rank: Int {
        switch self {
        case .weatherChanged: 0
        case .finished: 1
        case .reclaimed: 2
        case .gone: 3
        case .registered: 4
        case .unregistered: 5
        case .noticed: 6
        case .overdue: 7
        case .idledOut: 8
        case .answered: 9
        case .pass: 10
        }
    }

    /// Arrivals come after the events of this rank, and before those of a higher one.
    static let rankOfArrivals = 8
}
