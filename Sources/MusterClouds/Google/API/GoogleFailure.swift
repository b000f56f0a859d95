import MusterCore
import MusterRuntime

/// Why a call gave nothing.
struct GoogleFailure: Error, Sendable {
    enum Cause: Sendable {
        /// Google refused it, for these reasons; it may have said when it wants to be asked again.
        case refused(status: Int, [GoogleFault], retryAfter: Duration?)
        /// It did not come to an answer, or to one that nobody can read.
        case problem(Problem)
    }

    var cause: Cause
    /// Whether it may have been carried out all the same, this time or when it was sent before.
    var mayHaveArrived: Bool

    static func refused(
        status: Int, _ faults: [GoogleFault], retryAfter: Duration?, mayHaveArrived: Bool = false
    ) -> GoogleFailure {
        GoogleFailure(
            cause: .refused(status: status, faults, retryAfter: retryAfter), mayHaveArrived: mayHaveArrived)
    }

    static func problem(_ problem: Problem, mayHaveArrived: Bool) -> GoogleFailure {
        GoogleFailure(cause: .problem(problem), mayHaveArrived: mayHaveArrived)
    }

    /// Whether nothing has answered that was up to it: the network, or the zone, may be down.
    var isSilence: Bool {
        switch cause {
        case .refused(let status, _, _): status >= 500 || status == 408
        case .problem(let problem):
            [.networkRefused, .networkFailed, .networkTimeout].contains(problem.code)
        }
    }

    /// Whether what it names exists already, or exists no more.
    func means(_ meaning: GoogleErrorTable.Meaning) -> Bool {
        guard case .refused(_, let faults, _) = cause, let first = faults.first else { return false }
        return GoogleErrorTable.meaning(first) == meaning
    }

    /// It as errors that decisions are made from; never empty.
    func errors(_ place: GoogleErrorPlace) -> [CloudError] {
        switch cause {
        case .refused(_, let faults, let retryAfter): faults.flatMap(place.waiting(retryAfter).errors)
        case .problem(let problem): [CloudError(problem, window: place.window)]
        }
    }

    /// The first of them.
    func error(_ place: GoogleErrorPlace) -> CloudError {
        errors(place).first ?? CloudError(.unknown, cloudCode: "unknown", message: "Google refused it")
    }
}

extension CloudError {
    /// A problem on the way to Google, or with its answer.
    fileprivate init(_ problem: Problem, window: Duration) {
        let kind: Kind =
            switch problem.code {
            case .networkRefused, .networkFailed, .networkTimeout, .cancelled, .shuttingDown: .network
            case .callHeld: .throttled(retryAfter: window)
            case .notAuthenticated, .inputInvalid, .inputMalformed, .inputTooLarge, .fileFailed: .auth
            case .unavailable, .answerUnexpected, .answerTooLarge: .transient
            default: .unknown
            }
        self.init(kind, cloudCode: problem.code.rawValue, message: problem.message)
    }
}
