import Glibc
import MusterCore
import MusterRuntime

/// Why a command could not be begun.
struct RunFault: Error, Hashable {
    /// What the report says.
    var reason: RunReason
    /// A sentence for whoever wrote the task.
    var message: String

    init(_ reason: RunReason, _ message: String) {
        self.reason = reason
        self.message = message
    }

    /// The disk would not take a run's folder or output: another worker's may.
    init(folder error: SystemError) {
        self.init(.resourceUnavailable, error.description)
    }

    /// The system would not start the command: it cannot be run, or there is no room for it just now.
    init(starting error: SystemError) {
        let reason: RunReason =
            switch error.problem.code {
            case .inputInvalid: .malformedPayload
            case .unavailable: .resourceUnavailable
            default: .internalError
            }
        self.init(reason, error.description)
    }
}
