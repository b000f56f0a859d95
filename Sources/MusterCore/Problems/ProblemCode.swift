/// The closed set of codes a `Problem` can carry; the raw value is what the API and metrics show.
public enum ProblemCode: String, CaseIterable, Codable, Sendable {
    // What was asked is wrong.
    case inputMalformed = "input-malformed"
    case inputInvalid = "input-invalid"
    case inputTooLarge = "input-too-large"
    case fieldUnknown = "field-unknown"
    case usage = "usage"

    // What was asked for is not there, or is another's.
    case routeNotFound = "route-not-found"
    case methodNotAllowed = "method-not-allowed"
    case poolNotFound = "pool-not-found"
    case launchConfigNotFound = "launch-config-not-found"
    case workerNotFound = "worker-not-found"
    case launchNotFound = "launch-not-found"
    case taskNotFound = "task-not-found"
    case limitNotFound = "limit-not-found"
    case providerUnknown = "provider-unknown"
    case conflict = "conflict"

    // Who asks may not.
    case notAuthenticated = "not-authenticated"
    case notPermitted = "not-permitted"
    case registrationRefused = "registration-refused"
    case claimLost = "claim-lost"
    case slotLost = "slot-lost"
    case limitReached = "limit-reached"

    // Muster cannot, now or here.
    case providerDisabled = "provider-disabled"
    case storeHeld = "store-held"
    case storeNewer = "store-newer"
    case storeFull = "store-full"
    case storeFailed = "store-failed"
    case leaseLost = "lease-lost"
    case fileFailed = "file-failed"
    case shuttingDown = "shutting-down"
    case unavailable = "unavailable"
    case cancelled = "cancelled"
    case internalError = "internal-error"

    // A call to somebody else went wrong.
    case networkRefused = "network-refused"
    case networkFailed = "network-failed"
    case networkTimeout = "network-timeout"
    case answerTooLarge = "answer-too-large"
    case answerUnexpected = "answer-unexpected"
    case callHeld = "call-held"
}
