import MusterCore

/// Statements on one connection, the first of which opens the transaction.
class PostgresReadTransaction: ReadTransaction {
    let connection: PostgresConnection
    /// What goes before the next statement.
    var prefix: [PostgresCommand]
    var givesUpWhenCancelled = false
    /// Whether something of the transaction was sent.
    private(set) var isOpen = false
    /// Whether its opening was answered: it holds its locks.
    private(set) var isOpened = false
    /// The first failure: the server does nothing more in this transaction.
    private(set) var failure: PostgresFailure?

    init(_ connection: PostgresConnection, opening: [PostgresCommand]) {
        self.connection = connection
        prefix = opening
    }

    /// Reads of one moment.
    static let snapshot = [PostgresCommand("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")]

    func rows(_ sql: String, _ values: [any SQLConvertible]) async throws -> [Row] {
        try ask(PostgresCommand(sql, values)).rows
    }

    func rows(_ sql: String, forEach values: [[any SQLConvertible]]) async throws -> [[Row]] {
        var answers = [[Row]](repeating: [], count: values.count)
        guard !values.isEmpty else { return answers }
        for row in try ask(try PostgresBulk(values).query(sql)).rows {
            let number = try row.int(PostgresBulk.number)
            answers[number - 1].append(row)
        }
        return answers
    }

    /// Runs a statement behind what must go before it.
    func ask(_ command: PostgresCommand) throws(Problem) -> PostgresAnswer {
        if let failure { throw failure.problem }
        if givesUpWhenCancelled, Task.isCancelled {
            throw Problem(.cancelled, "the work on the database was given up")
        }
        do throws(PostgresFailure) {
            return try send([command]).last ?? PostgresAnswer()
        } catch {
            failure = error
            throw error.problem
        }
    }

    /// Ends a transaction that the server knows of; does nothing for another.
    ///
    /// - Parameter commands: what goes right before, in the same message.
    func end(_ words: String, after commands: [PostgresCommand] = []) throws(PostgresFailure)
        -> PostgresAnswer?
    {
        guard isOpen else { return nil }
        return try send(commands + [PostgresCommand(words)]).last
    }

    /// Ends a transaction of which nothing is to be kept.
    func abandon() throws(PostgresFailure) {
        prefix = []
        _ = try end("ROLLBACK")
    }

    /// Goes on after a failure that has been taken back.
    func forgetFailure() { failure = nil }

    private func send(_ commands: [PostgresCommand]) throws(PostgresFailure) -> [PostgresAnswer] {
        let before = prefix
        prefix = []
        // Also when it fails: what was sent may have begun something.
        isOpen = true
        let answers = try connection.ask(before + commands)
        isOpened = true
        return answers
    }
}
