import MusterCore

/// Why a call to the service brought nothing.
enum ServiceFailure: Error, Hashable {
    /// Nobody knows whether it was carried out: no connection, no answer in time, or a service in trouble.
    /// Worth trying again, after the time that the service asked for, if it did.
    case noAnswer(Problem, retryAfter: Duration? = nil)
    /// The run that it was about is not this worker's any more.
    case claimLost(Problem)
    /// The service will not, and would say so again.
    case refused(Problem)

    /// Whether it was the service itself that answered, because its store takes nothing at the moment.
    var saysThatNothingIsWritten: Bool {
        guard case .noAnswer(let problem, _) = self else { return false }
        return problem.code == .storeFull || problem.code == .storeFailed
    }

    /// What happened, for a log.
    var problem: Problem {
        switch self {
        case .noAnswer(let problem, _), .claimLost(let problem), .refused(let problem): problem
        }
    }
}
