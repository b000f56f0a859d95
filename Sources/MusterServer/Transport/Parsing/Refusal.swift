import MusterCore

/// A request that the server answers itself, without asking the handler.
struct Refusal: Error, Hashable {
    /// The status of the answer.
    let status: Int
    /// What is wrong.
    let problem: Problem

    /// 400: `message` says what the client must not send.
    static func malformed(_ message: String) -> Refusal {
        Refusal(status: 400, problem: Problem(.inputMalformed, message))
    }

    /// 413: the body is larger than `limit` bytes.
    static func bodyTooLarge(limit: Int) -> Refusal {
        Refusal(
            status: 413,
            problem: Problem(.inputTooLarge, "The body is larger than the \(limit) bytes allowed here."))
    }

    /// 431: request line and headers are larger than `limit` bytes.
    static func headersTooLarge(limit: Int) -> Refusal {
        Refusal(
            status: 431,
            problem: Problem(
                .inputTooLarge, "The request line and headers are larger than the \(limit) bytes allowed."))
    }

    /// 503: the server is going away.
    static let shuttingDown = Refusal(
        status: 503, problem: Problem(.shuttingDown, "The server is shutting down; send the request again."))

    /// 503: the handler took too long.
    static let overdue = Refusal(
        status: 503, problem: Problem(.unavailable, "The request took too long and was given up."))

    /// 500: the handler's answer cannot be sent.
    static let answerUnsendable = Refusal(
        status: 500, problem: Problem(.internalError, "The answer could not be sent; the log says why."))
}
