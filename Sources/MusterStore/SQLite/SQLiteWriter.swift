import MusterCore
import MusterRuntime

/// The one connection that writes, on a thread of its own.
///
/// Writes that arrive while a commit is on its way to the disk wait together and share the next one. When one of
/// them fails, all run again, each within its own savepoint: it takes back its own changes and no others'.
actor SQLiteWriter {
    private let executor: QueueExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    private let mailbox = Locked(Mailbox())
    private let file: DatabaseFile
    private let clock: any WallClock
    private let committed: @Sendable (Set<StoreSignal>) -> Void
    private var connection: SQLiteConnection?

    private struct Mailbox {
        var waiting: [any PendingWrite] = []
        var isDraining = false
    }

    init(
        connection: sending SQLiteConnection, file: DatabaseFile, clock: any WallClock,
        committed: @escaping @Sendable (Set<StoreSignal>) -> Void
    ) {
        self.connection = connection
        self.file = file
        self.clock = clock
        self.committed = committed
        executor = QueueExecutor(label: "muster.store.writer")
    }

    /// Waits for a turn, runs `body` and waits until its commit is on the disk.
    nonisolated func write<Result: Sendable>(
        _ body: @escaping @Sendable (any WriteTransaction) async throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let write = TypedWrite(body: body, continuation: continuation)
            let mustDrain = mailbox.withLock { mailbox in
                mailbox.waiting.append(write)
                defer { mailbox.isDraining = true }
                return !mailbox.isDraining
            }
            if mustDrain { Task { await self.drain() } }
        }
    }

    /// See `SQLiteStore.limitGrowth`.
    func limitGrowth(to pages: Int?) throws {
        guard let connection else { return }
        let count = try connection.rows("PRAGMA page_count").first?.integer("page_count") ?? 0
        let limit = pages.map { count + Int64($0) } ?? Int64(UInt32.max) - 1
        _ = try connection.rows("PRAGMA max_page_count = \(limit)")
    }

    /// Commits what waits, then lets go of the database.
    nonisolated func close() async {
        // Behind everything that waits: what was accepted before is committed.
        _ = try? await write { _ in }
        await letGo()
    }

    private func letGo() { connection = nil }

    private func drain() async {
        while true {
            let batch = mailbox.withLock { mailbox in
                let batch = Array(mailbox.waiting.prefix(StorePolicy.writesPerCommit))
                mailbox.waiting.removeFirst(batch.count)
                if batch.isEmpty { mailbox.isDraining = false }
                return batch
            }
            if batch.isEmpty { return }
            await commit(batch)
        }
    }

    private func commit(_ batch: [any PendingWrite]) async {
        guard let connection else {
            for write in batch { write.fail(Problem(.shuttingDown, "the store has been closed")) }
            return
        }
        do {
            try file.requireInPlace()
            try connection.run("BEGIN IMMEDIATE")
            var signals = await performAll(batch, on: connection)
            if signals == nil, batch.count > 1 {
                if !connection.isIdle { try connection.run("ROLLBACK") }
                try connection.run("BEGIN IMMEDIATE")
                signals = try await performEach(batch, on: connection)
            }
            guard let signals else { throw Problem(.storeFailed, "the only write of a batch failed") }
            try connection.run("COMMIT")
            for write in batch { write.succeed() }
            if !signals.isEmpty { committed(signals) }
        } catch {
            if !connection.isIdle { _ = try? connection.run("ROLLBACK") }
            for write in batch { write.fail(error) }
        }
    }

    /// Runs the writes of a batch one after another, as if they were one; nil as soon as one fails.
    ///
    /// That is what nearly every batch comes to, and it spares a savepoint for each: with one, SQLite keeps a
    /// copy of every page that the write is the first to change.
    private func performAll(
        _ batch: [any PendingWrite], on connection: SQLiteConnection
    ) async -> Set<StoreSignal>? {
        var signals: Set<StoreSignal> = []
        for write in batch {
            let transaction = SQLiteWriteTransaction(connection, clock: clock)
            guard await write.perform(in: transaction) else { return nil }
            signals.formUnion(transaction.signals)
        }
        return signals
    }

    /// Runs the writes of a batch each within a savepoint of its own, so that those that fail take back their
    /// own changes and no others'.
    private func performEach(
        _ batch: [any PendingWrite], on connection: SQLiteConnection
    ) async throws -> Set<StoreSignal> {
        var signals: Set<StoreSignal> = []
        for write in batch {
            let transaction = SQLiteWriteTransaction(connection, clock: clock)
            try connection.run("SAVEPOINT write")
            if await write.perform(in: transaction) {
                signals.formUnion(transaction.signals)
            } else {
                // After a full disk or an I/O error SQLite may have taken back the whole transaction.
                if connection.isIdle {
                    throw write.problem ?? Problem(.storeFailed, "a write failed and took its batch along")
                }
                try connection.run("ROLLBACK TO write")
            }
            try connection.run("RELEASE write")
        }
        return signals
    }
}
