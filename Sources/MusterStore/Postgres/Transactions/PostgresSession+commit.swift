import MusterCore
import MusterRuntime

extension PostgresSession {
    private enum Outcome {
        case committed(Set<StoreSignal>)
        /// A write threw, and everything was taken back.
        case takenBack
    }

    /// Runs writes of one scope in one transaction, and answers them when it is committed.
    ///
    /// What others or the network took back runs again; when a write throws, all run again, each within its own
    /// savepoint: it takes back its own changes and no others'.
    /// - Returns: what the committed ones signalled.
    func commit(
        _ batch: [any PendingWrite], _ locks: PostgresLocks, clock: (any WallClock)?
    ) async -> Set<StoreSignal> {
        let end = connector.clock.uptime() + StorePolicy.postgresPatience
        var attempts = 0
        var isApart = false
        while true {
            do {
                let transaction = PostgresWriteTransaction(
                    try await connected(until: end), locks, clock: clock)
                switch try await perform(batch, apart: isApart, in: transaction) {
                case .committed(let signals):
                    for write in batch { write.succeed() }
                    return signals
                case .takenBack where batch.count == 1:
                    batch[0].fail(Problem(.storeFailed, "the only write of a batch failed"))
                    return []
                case .takenBack: isApart = true
                }
            } catch let failure as PostgresFailure {
                if failure.kind == .lost || failure.kind == .stale { disconnect() }
                attempts += 1
                guard failure.kind != .refused, attempts < StorePolicy.postgresAttempts,
                    connector.clock.uptime() < end
                else {
                    for write in batch { write.fail(failure.problem) }
                    return []
                }
                if failure.kind == .conflict { try? await connector.rest(before: attempts) }
            } catch {
                for write in batch { write.fail(error) }
                return []
            }
        }
    }

    /// - Throws: `PostgresFailure` when nothing of it is stored, and it may run again; `Problem` when nobody knows.
    private func perform(
        _ batch: [any PendingWrite], apart: Bool, in transaction: PostgresWriteTransaction
    ) async throws -> Outcome {
        for write in batch {
            let part = apart ? transaction.beginPart() : nil
            var isDone = await write.perform(in: transaction)
            if let failure = transaction.failure {
                // Without its opening there is nothing to go back to.
                if failure.kind != .refused || transaction.opened == nil {
                    finish(transaction)
                    throw failure
                }
                // Whatever the body made of it: the server does nothing more in this transaction.
                write.refuse(failure.problem)
                isDone = false
            }
            if let part {
                if isDone { transaction.keep(part) } else { transaction.takeBack(part) }
            } else if !isDone {
                finish(transaction)
                return .takenBack
            }
        }
        try await commit(transaction)
        return .committed(transaction.signals)
    }

    private func commit(_ transaction: PostgresWriteTransaction) async throws {
        do throws(PostgresFailure) {
            guard let answer = try transaction.end("COMMIT"), answer.tag != "COMMIT" else { return }
            throw PostgresFailure(.conflict, "the database took a transaction back: \(answer.tag)")
        } catch {
            guard error.kind == .lost else { throw error }
            disconnect()
            guard try await isCommitted(transaction.id, after: error) else {
                throw PostgresFailure(.conflict, state: error.state, error.message)
            }
        }
    }

    /// What became of a commit whose answer did not come.
    private func isCommitted(_ id: String?, after failure: PostgresFailure) async throws -> Bool {
        let end = connector.clock.uptime() + StorePolicy.postgresPatience
        var attempt = 0
        while let id {
            let connection = try await connected(until: end)
            do throws(PostgresFailure) {
                let rows = try connection.rows(
                    "SELECT pg_xact_status($1::text::xid8) AS status", id)
                switch try? rows.first?.optionalText("status") {
                case "committed": return true
                case "aborted": return false
                // The server has not noticed yet that nobody is there.
                case "in progress": break
                default: throw PostgresFailure(.refused, "it is too long ago")
                }
            } catch {
                guard error.kind == .lost else { break }
                disconnect()
            }
            guard connector.clock.uptime() < end else { break }
            attempt += 1
            try await connector.rest(before: attempt)
        }
        throw Problem(
            .storeFailed,
            "the connection to the database was lost during a commit (\(failure.message)), and it cannot be found "
                + "out whether it took place")
    }
}
