/// The store's constants, each with its reason.
enum StorePolicy {
    /// The kernel tells nobody when a lock is free.
    static let holderRetry = Duration.milliseconds(100)
    /// Milliseconds; only a backup or a tool of somebody's can hold the file for a moment.
    static let busyTimeout: Int32 = 5_000
    /// The project's own statements are about a hundred; the bound is for what is built dynamically.
    static let statementCache = 512
    /// A commit with more would make the first of them wait too long for the last.
    static let writesPerCommit = 256
    /// After an outage many tasks can be past their deadline: no claim resolves more of them than this.
    static let overduePerClaim = 200
    /// Tasks that are looked at before the next are chosen: more than one commit's workers usually wait for, and
    /// few enough that large payloads of theirs fit into memory.
    static let tasksPerRound = 256
    /// Sequence numbers of which the waiting tasks of a tenant are counted together: so many index entries are
    /// counted within a millisecond, and a queue of a million has some hundred blocks.
    static let tasksPerBlock: Int64 = 8_192
    /// Some megabytes of payloads at once, and few round trips for a million rows.
    static let rowsPerImport = 1_000
    /// Bytes of payloads in the answer to one question, unless a single task has more: well within what a worker
    /// reads at once.
    static let payloadPerAnswer = 4 << 20
    /// Events that one look for those that fit passes over: some ten milliseconds of a reader's time.
    static let eventsPerLook: Int64 = 20_000
    /// Clocks that are set back by more than this are a fault to be mended: so far before a moment, events are
    /// sure to be older.
    static let clockStep = Duration.seconds(2 * 3_600)
    /// A worker that has run out of work is looked at so soon at the latest; the deadlines of its silence, which
    /// begin then, are longer by far.
    static let lookAfterWork = Duration.seconds(1)
    /// Reads are short; two keep a listing from delaying a pass.
    static let readers = 2
    /// 64 MiB keep the indexes of 200,000 tasks in memory.
    static let cacheKiB = 65_536
    /// 32 MiB of journal: a page that a hundred commits have changed is copied into the database once, and a start
    /// after a crash reads no more than that.
    static let pagesPerCheckpoint = 8_192
    /// Bytes; a journal that a burst made long is cut back to this.
    static let journalLimit = 64 << 20
    /// Whoever has damage in the database needs a backup; more lines of it would not help.
    static let damageReported = 20
    /// Steps of SQLite's machine: some milliseconds, so that nobody waits for what was given up.
    static let stepsBetweenLooks: Int32 = 100_000

    // MARK: PostgreSQL

    /// The oldest version that is still maintained, and the first with a pipeline in its library.
    static let postgresVersion: Int32 = 140_000
    /// Connections that write. Each scope uses one at a time; more than the server has cores bring nothing.
    static let postgresWriters = 8
    /// Changes that wait for the next statement to be sent with it: few of them are ever made in a row, unless it
    /// is an import, whose rows need not all be in memory.
    static let postgresChangesPerMessage = 16
    /// Connections that read.
    static let postgresReaders = 4
    /// A server that is there answers within milliseconds, one that has just been started within seconds.
    static let postgresConnect = Duration.seconds(5)
    /// A statement of Muster's own takes milliseconds; one that meets a million rows some seconds.
    static let postgresStatement = Duration.seconds(30)
    /// What care reads, such as a full recount.
    static let postgresCare = Duration.seconds(3_600)
    /// An index of a large table.
    static let postgresMigration = Duration.seconds(24 * 3_600)
    /// Whoever has not answered so long after the server itself should have given up a statement is not there.
    static let postgresAnswer = Duration.seconds(10)
    /// Transactions follow one another within milliseconds; who waits longer meets one that hangs.
    static let postgresLock = Duration.seconds(10)
    /// A process that stands still in the middle of a transaction keeps its locks for no longer; bodies of
    /// transactions compute for milliseconds between two statements.
    static let postgresIdleTransaction = Duration.seconds(10)
    /// How long a call waits for a server that is away: a restart takes seconds, a person's patience ends.
    static let postgresPatience = Duration.seconds(15)
    /// How often a transaction that others took back runs; each time some of them are through.
    static let postgresAttempts = 10
    /// Before the first new attempt.
    static let postgresFirstRest = Duration.milliseconds(20)
    /// A server that is back is noticed so soon.
    static let postgresLongestRest = Duration.seconds(1)
    /// The server's table of locks has room for 64 a connection unless it is told otherwise; more pools at once
    /// lock the whole store.
    static let postgresLocksPerTransaction = 32
    /// Bytes; the server takes less than 8,000 in a notification.
    static let postgresMessage = 7_000
    /// Notifications of all processes are committed one after another: a hundred a second of each are enough.
    static let postgresTellGap = Duration.milliseconds(10)
    /// A connection of which nobody notices that it is dead would tell nothing.
    static let postgresHeartbeat = Duration.seconds(5)
    /// Events of so many commits are numbered together.
    static let postgresNumberingGap = Duration.milliseconds(5)
    /// The net for a process that died between a commit and its numbering.
    static let postgresNumberingRest = Duration.seconds(5)
    /// Rows that one transaction numbers: some tens of milliseconds.
    static let eventsPerNumbering = 2_000
    /// How often the database's clock is read: two machines' crystals part by some milliseconds in that time.
    static let postgresClockInterval = Duration.seconds(30)
    /// How often it is read then: the quickest answer says it best.
    static let postgresClockReadings = 4
}
