import MusterCore
import MusterRuntime

/// Why a call gave nothing.
enum GoogleFailure: Error, Sendable {
    /// Google refused it, for these reasons; it may have said when it wants to be asked again.
    case refused(status: Int, [GoogleFault], retryAfter: Duration?)
    /// It did not come to an answer, or to one that nobody can read.
    case problem(Problem)

    /// Whether it is certain that nothing was done: a refusal, or a call that never left.
    var isDefinite: Bool {
        switch self {
        case .refused(let status, let faults, _):
            status < 500 && status != 408 || faults.contains { GoogleErrorTable.meaning($0) == .capacity }
        case .problem(let problem):
            switch problem.code {
            case .callHeld, .notAuthenticated, .inputInvalid, .inputMalformed, .inputTooLarge, .fileFailed:
                true
            default: false
            }
        }
    }

    /// Whether what it names exists already, or exists no more.
    func means(_ meaning: GoogleErrorTable.Meaning) -> Bool {
        guard case .refused(_, let faults, _) = self, let first = faults.first else { return false }
        return GoogleErrorTable.meaning(first) == meaning
    }

    /// It as errors that decisions are made from; never empty.
    func errors(_ place: GoogleErrorPlace) -> [CloudError] {
        switch self {
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
