import MusterCore

/// One policy on one workload, under a virtual clock whose zero is the first arrival.
///
/// The clock runs in whole milliseconds from event to event. It ends when every task has been done and the last
/// instance is gone: after the last task the minimum no longer holds, and what idles is billed until its policy
/// ends it, by the same rule for all.
public struct Simulation {
    let setup: SimulationSetup
    var policy: any SimulatedPolicy
    /// The moment that it is.
    private(set) var now: Int64 = 0
    var events = EventHeap()
    var queue: SimulatedQueue
    var fleet: SimulatedFleet
    var cloud: SimulatedCloud
    var recorder: SimulationRecorder
    var tasks: [TaskProgress]
    /// Calls that the cloud has not answered.
    var callsInFlight = 0
    var passes = PassSchedule()
    /// What the numbers of tasks were when they became stale.
    var staleCounts: (pending: Int, claimed: Int, at: Int64)?
    var dispatchChance: SeededGenerator
    var policyChance: SeededGenerator
    private var nextArrival = 0
    private var done = 0
    /// When a task last came, began or ended.
    private var progressedAt: Int64 = 0

    /// Prepares a run.
    public init(_ setup: SimulationSetup, policy: any SimulatedPolicy) {
        self.setup = setup
        self.policy = policy
        queue = SimulatedQueue(tenants: setup.trace.tenants.count)
        fleet = SimulatedFleet(setup.pool.configs)
        cloud = SimulatedCloud(setup.cloud, span: setup.trace.span, seed: setup.seed)
        recorder = SimulationRecorder(setup.pool.configs, troubles: cloud.troubles)
        tasks = Array(repeating: TaskProgress(), count: setup.trace.tasks.count)
        dispatchChance = SeededGenerator(seed: setup.seed, .dispatch)
        policyChance = SeededGenerator(seed: setup.seed, .policy)
    }

    /// The moment that it is, as policies see it.
    var timestamp: Timestamp { Timestamp(milliseconds: now) }

    /// Whether every task has been done.
    var isDone: Bool { done == tasks.count }

    /// Runs to the end.
    public mutating func run() -> SimulationReport { run { _ in } }

    /// Runs to the end.
    ///
    /// - Parameter progress: hears now and then which part of the tasks has come; what it throws ends the run.
    public mutating func run<Failure: Error>(
        progress: (Double) throws(Failure) -> Void
    ) throws(Failure) -> SimulationReport {
        begin()
        var steps = 0
        while !isOver, step() {
            steps += 1
            if steps % SimulatorPolicy.eventsPerReport == 0 {
                try progress(Double(nextArrival) / Double(tasks.count))
            }
        }
        return report()
    }

    /// Puts in place what happens whether or not tasks come; to be called once, before the first step.
    mutating func begin() {
        for moment in cloud.changes { events.add(.weatherChanged, at: moment) }
        changeWeather()
        require(passAt: 0)
    }

    /// Lets the next thing happen; false when nothing is left.
    mutating func step() -> Bool {
        let arrival = nextArrival < tasks.count ? setup.trace.tasks[nextArrival].arrival : .max
        let event = events.next
        let rank = SimulationEvent.rankOfArrivals
        let isArrival =
            event.map { arrival < $0.at || (arrival == $0.at && $0.event.rank > rank) } ?? (arrival < .max)
        if isArrival {
            advance(to: arrival)
            nextArrival += 1
            arrive(nextArrival - 1)
            return true
        }
        guard let entry = events.pop() else { return false }
        advance(to: entry.at)
        handle(entry.event)
        return true
    }

    private mutating func advance(to moment: Int64) {
        recorder.advance(by: moment - now, pending: queue.count, fleet)
        now = moment
    }

    private mutating func handle(_ event: SimulationEvent) {
        switch event {
        case .finished(let task, let run, let worker): finish(task, run: run, on: worker)
        case .reclaimed(let worker): reclaim(worker)
        case .gone(let worker): remove(worker)
        case .registered(let worker): register(worker)
        case .unregistered(let worker): giveUp(worker)
        case .noticed(let worker, let time): notice(worker, time)
        case .overdue(let worker): becomeOverdue(worker)
        case .idledOut(let worker, let since): endIdle(worker, since: since)
        case .answered(let config, let instances): answer(instances, of: config)
        case .weatherChanged: changeWeather()
        case .pass(let number): pass(number)
        }
    }

    /// Notes that something went forward.
    mutating func noteProgress(ended: Bool = false) {
        progressedAt = now
        if ended { done += 1 }
    }

    /// Whether nothing is left that could matter.
    var isOver: Bool {
        guard nextArrival == tasks.count else { return false }
        let quiet = now - progressedAt
        if isDone {
            return (fleet.billed == 0 && callsInFlight == 0)
                || quiet >= SimulatorPolicy.longestTail.milliseconds
        }
        return fleet.busy == 0 && quiet >= SimulatorPolicy.longestStall.milliseconds
    }
}
