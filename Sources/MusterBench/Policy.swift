/// How large the scenes are and how often they are measured, each with its reason.
enum BenchPolicy {
    /// What chance begins with unless `--seed` says otherwise.
    static let seed: UInt64 = 1

    // Passes: a fleet ten times larger than the largest that is known of.
    static let pools = 1_000
    static let launchConfigsPerPool = 10
    static let workers = 100_000
    /// The same fleet with so many times fewer workers: a pass that read workers would show it.
    static let fewerWorkers = 10
    /// A round takes a tenth of a second: as many as tell two fleets apart on a machine that does other things.
    static let passRepetitions = 31
    /// A transaction of the scene's making: large enough to be quick, small enough for the journal.
    static let rowsPerWrite = 1_000
    static let poolsPerApply = 50

    // Latency: enough submissions for a tail, each to a pool of its own that has never had work.
    static let submissions = 101
    /// Longer than the engine's own gaps between two passes, so that each submission finds it at rest.
    static let restBetweenSubmissions = Duration.milliseconds(60)

    // Claims: a backlog of minutes, many tenants, and fleets from one worker to more than one commit serves.
    static let queuedTasks = 200_000
    static let tenants = 1_000
    static let waitingWorkers = [1, 16, 64]
    static let claimRepetitions = 7
    /// Claims and reports of one repetition: about half a second of each, so that the plain claims before it met
    /// the same disk.
    static func cycles(waiting workers: Int) -> Int { workers == 1 ? 400 : workers * 50 }
    /// A few hundred commits of which no single one matters.
    static let plainClaims = 1_000
    /// Nobody waits longer for a task while hundreds of thousands wait.
    static let claimWait = Duration.seconds(30)

    // Footprint: what an operator sees of a service that has nothing to do.
    static let footprintPools = 100
    static let starts = 9
    /// Until the first round of every loop is over.
    static let settleTime = Duration.seconds(3)
    static let wakeUpWindow = Duration.seconds(3)
    /// Together half a minute: each loop with a usual interval comes round in it.
    static let wakeUpWindows = 10
}
