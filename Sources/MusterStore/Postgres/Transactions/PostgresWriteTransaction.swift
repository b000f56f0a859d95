import MusterCore
import MusterRuntime

/// Statements that write.
final class PostgresWriteTransaction: PostgresReadTransaction, WriteTransaction {
    private let clock: (any WallClock)?
    private(set) var signals: Set<StoreSignal> = []
    private var limits: Set<String> = []
    /// Whether each write of a batch has its own savepoint.
    let isApart: Bool

    /// - Parameters:
    ///   - isApart: whether each write of a batch gets its own savepoint.
    ///   - clock: instead of the server's; for tests.
    init(
        _ connection: PostgresConnection, _ locks: PostgresLocks, apart isApart: Bool,
        clock: (any WallClock)?
    ) {
        self.isApart = isApart
        self.clock = clock
        super.init(connection, opening: locks.opening)
    }

    func run(_ sql: String, _ values: [any SQLConvertible]) async throws -> Int {
        try ask(PostgresCommand(sql, values)).changed
    }

    /// What fails in the message of a later statement fails the whole batch, which is then done apart: there each
    /// is asked at once, so that it is known whose fault it was.
    func change(_ change: BulkChange, _ values: [[any SQLConvertible]]) async throws {
        guard !values.isEmpty else { return }
        let command = try PostgresBulk(values).change(change)
        if isOpened, !isApart, failure == nil, prefix.count < StorePolicy.postgresChangesPerMessage {
            prefix.append(command)
        } else {
            _ = try ask(command)
        }
    }

    func lock(limits: Set<String>) async throws {
        let wanted = limits.subtracting(self.limits).sorted()
        guard let first = wanted.first else { return }
        var parameters = PostgresParameters()
        parameters.append(column: wanted.map { .text($0) })
        // In one order, so that no two transactions wait for each other. Of the writes that share one, a later may
        // want what comes before an earlier's: it waits for nobody, and if it would have to runs alone.
        let isInOrder = self.limits.allSatisfy { $0 < first }
        let sql = "SELECT id FROM limits WHERE id = ANY($1) ORDER BY id FOR UPDATE"
        _ = try ask(PostgresCommand(isInOrder ? sql : sql + " NOWAIT", parameters))
        self.limits.formUnion(wanted)
    }

    func signal(_ signal: StoreSignal) { signals.insert(signal) }

    func now() async throws -> Timestamp {
        if let clock { return clock.now() }
        guard let row = try ask(PostgresClock.question).rows.first else {
            throw Problem(.storeFailed, "the database does not say what time it is")
        }
        return try row.time("now")
    }

    // MARK: Writes of a batch, each in a savepoint of its own

    /// Begins a write that can be taken back alone; nil where all are taken back together. Nothing is sent before
    /// its first statement.
    func beginPart() -> Part? {
        guard isApart else { return nil }
        let part = Part(signals: signals, limits: limits, prefix: prefix.count)
        prefix.append(PostgresCommand("SAVEPOINT part"))
        return part
    }

    /// Ends a write that stays.
    func keep(_ part: Part) { close(part, with: ["RELEASE SAVEPOINT part"]) }

    /// Takes back a write, and a failure of the server's with it.
    func takeBack(_ part: Part) {
        // The locks of what is taken back are free.
        (signals, limits) = (part.signals, part.limits)
        forgetFailure()
        close(part, with: ["ROLLBACK TO SAVEPOINT part", "RELEASE SAVEPOINT part"])
    }

    private func close(_ part: Part, with words: [String]) {
        if prefix.isEmpty {
            prefix = words.map { PostgresCommand($0) }
        } else {
            // It made no statement: the savepoint was never sent.
            prefix.removeLast(prefix.count - part.prefix)
        }
    }

    /// Where a write of a batch began.
    struct Part {
        fileprivate let signals: Set<StoreSignal>
        fileprivate let limits: Set<String>
        fileprivate let prefix: Int
    }
}
