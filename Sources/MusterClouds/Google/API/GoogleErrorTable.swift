import MusterCore

/// What Google's codes mean: the one place where they become Muster's kinds.
enum GoogleErrorTable {
    /// The meaning of a code, before it is known of which offering or quota it speaks.
    enum Meaning: Hashable, Sendable {
        case capacity, quota, addresses, throttled, invalid, auth, notFound, exists, transient, unknown
    }

    /// Codes of operations in capitals, reasons of refused calls as they are spelt.
    private static let meanings: [String: Meaning] = [
        // No room.
        "ZONE_RESOURCE_POOL_EXHAUSTED": .capacity, "ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS": .capacity,
        "REGION_RESOURCE_POOL_EXHAUSTED": .capacity, "RESOURCE_POOL_EXHAUSTED": .capacity,
        "STOCKOUT": .capacity,
        "ZONE_RESOURCE_STOCKOUT": .capacity, "REGION_RESOURCE_STOCKOUT": .capacity, "GPU_STOCKOUT": .capacity,
        "INSUFFICIENT_CAPACITY": .capacity, "insufficientCapacity": .capacity,
        "resource_availability": .capacity,
        // The project may not have more.
        "QUOTA_EXCEEDED": .quota, "quotaExceeded": .quota, "RESOURCE_QUOTA_EXCEEDED": .quota,
        "LIMIT_EXCEEDED": .quota, "limitExceeded": .quota,
        // The subnetwork is full.
        "IP_SPACE_EXHAUSTED": .addresses, "IP_SPACE_EXHAUSTED_WITH_DETAILS": .addresses,
        // Too many calls.
        "rateLimitExceeded": .throttled, "userRateLimitExceeded": .throttled,
        "RATE_LIMIT_EXCEEDED": .throttled,
        "RESOURCE_OPERATION_RATE_EXCEEDED": .throttled, "resourceOperationRateExceeded": .throttled,
        "CONCURRENT_OPERATIONS_QUOTA_EXCEEDED": .throttled, "concurrentOperationsQuotaExceeded": .throttled,
        "RESOURCE_EXHAUSTED": .throttled, "concurrentLimitExceeded": .throttled,
        // What is asked for cannot be.
        "invalid": .invalid, "invalidParameter": .invalid, "badRequest": .invalid, "parseError": .invalid,
        "required": .invalid, "INVALID_ARGUMENT": .invalid, "FAILED_PRECONDITION": .invalid,
        "conditionNotMet": .invalid, "INVALID_FIELD_VALUE": .invalid, "INVALID_USAGE": .invalid,
        "CONDITION_NOT_MET": .invalid, "UNSUPPORTED_MACHINE_TYPE": .invalid, "invalidUsage": .invalid,
        "IMAGE_NOT_READY": .invalid, "RESOURCE_IS_DEPRECATED": .invalid, "uploadTooLarge": .invalid,
        // The account may not.
        "forbidden": .auth, "PERMISSION_DENIED": .auth, "PERMISSIONS_ERROR": .auth, "authError": .auth,
        "UNAUTHENTICATED": .auth, "accessNotConfigured": .auth, "SERVICE_DISABLED": .auth,
        "IAM_PERMISSION_DENIED": .auth, "ACCESS_TOKEN_SCOPE_INSUFFICIENT": .auth, "BILLING_DISABLED": .auth,
        "insufficientPermissions": .auth, "SERVICE_ACCOUNT_ACCESS_DENIED": .auth,
        // What is named is not there, or is there already.
        "notFound": .notFound, "NOT_FOUND": .notFound, "RESOURCE_NOT_FOUND": .notFound,
        "alreadyExists": .exists, "ALREADY_EXISTS": .exists, "RESOURCE_ALREADY_EXISTS": .exists,
        "duplicate": .exists,
        // It passes. UNSUPPORTED_OPERATION is what an instance meets that is preempted while it is made.
        "RESOURCE_NOT_READY": .transient, "resourceNotReady": .transient, "SERVICE_UNAVAILABLE": .transient,
        "UNAVAILABLE": .transient, "backendError": .transient, "internalError": .transient,
        "INTERNAL_ERROR": .transient, "INTERNAL": .transient, "ABORTED": .transient, "CANCELLED": .transient,
        "OPERATION_CANCELED_BY_USER": .transient, "UNSUPPORTED_OPERATION": .transient,
        "RESOURCE_IN_USE_BY_ANOTHER_RESOURCE": .transient, "resourceInUseByAnotherResource": .transient,
        "INSTANCE_PREEMPTED": .transient, "DEADLINE_EXCEEDED": .transient, "timeout": .transient,
    ]

    /// What a fault means. A code that is not known means what the call's status says.
    static func meaning(_ fault: GoogleFault) -> Meaning {
        if let meaning = meanings[fault.code] { return meaning }
        return switch fault.status {
        case 400, 412, 413: .invalid
        case 401, 403: .auth
        case 404: .notFound
        case 409: .exists
        case 429: .throttled
        case 408?, 500?, 502?, 503?, 504?: .transient
        default: .unknown
        }
    }
}
