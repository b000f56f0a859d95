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
}
