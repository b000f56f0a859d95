/// How a run ended.
public enum Resolution: String, CaseIterable, Codable, Sendable {
    /// The command did what it was to do: exit code 0.
    case completed
    /// The command said that it failed, or took too long.
    case failed
    /// The command could not be run to its end; the reason says whether it is worth trying again.
    case exception
}

/// Why a run ended, or why there was another.
public enum RunReason: String, CaseIterable, Codable, Sendable {
    case completed
    case failed
    /// The command ran longer than it may; a failure.
    case timedOut = "timed-out"
    /// The worker went away or gave the run back; tried again.
    case workerShutdown = "worker-shutdown"
    /// The claim was not renewed in time; tried again.
    case claimExpired = "claim-expired"
    /// The worker lacked something; tried again.
    case resourceUnavailable = "resource-unavailable"
    /// The worker itself failed; tried again.
    case internalError = "internal-error"
    /// The task asks for something that cannot be; not tried again.
    case malformedPayload = "malformed-payload"
    /// The task's deadline passed.
    case deadlineExceeded = "deadline-exceeded"
    /// Somebody cancelled the task.
    case cancelled = "canceled"

    /// Whether another run is worth while, as long as the task has retries left.
    public var isWorthRetrying: Bool {
        switch self {
        case .workerShutdown, .claimExpired, .resourceUnavailable, .internalError: true
        case .completed, .failed, .timedOut, .malformedPayload, .deadlineExceeded, .cancelled: false
        }
    }
}
