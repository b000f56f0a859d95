import MusterAPI
import MusterCore
import MusterRuntime

extension ServiceFailure {
    /// What an answer that is no success means.
    ///
    /// A service in trouble (5xx) or too busy (408, 425, 429) may have carried the call out or will later;
    /// any other 4xx is its last word, as is a redirect, which nobody follows with credentials.
    init(status: Int, body: [UInt8], retryAfter: String?) {
        let told = try? JSON.decode(APIError.self, from: body)
        var problem =
            told?.asProblems.all.first
            ?? Problem(.answerUnexpected, "the service answered with status \(status)")
        problem.message = "\(problem.message) (status \(status))"
        switch status {
        case 500...599, 408, 425, 429:
            let seconds = retryAfter.flatMap { Int($0) }.map { min(max(0, $0), 86_400) }
            self = .noAnswer(problem, retryAfter: seconds.map { .seconds($0) })
        case 404, 409, 410:
            let isLost = problem.code == .claimLost || problem.code == .taskNotFound
            self = isLost ? .claimLost(problem) : .refused(problem)
        default: self = .refused(problem)
        }
    }

    /// What a call that got no answer means: nothing, unless it could never have been sent.
    init(calling problem: Problem) {
        self = problem.code == .inputInvalid ? .refused(problem) : .noAnswer(problem)
    }
}
