/// How large the scenes are and how often they are measured, each with its reason.
enum BenchPolicy {
    /// What chance begins with unless `--seed` says otherwise.
    static let seed: UInt64 = 1

    // Decisions: as many launch configs as a pool of several regions and machine types has, and pools that differ.
    static let decidedPools = 64
    static let decidedConfigs = 20
    /// A fraction of a second.
    static let plansPerRepetition = 20_000
    static let decideRepetitions = 11

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

    // Claims: a backlog of minutes, few and many tenants, and fleets from one worker to more than one commit
    // serves.
    static let queuedTasks = 200_000
    static let tenants = [100, 10_000]
    static let waitingWorkers = [1, 16, 64]
    static let claimRepetitions = 5
    /// The queue that is compared with a longer one: the harder of the usual ones.
    static let longQueueTenants = 10_000
    /// Tasks that each worker claims and finishes in one repetition: together about half a second.
    static func cycles(waiting workers: Int) -> Int { workers == 1 ? 400 : workers == 16 ? 80 : 40 }
    /// How often all workers claim at once in one repetition: together a few tenths of a second.
    static func claimRounds(waiting workers: Int) -> Int { workers == 1 ? 200 : workers == 16 ? 50 : 25 }
    /// Half a second of either: a few hundred commits of which no single one matters.
    static func singleRowClaims(on engine: BenchEngine) -> Int { engine == .sqlite ? 1_000 : 3_200 }
    /// As many connections as the single-row way is quickest with on a machine of this size: with more, they walk
    /// over one another's rows.
    static let baselineClients = 8
    /// Threads of pgbench: more than the processors would only take turns.
    static let baselineThreads = 2
    /// Each takes half a second.
    static let windowClaims = 3
    /// Nobody waits longer for a task while hundreds of thousands wait.
    static let claimWait = Duration.seconds(30)

    // Limits: fewer clients than slots, and many more.
    static let limitSlots = 10
    static let limitClients = [8, 64]
    static let limitRepetitions = 5
    /// How often each client takes a slot in one repetition: together about half a second.
    static func slotsPerClient(of clients: Int) -> Int { clients == 8 ? 50 : 10 }
    /// Steps of the counter in one repetition: half a second.
    static let counterSteps = 1_600
    /// Nobody waits longer for a slot that others hold for milliseconds.
    static let slotWait = Duration.seconds(30)
    static let handOvers = 101

    // Replicas: more pools than anybody is known to have, so that every process has plenty.
    static let replicaPools = 5_000
    /// How many processes work at once, the least first.
    static let replicas = [1, 2, 4]
    /// Each takes seconds.
    static let wavesPerCount = 2
    /// What a pool may have: more than all waves ask for.
    static let mostWaves = 100
    /// A pool whose holder has gone without a word is taken over within a minute.
    static let longestWave = Duration.seconds(150)
    /// Short against a wave; each look costs the server a hundredth of that.
    static let waveLook = Duration.milliseconds(250)
    /// What is in flight settles at once.
    static let replicaStop = Duration.seconds(10)

    // Clouds: a burst and a fleet as large as anybody is known to have at one provider.
    static let burst = 1_000
    static let burstRepetitions = 5
    /// Nobody waits longer for a burst.
    static let burstTime = Duration.seconds(60)
    /// What a call that launches may be made for at least.
    static let instancesPerCall = 500
    static let regions = 10
    static let instancesPerRegion = 1_000
    /// Instances that a call which lists may be made for at least: EC2's largest page.
    static let page = 1_000
    /// Each takes some seconds.
    static let reconcileRepetitions = 3
    /// Single calls that are on their way at once: as many as keep the client busy.
    static let singleCallers = 32
    /// More calls, and more a second, than anybody makes.
    static let freeCalls = 1_000_000.0

    // Chaos: as many instances as an issue of the project asks for, and some minutes of kills.
    static let chaosInstances = 2_000
    static let chaosKills = 40

    // HTTP: one after the other, as many at once as a pass has, and as many as all pools together.
    static let httpCallers = [1, 32, 200]
    static let httpRepetitions = 5
    /// Tens of thousands of answers. Whole seconds, since wrk knows no others.
    static let httpTime = Duration.seconds(2)
    static let httpAnswerBytes = 200

    // Footprint: what an operator sees of a service that has nothing to do.
    static let footprintPools = 100
    static let starts = 9
    /// Until the first round of every loop is over.
    static let settleTime = Duration.seconds(3)
    static let wakeUpWindow = Duration.seconds(3)
    /// Together half a minute: each loop with a usual interval comes round in it.
    static let wakeUpWindows = 10
}
