import MusterCore

/// What EC2's error codes mean ("Error codes for the Amazon EC2 API").
enum AWSErrorTable {
    /// What a call was about, by the names that offerings have.
    struct Place: Hashable, Sendable {
        var offering = ""
        var quota = ""
        var subnet = ""
    }

    /// What a dry run that would have worked answers with.
    static let dryRun = "DryRunOperation"

    /// Whether an error says that an earlier call with the same token has arrived: it had other parameters, or its
    /// instances have ended since.
    static func meansArrived(_ code: String) -> Bool {
        code == "IdempotentParameterMismatch" || code == "IdempotentInstanceTerminated"
    }

    /// Whether it is for who calls that something was refused.
    static func isAuth(_ code: String) -> Bool { auth.contains(code) && code != "not-authenticated" }

    /// The code of what a repeated call made nothing of, when EC2 does not say any more why.
    static let forgotten = "fleet-forgotten"

    /// Whether there were too many calls.
    static func isThrottling(_ code: String) -> Bool { throttling.contains(code) }

    /// Whether the credentials held until a moment ago.
    static func isStaleCredentials(_ code: String) -> Bool {
        code == "ExpiredToken" || code == "RequestExpired"
    }

    /// Whether an answer with this status and code leaves it open what came of the call. EC2 says with status 500
    /// also that it has no capacity, which is an answer.
    static func isUnclear(_ status: Int, _ code: String) -> Bool {
        guard status >= 500 else { return status == 408 }
        switch kind(code, Place()) {
        case .transient, .network, .unknown: return true
        case .capacity, .quota, .throttled, .invalidConfig, .auth, .notFound: return false
        }
    }

    /// Whether it is for want of capacity or quota that something was refused.
    static func isShortage(_ code: String) -> Bool {
        capacity.contains(code) || quota.contains(code) || code == subnetFull
    }

    /// The error that a code means.
    static func error(_ code: String, _ message: String, _ place: Place) -> CloudError {
        CloudError(kind(code, place), cloudCode: code, message: message)
    }

    private static func kind(_ code: String, _ place: Place) -> CloudError.Kind {
        if capacity.contains(code) { return .capacity(offering: place.offering) }
        if code == subnetFull { return .quota(scope: place.subnet) }
        if quota.contains(code) { return .quota(scope: place.quota) }
        if throttling.contains(code) { return .throttled(retryAfter: nil) }
        if auth.contains(code) { return .auth }
        if transient.contains(code) { return .transient }
        if network.contains(code) { return .network }
        if invalid.contains(code) { return .invalidConfig }
        if code.hasPrefix("status-5") { return .transient }
        if code.hasSuffix(".NotFound") || code.hasSuffix(".NotFoundException") {
            // What a launch names and is not there; instances alone come and go by themselves.
            return code.hasPrefix("InvalidInstanceID") ? .notFound : .invalidConfig
        }
        if code.hasPrefix("Invalid") || code.hasSuffix(".Malformed") { return .invalidConfig }
        return .unknown
    }

    private static let subnetFull = "InsufficientFreeAddressesInSubnet"

    private static let capacity: Set<String> = [
        "InsufficientInstanceCapacity", "InsufficientHostCapacity", "InsufficientReservedInstanceCapacity",
        "InsufficientCapacity", "InsufficientCapacityOnHost", "InsufficientCapacityOnOutpost",
        "InsufficientVolumeCapacity", "ReservationCapacityExceeded", "SpotMaxPriceTooLow",
        "UnfulfillableCapacity", "Server.InsufficientInstanceCapacity", "Unsupported",
    ]

    private static let quota: Set<String> = [
        "AddressLimitExceeded", "HostLimitExceeded", "InstanceLimitExceeded", "MaxFleetCountExceeded",
        "MaxSpotFleetRequestCountExceeded", "MaxSpotInstanceCountExceeded", "NetworkInterfaceLimitExceeded",
        "PendingVpcPeeringConnectionLimitExceeded", "ResourceCountExceeded", "ResourceLimitExceeded",
        "SecurityGroupsPerInstanceLimitExceeded", "SpotInstanceCountLimitExceeded", "VcpuLimitExceeded",
        "VolumeLimitExceeded",
    ]

    private static let throttling: Set<String> = [
        "EC2ThrottledException", "PriorRequestNotComplete", "RequestLimitExceeded", "RequestThrottled",
        "RequestThrottledException", "SlowDown", "Throttling", "ThrottlingException",
        "TooManyRequestsException", "call-held", "status-429",
    ]

    private static let auth: Set<String> = [
        "AccessDenied", "AccessDeniedException", "AuthFailure",
        "AuthFailure.ServiceLinkedRoleCreationNotPermitted",
        "Blocked", "ExpiredToken", "IncompleteSignature", "InvalidClientTokenId",
        "MissingAuthenticationToken",
        "NotAuthorized", "OptInRequired", "PendingVerification", "RequestExpired", "SignatureDoesNotMatch",
        "UnauthorizedOperation", "UnrecognizedClientException", "not-authenticated",
    ]

    private static let transient: Set<String> = [
        "InternalError", "InternalFailure", "InternalServerError", "ServerInternal", "ServiceUnavailable",
        "Unavailable", forgotten,
    ]

    private static let network: Set<String> = [
        "answer-too-large", "answer-unexpected", "cancelled", "network-failed", "network-refused",
        "network-timeout", "shutting-down",
    ]

    private static let invalid: Set<String> = [
        "EncryptedVolumesNotSupported", "FilterLimitExceeded", "InstanceTpmEkPubNotFound", "InvalidAction",
        "MalformedQueryString", "MissingParameter", "OperationNotPermitted", "UnavailableHostRequirements",
        "UnknownParameter", "UnsupportedOperation", "UnsupportedTenancy", "ValidationError",
        "VPCIdNotSpecified", "VPCResourceNotSpecified",
    ]
}
