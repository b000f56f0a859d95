import MusterCore
import MusterRuntime

/// Gives the events of committed transactions their positions.
///
/// One transaction at a time numbers what it can see, behind everything that was numbered before. So positions
/// are in the order of commits; events that were committed between two numberings are in the order in which they
/// were written, which for those of one subject is the same.
final class PostgresNumbering: Sendable {
    private let pool: PostgresPool
    private let key: Int64
    private let clock: any WallClock
    private let wanted = WakeSignal()
    private let isWanted = Locked(false)
    private let floor = Locked(NumberingFloor())
    private let numbered: @Sendable () -> Void

    /// - Parameter numbered: called whenever events have got positions, or somebody wanted that.
    init(
        _ pool: PostgresPool, schema: String, clock: any WallClock, numbered: @escaping @Sendable () -> Void
    ) {
        self.pool = pool
        self.clock = clock
        self.numbered = numbered
        key = PostgresLocks.key(schema, "outbox", "")
    }

    /// The number of a written event up to which none is without its position.
    var begin: Int64 { floor.withLock { $0.written } }

    /// There are committed events without a position.
    func want() {
        isWanted.withLock { $0 = true }
        wanted.wake()
    }

    /// Numbers when there is something, until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            await wanted.wait(for: StorePolicy.postgresNumberingRest, clock: clock)
            guard !Task.isCancelled else { return }
            let isWanted = isWanted.withLock { isWanted in
                defer { isWanted = false }
                return isWanted
            }
            do {
                if try await number() || isWanted { numbered() }
            } catch {
                // Readers number for themselves; the next look tries again.
                if isWanted { self.isWanted.withLock { $0 = true } }
                continue
            }
            try? await clock.sleep(for: StorePolicy.postgresNumberingGap)
        }
    }

    /// Numbers every event that has been committed; whether there was one.
    func number() async throws -> Bool {
        let session = try await pool.lease()
        defer { pool.giveBack(session) }
        var found = false
        while true {
            let (view, count) = try await session.number(under: key, after: begin)
            if count > 0 { found = true }
            guard count == StorePolicy.eventsPerNumbering else {
                floor.withLock { $0.note(view) }
                return found
            }
        }
    }
}

extension PostgresSession {
    /// Whatever happens to it halfway, it can be done again: positions that were not given to events are left out.
    fileprivate func number(under key: Int64, after begin: Int64) async throws -> (NumberingFloor.View, Int) {
        let end = connector.clock.uptime() + StorePolicy.postgresPatience
        var attempts = 0
        while true {
            let connection = try await connected(until: end)
            do throws(PostgresFailure) {
                let answers = try connection.ask([
                    PostgresCommand("BEGIN ISOLATION LEVEL READ COMMITTED"),
                    PostgresCommand("SELECT pg_advisory_xact_lock($1)", [key]),
                    PostgresCommand(PostgresSchema.lastWritten),
                    PostgresCommand(PostgresSchema.transactions),
                    PostgresCommand(PostgresSchema.numbering, [StorePolicy.eventsPerNumbering, begin]),
                    PostgresCommand("COMMIT"),
                ])
                return (try NumberingFloor.View(answers[2], answers[3]), answers[4].changed)
            } catch {
                disconnect()
                attempts += 1
                guard error.kind != .refused, attempts < StorePolicy.postgresAttempts else {
                    throw error.problem
                }
            }
        }
    }
}

extension NumberingFloor.View {
    fileprivate init(_ written: PostgresAnswer, _ transactions: PostgresAnswer) throws(PostgresFailure) {
        do throws(Problem) {
            guard let last = try written.rows.first?.integer("last"), let row = transactions.rows.first else {
                throw Problem(.storeFailed, "the database does not say which events there are")
            }
            self.init(lastWritten: last, oldest: try row.integer("oldest"), newest: try row.integer("newest"))
        } catch {
            throw PostgresFailure(.refused, error.message)
        }
    }
}
