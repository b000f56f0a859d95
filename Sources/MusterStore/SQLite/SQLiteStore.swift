import Glibc
public import MusterCore
public import MusterRuntime

/// The embedded engine: one file, one writer, readers beside it.
public final class SQLiteStore: Store {
    private let holder: Locked<StoreHolder?>
    private let writer: SQLiteWriter
    private let readers: [SQLiteReader]
    private let nextReader = Locked(0)
    private let broadcast: SignalBroadcast
    private let care: SQLiteUpkeep

    /// Opens the database at `path`, makes it if it is not there, and brings its schema up to date.
    ///
    /// - Parameter access: `readOnly` changes nothing, not even the schema; every write throws then.
    /// - Throws: `Problem` `store-held` when another process has it, `store-newer` when a newer version of
    ///   Muster has made it, `store-failed` when it cannot be used.
    public init(
        path: String, access: StoreAccess = .readWrite, clock: any WallClock = SystemClock()
    ) throws(Problem) {
        holder = Locked(try StoreHolder(databasePath: path))
        let connection: SQLiteConnection
        switch access {
        case .readWrite:
            try Self.prove(path)
            connection = try SQLiteConnection(path: path, access: .readWrite)
            // Before anything is changed, also the file's mode: it may be somebody else's.
            try Migrator.recognize(connection, path)
            guard chmod(path, 0o600) == 0 else {
                throw Problem(.storeFailed, "the database \(path) is another user's")
            }
            try Self.prepare(connection, at: clock.now())
        case .readOnly:
            connection = try SQLiteConnection(path: path, access: .readOnly)
            try Migrator.recognize(connection, path)
            try Migrator(connection, now: clock.now()).requireCurrent()
        }
        let file = try DatabaseFile(path)
        care = SQLiteUpkeep(path: path)
        let broadcast = SignalBroadcast()
        self.broadcast = broadcast
        writer = SQLiteWriter(connection: connection, file: file, clock: clock) { broadcast.send($0) }
        readers = (0..<StorePolicy.readers).map {
            SQLiteReader(path: path, label: "muster.store.reader.\($0)")
        }
    }

    private static func prepare(_ connection: SQLiteConnection, at now: Timestamp) throws(Problem) {
        try connection.script(
            """
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            PRAGMA foreign_keys = ON;
            PRAGMA temp_store = MEMORY;
            PRAGMA wal_autocheckpoint = \(StorePolicy.pagesPerCheckpoint);
            PRAGMA cache_size = -\(StorePolicy.cacheKiB);
            PRAGMA journal_size_limit = \(StorePolicy.journalLimit);
            """)
        try Migrator(connection, now: now).migrate()
        // Whoever has the lock is alone: replicas that are left are dead processes, and nobody need wait for
        // the end of what they held. The leases' epochs stay, so that the next ones are higher.
        try connection.run("DELETE FROM replicas")
    }

    /// Makes sure that the file can be written, and makes it when it is not there: for its owner alone, since
    /// payloads and outputs are in it. The journal follows its mode.
    private static func prove(_ path: String) throws(Problem) {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw Problem(
                .storeFailed, "cannot open the database \(path): \(String(cString: strerror(errno)))")
        }
        Glibc.close(descriptor)
    }

    /// Lets the database grow by no more than so many pages, as if its disk were full then; nil for as far as
    /// the disk goes. For tests.
    package func limitGrowth(to pages: Int?) async throws { try await writer.limitGrowth(to: pages) }

    public func write<Result: Sendable>(
        in scope: WriteScope, _ body: @escaping @Sendable (any WriteTransaction) async throws -> Result
    ) async throws -> Result {
        try await writer.write(body)
    }

    public func read<Result: Sendable>(
        _ body: @escaping @Sendable (any ReadTransaction) async throws -> Result
    ) async throws -> Result {
        let index = nextReader.withLock { next in
            next = (next + 1) % StorePolicy.readers
            return next
        }
        return try await readers[index].read(body)
    }

    /// The single writer hands out positions in the order of its commits.
    public func readOutbox<Result: Sendable>(
        _ body: @escaping @Sendable (any ReadTransaction) async throws -> Result
    ) async throws -> Result {
        try await read(body)
    }

    public func signals() -> AsyncStream<Set<StoreSignal>> { broadcast.stream() }

    public var upkeep: any StoreUpkeep { care }

    public func close() async {
        await care.close()
        for reader in readers { await reader.close() }
        await writer.close()
        broadcast.finish()
        holder.withLock { $0 = nil }
    }
}
