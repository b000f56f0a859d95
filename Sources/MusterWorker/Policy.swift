/// The bounds and waits of a worker, each with its reason.
public enum WorkerPolicy {
    // MARK: Registering

    /// Shorter than the fifteen minutes a pool gives by default, so that the worker says why it ends before
    /// it is ended.
    static let registrationPatience: Duration = .seconds(600)
    /// A fleet that starts at once must not ask at once again.
    /// How long before its credentials end a worker that a person made registers again: a service that is away for
    /// that long is not missed.
    static let reregistrationMargin: Duration = .seconds(3_600)
    static let registrationBackoff = Backoff(base: .seconds(1), cap: .seconds(30))

    // MARK: Claiming

    /// As long as the service lets a claim wait; each answer without a task costs a request.
    static let claimWait: Duration = .seconds(30)
    /// Tasks in one claim at most: what a worker takes at once it must start and renew at once, and another
    /// worker could have run it meanwhile.
    static let claimBatch = 32
    /// The pause before a claim for the last free place. Long enough that an emptier worker comes first and
    /// that several places freed together are one claim; short beside the shortest task worth queueing.
    static let longestPause: Duration = .milliseconds(500)
    /// An unlimited worker is never full; with so many runs it pauses half as long as a full one.
    static let unlimitedHalfPause = 64
    /// Quick at first, since a lost answer holds tasks back; slow when the service stays away.
    static let claimBackoff = Backoff(base: .milliseconds(500), cap: .seconds(30))
    /// How long an idle worker goes on without an answer: an instance that cannot reach the service does
    /// no good, and costs money. Longer than a service takes to be upgraded or moved.
    static let contactPatience: Duration = .seconds(1_800)

    /// A block of a file system: what does not take one is full.
    static let probeBytes = 4_096
    /// How long an idle worker goes on with a disk that takes nothing: somebody may make room, and until then
    /// another machine's disk is of more use.
    static let folderPatience: Duration = .seconds(600)

    // MARK: Keeping a claim

    /// The part of a lease after which it is renewed: drawn from this range, so that runs claimed together
    /// do not renew together. A third of the lease is left for tries that fail.
    static let renewalShare = 0.5...0.66
    /// Between renewals at least, also when a service hands out leases that are over already.
    static let shortestRenewal: Duration = .milliseconds(100)
    /// Several tries fit into the third of a lease of a minute.
    static let renewalBackoff = Backoff(base: .milliseconds(500), cap: .seconds(10))

    // MARK: Running

    /// For a task that names no time of its own: nothing may hold a place for ever.
    static let longestRun: Duration = .seconds(86_400)
    /// A bound on what a task may ask for, so that no sum of times overflows.
    static let longestRunAllowed: Duration = .seconds(366 * 86_400)
    /// Between asking a command to end and killing it: time to close a file, not to finish the work.
    static let killGrace: Duration = .seconds(10)
    /// What the service keeps of the output.
    static let tailBytes = 4_096
    /// Outputs kept on disk: enough to look into, and bounded on a worker that lives for months.
    static let keptOutputs = 1_000

    /// A token and a limit are a line; more than this is some other file.
    static let smallFileBytes = 65_536

    // MARK: Reporting

    /// A run's outcome is worth more tries than anything else, but not a place for ever.
    static let reportPatience: Duration = .seconds(600)
    /// The same when the process was told to end: it must not wait for a service that has gone.
    static let reportPatienceWhenEnding: Duration = .seconds(20)
    /// As for claims: an unreported run keeps its place.
    static let reportBackoff = Backoff(base: .milliseconds(500), cap: .seconds(30))

    // MARK: Ending

    /// What runs may take to finish after a signal. With the grace and the reports it stays within the 90
    /// seconds that systemd gives by default.
    public static let drainTime: Duration = .seconds(30)
    /// Advice to end is not urgent, and claims carry it too.
    static let terminationInterval: Duration = .seconds(60)

    // MARK: Calls

    /// One call that does not wait for anything, from start to end.
    static let callTimeout: Duration = .seconds(15)
    /// A call at the very end of a claim gets this long: less would not cross an ocean and back.
    static let shortestCall: Duration = .seconds(1)
    /// Clocks nearer than this count as equal: the header that tells the service's time has whole seconds.
    static let tolerableSkew: Duration = .seconds(2)
}
