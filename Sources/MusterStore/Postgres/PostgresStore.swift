import MusterCore
public import MusterRuntime

/// The engine for many processes: one PostgreSQL database, any number of them on it.
public final class PostgresStore: Store {
    /// The database's clock, by which all its processes go.
    public let clock: StoreClock
    private let connector: PostgresConnector
    private let access: StoreAccess
    private let writers: PostgresPool
    private let readers: PostgresPool
    private let lanes: PostgresLanes
    private let numbering: PostgresNumbering
    private let messenger: PostgresMessenger
    private let broadcast: SignalBroadcast
    private let work = Locked<[Task<Void, Never>]>([])

    /// Connects, brings the schema up to date and begins to listen to other processes.
    ///
    /// - Parameters:
    ///   - address: the database.
    ///   - access: `readOnly` changes nothing, not even the schema; every write throws then.
    ///   - machine: for deadlines and uptime; the time comes from the database.
    /// - Throws: `Problem` `store-newer` when a newer version of Muster has made the tables, `store-failed` when
    ///   the database cannot be used, also when it does not answer for some seconds.
    public static func open(
        _ address: PostgresAddress, access: StoreAccess = .readWrite, machine: any WallClock = SystemClock()
    ) async throws -> PostgresStore {
        try await open(address, access: access, machine: machine, leases: nil)
    }

    /// The same; for tests, `leases` is what transactions say instead of the database's clock.
    package static func open(
        _ address: PostgresAddress, access: StoreAccess = .readWrite, machine: any WallClock = SystemClock(),
        leases: (any WallClock)?
    ) async throws -> PostgresStore {
        let connector = PostgresConnector(address, clock: machine)
        let opening = PostgresSession(connector, label: "muster.store.opening")
        let schema: String
        do {
            schema = try await opening.prepare(access)
        } catch {
            await opening.close()
            throw error
        }
        await opening.close()
        let store = try PostgresStore(connector, schema, access, leases)
        do {
            try await store.begin()
        } catch {
            await store.close()
            throw error
        }
        return store
    }

    private init(
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

    private func begin() async throws {
        try await readClock()
        do throws(PostgresFailure) {
            try await messenger.listen()
        } catch {
            throw error.problem
        }
        let messenger = messenger
        let numbering = numbering
        var begun = [Task { await messenger.run() }, Task { await self.followClock() }]
        if access == .readWrite { begun.append(Task { await numbering.run() }) }
        work.withLock { $0 = begun }
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
        let answer = try await read { transaction -> Result? in
            guard try await transaction.rows(PostgresSchema.isWaiting).isEmpty else { return nil }
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

    private func followClock() async {
        while (try? await connector.clock.sleep(for: StorePolicy.postgresClockInterval)) != nil {
            // What it said before holds for as long as it cannot be asked.
            try? await readClock()
        }
    }

    private func readClock() async throws {
        let session = try await readers.lease()
        defer { readers.giveBack(session) }
        try await session.readClock(into: clock)
    }
}

extension PostgresSession {
    /// Makes sure that the database is of use, and brings its schema up to date; the schema's name.
    fileprivate func prepare(_ access: StoreAccess) async throws -> String {
        let connection = try await connected(until: connector.clock.uptime() + StorePolicy.postgresPatience)
        do {
            let schema = try PostgresMigrator.schema(of: connection)
            let migrator = PostgresMigrator(connection, schema: schema)
            switch access {
            case .readWrite: try migrator.migrate(now: connector.clock.now())
            case .readOnly: try migrator.requireCurrent()
            }
            return schema
        } catch let failure as PostgresFailure {
            throw failure.problem
        }
    }

    /// Asks the database for its time, a few times: the quickest answer says it best.
    fileprivate func readClock(into clock: StoreClock) async throws {
        let end = connector.clock.uptime() + StorePolicy.postgresPatience
        let connection = try await connected(until: end)
        var best: (time: Timestamp, before: Duration, after: Duration)?
        for _ in 0..<StorePolicy.postgresClockReadings {
            let before = clock.uptime()
            do throws(PostgresFailure) {
                let rows = try connection.ask([PostgresClock.question])
                let after = clock.uptime()
                guard let time = try? rows.first?.rows.first?.time("now") else { continue }
                if best.map({ after - before < $0.after - $0.before }) ?? true {
                    best = (time, before, after)
                }
            } catch {
                disconnect()
                throw error.problem
            }
        }
        if let best { clock.learn(best.time, between: best.before, and: best.after) }
    }
}
