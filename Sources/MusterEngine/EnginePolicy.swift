/// The engine's constants, each with its reason. A value, so that tests can run with shorter times.
public struct EnginePolicy: Sendable {
    /// A pool's pass without any reason: the net under the signals, not the trigger.
    public var passInterval = Duration.seconds(30)
    /// Passes of one pool are so far apart at least: a burst of a thousand submissions makes one of them.
    public var passGap = Duration.milliseconds(20)
    /// A plan that launches nothing and shows other numbers is written down so far apart at least.
    public var planGap = Duration.seconds(1)
    /// A provider that throttles without saying for how long is left alone for so long.
    public var throttlePause = Duration.seconds(2)
    /// No word of a provider holds a launch config up for longer: quota windows last a minute, and one call then tells
    /// more than an hour's silence.
    public var longestThrottlePause = Duration.seconds(5 * 60)
    /// A listing of which nothing has come for longer than this has failed: the loop must not wait for it for ever.
    public var listingDeadline = Duration.seconds(60)
    /// A pass that decides the same is written down so often, so that its age says that it still runs.
    public var planRefresh = Duration.seconds(60)
    /// How many different plans of a pool are kept.
    public var plansKept = 50
    /// How long a process counts as there after it was last heard of: long against a pass, short against the
    /// patience of whoever waits for a dead one's pools.
    public var leaseTime = Duration.seconds(60)
    /// A notification of another process that was lost delays those who wait for tasks by no more than this.
    public var lineInterval = Duration.seconds(15)
    /// A provider's listing without any reason.
    public var reconcileInterval = Duration.seconds(15)
    /// A provider that does not say for so long where it points is not listed this time; its answer is usually known.
    public var placeDeadline = Duration.seconds(20)
    /// Two listings that miss a worker must be so far apart: hints may wake a second one at once, and the same lagging
    /// copy of the cloud's state answers both.
    public var patienceWithAbsence = Duration.seconds(5)
    /// The same when most workers are missed at once: replacing a fleet that is still there costs more than two
    /// minutes of waiting for one that is gone.
    public var patienceWithMost = Duration.seconds(120)
    /// An instance with our tag that nobody knows may belong to a transaction that is on its way.
    public var unknownInstanceGrace = Duration.seconds(60)
    /// How long a launch of unknown outcome waits between two look-ups.
    public var recoveryInterval = Duration.seconds(5)
    /// A launch whose look-up fails again and again, as in a region that is away, is tried so seldom at the most.
    public var longestLookUpPause = Duration.seconds(60)
    /// After a start nobody has been able to renew for as long as Muster was away: no claim expires before.
    public var claimGrace = Duration.seconds(30)
    /// A clock that differs by less from what it should say is being corrected, and harms no lease: the shortest
    /// of those that matter last minutes.
    public var clockTolerance = Duration.seconds(5)
    /// How often somebody looks whether the clock was set, so that it is told of soon. Whoever judges by the
    /// clock looks first in any case.
    public var clockInterval = Duration.seconds(5)
    /// Calls of workers are noted together: a note a call would be most of the writes there are.
    public var contactInterval = Duration.seconds(2)
    /// Loops that follow the store's signals run so far apart at least.
    public var followGap = Duration.milliseconds(20)
    /// A loop that failed runs again after this at first, and at the most after `failureDelayLimit`.
    public var failureDelay = Duration.seconds(1)
    /// A store that is full or a cloud that is out is asked again within half a minute of its return.
    public var failureDelayLimit = Duration.seconds(30)
    /// How many workers' deadlines are judged in one transaction.
    public var workersPerLook = 200
    /// How many claims or deadlines end in one transaction.
    public var tasksPerExpiry = 200
    /// How many tasks are cancelled in one transaction: a writer behind it waits for some hundredths of a second.
    public var tasksPerCancellation = 500
    /// How many tasks one call cancels: it is answered within a second or two.
    public var tasksPerCancellationCall = 10_000
    /// How many events a sink gets at once.
    public var eventsPerDelivery = 500
    /// Somebody who reads on after a week's holiday still finds it.
    public var retention = Retention()
    /// The retention loop; what it deletes is old by days.
    public var retentionInterval = Duration.seconds(10 * 60)
    /// How many rows of a kind are deleted in one transaction: a writer behind it waits for milliseconds.
    public var rowsPerDeletion = 500
    /// A registration whose answer was lost is answered again for so long at most.
    public var registrationRepeat = Duration.seconds(5 * 60)
    /// A worker waits so long for a task at most; a proxy between would cut a longer one.
    public var longestWait = Duration.seconds(30)
    /// How often somebody who waits for slots says that it is still there: well within the time for which its
    /// place is kept.
    public var slotRefresh = Duration.seconds(2)
    /// How many holders of slots whose time has passed are ended in one transaction.
    public var slotsPerExpiry = 500
    /// How many renewals or reports of a pool's workers share a transaction: others wait for milliseconds.
    public var reportsPerWrite = 256
    /// One answer must stay within what a worker reads at once.
    public var tasksPerClaim = 256

    /// How long ago a process may last have renewed its row and still count as attending to workers: the third
    /// of its time after which it does, and as much again for a slow store.
    static func freshness(of leaseTime: Duration) -> Duration { leaseTime * 2 / 3 }

    /// Within this a process that shares the store has read the clock again and looked whether it was set: what
    /// another has settled before is another jump.
    static let clockMemory = Duration.seconds(2 * 60)

    /// How long a process that is gone is listed: somebody may ask what became of it.
    static let replicaMemory = Duration.seconds(3_600)

    /// For how long a sink's lease must hold before it gets events: a delivery takes milliseconds, over a slow
    /// network some seconds.
    static let deliveryTime = Duration.seconds(10)

    /// How often what has been learned of a pool's work is kept: a process that dies forgets so much.
    static let learningKept = Duration.seconds(60)

    /// How many launches of a provider are looked up at once. What several ask for at one moment is one call, so that
    /// this bounds memory above all.
    static let lookUpsPerProvider = 1_000

    /// How many planned launches are read at once: a reader beside a writer, for milliseconds.
    static let launchesPerRead = 1_000

    /// How many pools a scheduled run passes over at once: one whose task source hangs holds up few others.
    static let poolsAtOnce = 16

    /// How long a look at a provider, or at a launch config with its eyes, may take: a dozen calls, some of which
    /// wait for their turn.
    static let providerLookTime = Duration.seconds(90)

    /// So few may well end at once, and are soon replaced if they have not.
    static let manyMissed = 10

    /// How many workers are remembered as having used their credentials; about 10 MB.
    static let workersRemembered = 100_000

    /// The usual times.
    public init() {}

    /// How long what is over is kept.
    public struct Retention: Sendable {
        public var tasks = Duration.seconds(7 * 86_400)
        public var workers = Duration.seconds(7 * 86_400)
        public var launches = Duration.seconds(7 * 86_400)
        public var errors = Duration.seconds(7 * 86_400)
        public var events = Duration.seconds(3 * 86_400)
        public var audit = Duration.seconds(365 * 86_400)
        /// A tenant without tasks is forgotten after this, and then counts as never served.
        public var tenants = Duration.seconds(7 * 86_400)

        /// The usual times.
        public init() {}
    }
}

/// From when on the doctor calls something wrong, each with its reason.
enum DoctorPolicy {
    /// Nobody reads more lines of one kind; the commands that list them show all.
    static let details = 20
    /// How many rows of a kind are looked at: enough to say that there are many.
    static let rows = 1_000
    /// A look-up takes seconds, and a provider that is out for so long is worth a word.
    static let launchUnknown = Duration.seconds(15 * 60)
    /// Claims are ended within a second, after a start within half a minute.
    static let claimPast = Duration.seconds(2 * 60)
    /// A pool whose process is gone is taken over within a minute.
    static let unattended = Duration.seconds(2 * 60)
    /// Listings are given up after a minute; nothing else a loop does takes a part of this.
    static let longRun = Duration.seconds(5 * 60)
    /// Three runs of a timer that starts Muster every five minutes.
    static let backlogAge = Duration.seconds(15 * 60)
    /// A sink that works has some hundred to get; this many take it a minute.
    static let backlogEvents = 10_000
    /// Of the time for which events are kept: what is left is time to mend a sink in.
    static let retentionUsed = 0.75
    /// Bytes; below this the database's journal may not fit any more.
    static let leastFree: UInt64 = 128 << 20
    /// Bytes; a week's outputs of a busy machine fit.
    static let littleFree: UInt64 = 1 << 30
}
