import MusterCore
import MusterRuntime

/// How the service is brought to a fault point, what is done after the restart, and what must have come of it.
struct KillScenario: Sendable {
    typealias Step = @Sendable (MusterFleet) async throws -> Void

    /// Further lines of the configuration.
    var settings = ""
    /// The command that dies.
    var words = ["serve"]
    /// The time between two looks at what runs, in seconds.
    var reconcile = 1
    /// What is done before the service is started to die; it starts and stops what it needs.
    var prepare: Step = { _ in }
    /// What is done with the service that dies; its calls may fail.
    var provoke: Step = { _ in }
    /// How many of the times that the step is come to are died at, each in a life of its own.
    var times = 1
    /// How often in a row the service is started and dies there.
    var deaths = 1
    /// What is done after the restart: whatever was not answered is done again. Ends with nothing left to do.
    var recover: Step
    /// Whether all of that may be done once more and change nothing, so that the service can be killed there
    /// again while it recovers.
    var isRepeatable = true
    /// What must have come of it.
    var outcome = Outcome()

    /// What must have come of it, beside what must always hold.
    struct Outcome: Sendable {
        /// The tasks that must have run, each with the only run that did its work.
        var completed = ["task-0": 0, "task-1": 0]
        /// The runs that wrote into the ledger; nil when it must be those.
        var ledger: [String]?
        /// The tasks that must have ended without having run.
        var withdrawn: Set<String> = []
        /// How many instances there must have been: no launch is doubled.
        var instances = 2...2
        /// How often each worker was asked for: once, unless the test itself has taken its row away.
        var requestsOfEach = 1
        /// How many events of some types there must be, exactly.
        var events: [EventType: Int] = [:]
        /// Whether old rows have been deleted.
        var isSwept = false
    }
}

extension KillScenario {
    /// A pool is defined, two tasks are submitted, and everything goes its way; afterwards both are done again,
    /// since nobody knows whether they were heard, and must change nothing.
    static let everyday = KillScenario(provoke: beginEveryday, recover: endEveryday)

    /// The same at a step that comes at any time: with one of the tasks done before the service dies, its worker
    /// may do the other as well.
    static let everydayAtAnyTime = KillScenario(
        provoke: beginEveryday, recover: endEveryday, outcome: Outcome(instances: 1...2))

    /// The same with one task, so that nobody else can do what the only worker was kept from.
    static let alone = KillScenario(
        provoke: { fleet in
            try await fleet.define()
            _ = try await fleet.submit(1)
        },
        recover: { fleet in
            try await fleet.define()
            _ = try await fleet.submit(1)
            try await fleet.untilIdle(tasks: 1)
        },
        outcome: Outcome(
            completed: ["task-0": 0], instances: 1...1, events: [.workerRunning: 1, .taskClaimed: 1]))

    /// The same from the first start on: the service dies before it serves.
    static let opening = KillScenario(recover: endEveryday)

    static let beginEveryday: Step = { fleet in
        try await fleet.define()
        _ = try await fleet.submit(2)
    }

    static let endEveryday: Step = { fleet in
        try await beginEveryday(fleet)
        try await fleet.untilIdle(tasks: 2)
    }

    /// A launch of two, of which nobody knows what came: the service has died at `point`.
    static func interruptedLaunch(at point: FaultPoint) -> Step {
        { fleet in try await fleet.die(at: KillPlace(point: point), beginEveryday) }
    }
}
