import MusterCore
public import MusterRuntime

extension PostgresStore {
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

    /// Reads the clock, listens, and numbers events from now on.
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
