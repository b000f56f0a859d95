import CPostgres

/// Something that was sent and is answered in its turn.
struct PostgresQuestion {
    let statement: PostgresStatements.Prepared
    let isPreparing: Bool
}

/// The answers to what was sent, as they come in.
struct PostgresReading {
    private let questions: [PostgresQuestion]
    private var next = 0
    /// The answers to what was to be done; preparations have none.
    private(set) var answers: [PostgresAnswer] = []
    /// The first error.
    private(set) var failure: PostgresFailure?
    /// Whether the last answer is there.
    private(set) var isOver = false
    /// How often in turn there was nothing: twice is the end of everything.
    private var silences = 0

    init(_ questions: [PostgresQuestion]) { self.questions = questions }

    /// Takes the next result; nil ends those of one question.
    mutating func take(_ result: OpaquePointer?) throws(PostgresFailure) {
        guard let result else {
            silences += 1
            if silences > 1 {
                throw failure ?? PostgresFailure(.lost, "the database stopped answering in the middle")
            }
            next += 1
            return
        }
        silences = 0
        switch PQresultStatus(result) {
        case PGRES_PIPELINE_SYNC: isOver = true
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK: answer(result)
        case PGRES_PIPELINE_ABORTED: break
        default:
            let failure = Self.failure(result)
            if self.failure == nil || failure.kind == .lost { self.failure = failure }
            if failure.kind == .lost { throw failure }
        }
    }

    private mutating func answer(_ result: OpaquePointer) {
        guard questions.indices.contains(next) else { return }
        let question = questions[next]
        if question.isPreparing {
            question.statement.isKnown = true
        } else {
            answers.append(PostgresAnswer(result, columns: &question.statement.columns))
        }
    }

    private static func failure(_ result: OpaquePointer) -> PostgresFailure {
        guard let state = muster_error_state(result) else {
            let message = String(cString: PQresultErrorMessage(result))
            return PostgresFailure(
                .lost, message.split(separator: "\n").joined(separator: " "))
        }
        let severity = muster_error_severity(result).map { String(cString: $0) } ?? "ERROR"
        let message = muster_error_message(result).map { String(cString: $0) } ?? "no message"
        return PostgresFailure(
            state: String(cString: state), isFatal: severity != "ERROR", message: message)
    }
}
