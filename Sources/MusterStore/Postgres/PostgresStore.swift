import MusterCore
import MusterRuntime

/// The engine for many processes: one PostgreSQL database, any number of them on it.
public final class PostgresStore: Store {
    /// The database's clock, by which all its processes go.
    public let clock: StoreClock
    let connector: PostgresConnector
    let access: StoreAccess
    private let writers: PostgresPool
    let readers: PostgresPool
    private let lanes: PostgresLanes
    let numbering: PostgresNumbering
    let messenger: PostgresMessenger
    private let broadcast: SignalBroadcast
    let work = Locked<[Task<Void, Never>]>([])

    init(
        _ connector: PostgresConnector, _ schema: String, _ access: StoreAccess, _ leases: (any WallClock)?
    ) throws {
        self.connector = connector
        self.access = access
        clock = StoreClock(connector.clock)
        let broadcast = SignalBroadcast()
        self.broadcast = broadcast
        let writers = PostgresPool(connector, size: StorePolicy.postgresWriters, label: "muster.store.writer")
        self.writers = writers
        readers = PostgresPool(connector, size: StorePolicy.postgresReaders, label: "muster.store.reader")
        let messenger = try PostgresMessenger(connector, schema: schema) { broadcast.send($0) }
        self.messenger = messenger
        let numbering = PostgresNumbering(writers, schema: schema, clock: connector.clock) {
            broadcast.send([.outbox])
            messenger.tell([.outbox])
        }
        self.numbering = numbering
        lanes = PostgresLanes(writers, schema: schema, clock: leases) { signals in
            // Events are told of when they can be read.
            let told = signals.subtracting([.outbox])
            if told.count < signals.count { numbering.want() }
            if told.isEmpty { return }
            broadcast.send(told)
            messenger.tell(told)
        }
    }

    public func write<Result: Sendable>(
        in scope: WriteScope, _ body: @escaping @Sendable (any WriteTransaction) async throws -> Result
    ) async throws -> Result {
        guard access == .readWrite else {
            throw Problem(.storeFailed, "the store was opened for reading only")
        }
        return try await lanes.write(in: scope, body)
    }

    public func readOutbox<Result: Sendable>(
        _ body: @escaping @Sendable (any ReadTransaction) async throws -> Result
    ) async throws -> Result {
        // Whoever only reads sees what others have numbered.
        guard access == .readWrite else { return try await read(body) }
        let begin = numbering.begin
        let answer = try await read { transaction -> Result? in
            guard try await transaction.rows(PostgresSchema.isWaiting, begin).isEmpty else { return nil }
            return try await body(transaction)
        }
        if let answer { return answer }
        _ = try await numbering.number()
        return try await read(body)
    }

    public func read<Result: Sendable>(
        _ body: @escaping @Sendable (any ReadTransaction) async throws -> Result
    ) async throws -> Result {
        let session = try await readers.lease()
        defer { readers.giveBack(session) }
        return try await session.read(body)
    }

    public func signals() -> AsyncStream<Set<StoreSignal>> { broadcast.stream() }

    public var upkeep: any StoreUpkeep { PostgresUpkeep(connector: connector) }

    public func close() async {
        await lanes.close()
        let tasks = work.withLock { tasks in
            defer { tasks = [] }
            return tasks
        }
        for task in tasks { task.cancel() }
        messenger.close()
        for task in tasks { await task.value }
        await writers.close()
        await readers.close()
        broadcast.finish()
    }
}
