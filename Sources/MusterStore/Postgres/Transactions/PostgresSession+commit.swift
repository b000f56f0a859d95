import MusterCore
import MusterRuntime

extension PostgresSession {
    private enum Outcome {
        case committed(Set<StoreSignal>)
        /// A write threw, and everything was taken back.
        case takenBack
        /// Others were in the way of a write, and everything was taken back.
        case contended
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
        doubt = nil
        return await commit(batch, locks, clock: clock, until: end)
    }

    private func commit(
        _ batch: [any PendingWrite], _ locks: PostgresLocks, clock: (any WallClock)?, until end: Duration
    ) async -> Set<StoreSignal> {
        var attempts = 0
        var isApart = false
        while true {
            do {
                let transaction = PostgresWriteTransaction(
                    try await connected(until: end), locks, apart: isApart, clock: clock)
                if let doubt, let signals = try settle(doubt, in: transaction) {
                    for write in batch { write.succeed() }
                    return signals
                }
                switch try await perform(batch, in: transaction) {
                case .committed(let signals):
                    for write in batch { write.succeed() }
                    return signals
                case .takenBack where batch.count == 1:
                    batch[0].fail(Problem(.storeFailed, "the only write of a batch failed"))
                    return []
                case .takenBack: isApart = true
                case .contended: return await commitAlone(batch, locks, clock: clock, until: end)
                }
            } catch let failure as PostgresFailure {
                if failure.kind == .lost || failure.kind == .stale { disconnect() }
                attempts += 1
                guard failure.kind != .refused, attempts < StorePolicy.postgresAttempts,
                    connector.clock.uptime() < end
                else {
                    for write in batch { write.fail(doubtful ?? failure.problem) }
                    return []
                }
                if failure.kind == .conflict { try? await connector.rest(before: attempts) }
            } catch {
                for write in batch { write.fail(doubtful ?? error) }
                return []
            }
        }
    }

    /// What is to be said when nobody knows whether a commit took place; nil when that is known.
    private var doubtful: Problem? {
        guard doubt != nil else { return nil }
        return Problem(
            .storeFailed,
            "the connection to the database was lost during a commit, and it cannot be found out whether it took "
                + "place")
    }

    /// Runs writes in a transaction each: what one of them locks does not hold up the others.
    private func commitAlone(
        _ batch: [any PendingWrite], _ locks: PostgresLocks, clock: (any WallClock)?, until end: Duration
    ) async -> Set<StoreSignal> {
        var signals: Set<StoreSignal> = []
        for write in batch {
            signals.formUnion(await commit([write], locks, clock: clock, until: end))
        }
        return signals
    }

    /// - Throws: `PostgresFailure` when nothing of it is stored, or nobody knows yet, which `doubt` tells.
    private func perform(
        _ batch: [any PendingWrite], in transaction: PostgresWriteTransaction
    ) async throws -> Outcome {
        for write in batch {
            let part = transaction.beginPart()
            var isDone = await write.perform(in: transaction)
            if let failure = transaction.failure {
                // Without its opening there is nothing to go back to.
                if failure.kind != .refused || !transaction.isOpened {
                    finish(transaction)
                    let isOwn = failure.kind == .conflict && transaction.isOpened && batch.count > 1
                    guard isOwn else { throw failure }
                    return .contended
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
        do throws(PostgresFailure) {
            try commit(transaction)
        } catch {
            // It may have been a change that went with it.
            guard error.kind == .refused, batch.count > 1, !transaction.isApart else { throw error }
            return .takenBack
        }
        return .committed(transaction.signals)
    }

    private func commit(_ transaction: PostgresWriteTransaction) throws(PostgresFailure) {
        guard transaction.isOpen else { return }
        let mark = marks.next()
        do throws(PostgresFailure) {
            guard let answer = try transaction.end("COMMIT", after: mark.commands), answer.tag != "COMMIT"
            else { return }
            throw PostgresFailure(.conflict, "the database took a transaction back: \(answer.tag)")
        } catch {
            if error.kind == .lost {
                doubt = CommitMark.Doubt(number: mark.number, signals: transaction.signals)
            } else {
                finish(transaction)
            }
            throw error
        }
    }

    /// What a commit told of whose answer did not come; nil when it did not take place.
    private func settle(_ doubt: CommitMark.Doubt, in transaction: PostgresWriteTransaction) throws
        -> Set<StoreSignal>?
    {
        do throws(Problem) {
            let tookPlace = try marks.tookPlace(doubt.number, in: transaction)
            self.doubt = nil
            guard tookPlace else { return nil }
            finish(transaction)
            return doubt.signals
        } catch {
            finish(transaction)
            throw transaction.failure ?? PostgresFailure(.lost, error.message)
        }
    }
}
