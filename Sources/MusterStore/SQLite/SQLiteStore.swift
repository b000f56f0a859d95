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
            try Self.keepPrivate(path)
            connection = try SQLiteConnection(path: path, access: .readWrite)
            try Self.prepare(connection, at: clock.now())
        case .readOnly:
            connection = try SQLiteConnection(path: path, access: .readOnly)
            try Migrator(connection, now: clock.now()).requireCurrent()
        }
        let broadcast = SignalBroadcast()
        self.broadcast = broadcast
        writer = SQLiteWriter(connection: connection, clock: clock) { broadcast.send($0) }
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
        // Whoever has the lock is alone: leases that are left are a dead process's, and nobody need wait for
        // their end. Their epochs stay, so that the next ones are higher.
        try connection.run("UPDATE leases SET expires_at = 0")
    }

    /// Makes the database its owner's alone: payloads and outputs are in it. The journal follows its mode.
    private static func keepPrivate(_ path: String) throws(Problem) {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw Problem(
                .storeFailed, "cannot open the database \(path): \(String(cString: strerror(errno)))")
        }
        defer { Glibc.close(descriptor) }
        guard fchmod(descriptor, 0o600) == 0 else {
            throw Problem(.storeFailed, "the database \(path) is another user's")
        }
    }

    public func write<Result: Sendable>(
        _ body: @escaping @Sendable (any WriteTransaction) async throws -> Result
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

    public func signals() -> AsyncStream<Set<StoreSignal>> { broadcast.stream() }

    public func close() async {
        for reader in readers { await reader.close() }
        await writer.close()
        broadcast.finish()
        holder.withLock { $0 = nil }
    }
}
