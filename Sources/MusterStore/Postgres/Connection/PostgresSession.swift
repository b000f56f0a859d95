import MusterCore
import MusterRuntime

/// A connection on a thread of its own, made when it is first needed and made again after it was lost.
///
/// One user at a time, who has leased it from the pool: what is awaited here lets nobody else in.
actor PostgresSession {
    private let executor: QueueExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    let connector: PostgresConnector
    private let use: PostgresConnection.Use
    private var connection: PostgresConnection?
    private var isClosed = false
    var marks = CommitMark()
    /// A commit of which nobody knows yet whether it took place.
    var doubt: CommitMark.Doubt?

    init(
        _ connector: PostgresConnector, label: String, for use: PostgresConnection.Use = .work
    ) {
        self.connector = connector
        self.use = use
        executor = QueueExecutor(label: label)
    }

    /// The connection; made again, with rests in between, until `end` by the clock's uptime.
    func connected(until end: Duration) async throws -> PostgresConnection {
        var attempt = 0
        while true {
            guard !isClosed else { throw Problem(.shuttingDown, "the store has been closed") }
            if let connection { return connection }
            do throws(PostgresFailure) {
                let made = try connector.open(for: use)
                connection = made
                return made
            } catch {
                guard error.kind == .lost, connector.clock.uptime() < end else { throw error.problem }
            }
            attempt += 1
            try await connector.rest(before: attempt)
        }
    }

    /// Lets go of a connection that is of no more use.
    func disconnect() {
        connection?.abandon()
        connection = nil
    }

    func close() {
        connection = nil
        isClosed = true
    }

    /// Runs `body` on one moment of the database, again when the connection is lost meanwhile.
    ///
    /// - Parameter givingUp: whether no more statements are made once the task is cancelled.
    func read<Result: Sendable>(
        givingUp: Bool = false, _ body: @Sendable (any ReadTransaction) async throws -> Result
    ) async throws -> Result {
        let end = connector.clock.uptime() + StorePolicy.postgresPatience
        var attempts = 0
        while true {
            let transaction = PostgresReadTransaction(
                try await connected(until: end), opening: PostgresReadTransaction.snapshot)
            transaction.givesUpWhenCancelled = givingUp
            let result: Swift.Result<Result, any Error>
            do {
                result = .success(try await body(transaction))
            } catch {
                result = .failure(error)
            }
            if let failure = transaction.failure, failure.kind != .refused {
                if failure.kind != .conflict { disconnect() }
                attempts += 1
                if attempts < StorePolicy.postgresAttempts { continue }
            }
            finish(transaction)
            return try result.get()
        }
    }

    /// Ends a transaction of which nothing is to be kept.
    func finish(_ transaction: PostgresReadTransaction) {
        guard transaction.failure?.kind != .lost, connection != nil else { return disconnect() }
        do throws(PostgresFailure) {
            try transaction.abandon()
        } catch {
            disconnect()
        }
    }
}
