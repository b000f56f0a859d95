import CPostgres
import MusterCore
import MusterRuntime

/// A statement with its values.
struct PostgresCommand {
    let sql: String
    let parameters: PostgresParameters

    init(_ sql: String, _ values: [any SQLConvertible] = []) {
        self.init(sql, PostgresParameters(values))
    }

    init(_ sql: String, _ parameters: PostgresParameters) {
        self.sql = sql
        self.parameters = parameters
    }
}

/// One connection to the server; used by one thread at a time, and thrown away after a failure that is `lost`.
///
/// Always in libpq's pipeline mode: what is asked together travels together, and nothing waits without a deadline.
final class PostgresConnection {
    let handle: OpaquePointer
    let clock: any WallClock
    private let patience: Duration
    private var statements = PostgresStatements()

    /// Takes over a connection that is being made; `patience` is how long it waits for an answer.
    init(_ handle: OpaquePointer, clock: any WallClock, patience: Duration) {
        self.handle = handle
        self.clock = clock
        self.patience = patience
    }

    deinit { PQfinish(handle) }

    /// Sends statements, one behind the other without waiting, and waits for all answers.
    ///
    /// The first that fails ends it: those behind it are not done. In no transaction, all of them are one.
    @discardableResult
    func ask(
        _ commands: [PostgresCommand], within bound: Duration? = nil
    ) throws(PostgresFailure) -> [PostgresAnswer] {
        let time = bound ?? patience
        if statements.isFull { try forgetStatements(within: time) }
        let wait = PostgresWait(clock, within: time)
        var questions: [PostgresQuestion] = []
        for command in commands { try send(command, &questions) }
        guard PQpipelineSync(handle) == 1 else { throw lost() }
        var reading = PostgresReading(questions)
        try read(&reading, wait)
        if let failure = reading.failure {
            statements.forgetUnknown()
            throw failure
        }
        return reading.answers
    }

    /// What one statement gives.
    func rows(_ sql: String, _ values: any SQLConvertible...) throws(PostgresFailure) -> [Row] {
        try ask([PostgresCommand(sql, values)]).first?.rows ?? []
    }

    private func send(
        _ command: PostgresCommand, _ questions: inout [PostgresQuestion]
    ) throws(PostgresFailure) {
        let types = command.parameters.types
        let statement = statements.statement(command.sql, types)
        if !statement.isKnown, !questions.contains(where: { $0.statement === statement }) {
            let isSent = PQsendPrepare(handle, statement.name, command.sql, Int32(types.count), types)
            guard isSent == 1 else { throw lost() }
            questions.append(PostgresQuestion(statement: statement, isPreparing: true))
        }
        let isSent = command.parameters.withPointers { values, lengths, formats in
            PQsendQueryPrepared(
                handle, statement.name, Int32(values.count), values, lengths, formats, 0)
        }
        guard isSent == 1 else { throw lost() }
        questions.append(PostgresQuestion(statement: statement, isPreparing: false))
    }

    private func read(_ reading: inout PostgresReading, _ wait: PostgresWait) throws(PostgresFailure) {
        while true {
            let unsent = PQflush(handle)
            guard unsent >= 0 else { throw lost(reading) }
            while !reading.isOver, PQisBusy(handle) == 0 {
                let result = PQgetResult(handle)
                defer { PQclear(result) }
                try reading.take(result)
            }
            if reading.isOver { return }
            guard PQstatus(handle) == CONNECTION_OK, PQsocket(handle) >= 0 else { throw lost(reading) }
            guard wait.wait(for: PQsocket(handle), reading: true, writing: unsent == 1) else {
                throw PostgresFailure(.lost, "the database did not answer in time")
            }
            if PQconsumeInput(handle) == 0 { throw lostAfterReading(&reading) }
        }
    }

    /// The server's last words, when it had any.
    private func lostAfterReading(_ reading: inout PostgresReading) -> PostgresFailure {
        while !reading.isOver, PQisBusy(handle) == 0, let result = PQgetResult(handle) {
            defer { PQclear(result) }
            do throws(PostgresFailure) {
                try reading.take(result)
            } catch {
                return error
            }
        }
        return lost(reading)
    }

    private func lost(_ reading: PostgresReading? = nil) -> PostgresFailure {
        if let failure = reading?.failure, failure.kind == .lost { return failure }
        return PostgresFailure(.lost, "the connection to the database was lost: \(lastWords)")
    }

    /// libpq's message on one line.
    var lastWords: String {
        String(cString: PQerrorMessage(handle)).split(separator: "\n").joined(separator: " ")
    }

    private func forgetStatements(within time: Duration) throws(PostgresFailure) {
        statements.removeAll()
        try ask([PostgresCommand("DEALLOCATE ALL")], within: time)
    }
}
