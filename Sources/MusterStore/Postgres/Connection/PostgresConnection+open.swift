import CPostgres
import MusterCore
import MusterRuntime

extension PostgresConnection {
    /// What a connection is for.
    enum Use {
        /// Statements that find their rows by indexes.
        case work
        /// What reads whole tables and takes long.
        case care
    }

    /// Makes a connection and tells the server how long it may wait for whom.
    ///
    /// - Throws: `lost` when the server cannot be reached, `refused` when it will not have this user.
    static func open(
        _ address: PostgresAddress, clock: any WallClock, for use: Use
    ) throws(PostgresFailure) -> PostgresConnection {
        let added = ["application_name": "muster", "client_encoding": "UTF8", "tcp_user_timeout": "20000"]
        let started = address.withWords(adding: added) { PQconnectStartParams($0, $1, 0) }
        guard let started else { throw PostgresFailure(.lost, "there is no memory for a connection") }
        let connection = PostgresConnection(
            started, clock: clock, patience: statementTime(use) + StorePolicy.postgresAnswer)
        try connection.finishOpening(address)
        try connection.ask([settings(use)])
        return connection
    }

    private func finishOpening(_ address: PostgresAddress) throws(PostgresFailure) {
        // So that an error has the server's five letters, which only a result would have else.
        PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
        // What the server remarks beside its answers is for psql.
        _ = PQsetNoticeReceiver(handle, { _, _ in }, nil)
        let wait = PostgresWait(clock, within: StorePolicy.postgresConnect)
        var step = PGRES_POLLING_WRITING
        while step != PGRES_POLLING_OK {
            guard step != PGRES_POLLING_FAILED, PQstatus(handle) != CONNECTION_BAD else {
                throw Self.failure(lastWords, address)
            }
            let isReading = step == PGRES_POLLING_READING
            guard wait.wait(for: PQsocket(handle), reading: isReading, writing: !isReading) else {
                throw PostgresFailure(.lost, "the database \(address) does not answer")
            }
            step = PQconnectPoll(handle)
        }
        PQsetErrorVerbosity(handle, PQERRORS_DEFAULT)
        guard PQserverVersion(handle) >= StorePolicy.postgresVersion else {
            let version = PQserverVersion(handle) / 10_000
            throw PostgresFailure(
                .refused, "the database \(address) is PostgreSQL \(version): Muster needs 14 or later")
        }
        guard PQsetnonblocking(handle, 1) == 0, PQenterPipelineMode(handle) == 1 else {
            throw PostgresFailure(.lost, "the connection to \(address) cannot be used: \(lastWords)")
        }
    }

    private static func statementTime(_ use: Use) -> Duration {
        use == .work ? StorePolicy.postgresStatement : StorePolicy.postgresCare
    }

    /// What the server keeps to for this connection; a connection pool in between passes that on.
    private static func settings(_ use: Use) -> PostgresCommand {
        let settings = [
            "statement_timeout": "\(statementTime(use).milliseconds)",
            "lock_timeout": "\(StorePolicy.postgresLock.milliseconds)",
            "idle_in_transaction_session_timeout": "\(StorePolicy.postgresIdleTransaction.milliseconds)",
            // Statements are short: compiling them takes longer.
            "jit": "off",
            // Before a table's first statistics a plan may be made that reads all of it, and be kept.
            "enable_seqscan": use == .work ? "off" : "on",
            "random_page_cost": "1.1",
            // They are few and prepared, and go by keys: a plan for each call's values would be the same.
            "plan_cache_mode": "force_generic_plan",
        ].sorted { $0.key < $1.key }
        let calls = settings.map { "set_config('\($0.key)', '\($0.value)', false)" }
        return PostgresCommand("SELECT " + calls.joined(separator: ", "))
    }

    /// What libpq says of an attempt to connect: `... failed: FATAL:  28P01: password authentication failed ...`.
    private static func failure(_ words: String, _ address: PostgresAddress) -> PostgresFailure {
        let parts = words.split(separator: ":").map { $0.drop { $0 == " " } }
        let place = parts.indices.dropLast().first { index in
            parts[index].utf8.count == 5
                && parts[index].utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) }
                && parts[index].utf8.contains { (48...57).contains($0) }
        }
        guard let place else { return PostgresFailure(.lost, "the database cannot be reached: \(words)") }
        var message = parts[(place + 1)...].joined(separator: ": ")
        if let location = message.firstRange(of: " LOCATION") {
            message.removeSubrange(location.lowerBound...)
        }
        let state = String(parts[place])
        // Starting, shutting down, no connection left: that passes. The rest does not.
        let passes = ["57P03", "57P01", "57P02", "53300", "53200"].contains(state)
        return PostgresFailure(passes ? .lost : .refused, state: state, "\(address): \(message)")
    }
}
