import MusterCore

/// What Azure's codes mean, by the closed set of `CloudError`.
enum AzureErrorTable {
    /// What an error is about, as far as its code does not say.
    struct Subject {
        var offering: String?
        var scopes: AzureScopes?
        var isSpot: Bool { offering?.hasPrefix("spot/") ?? false }

        static let none = Subject()
    }

    /// No room at the moment.
    private static let capacity: Set<String> = [
        "skunotavailable", "allocationfailed", "zonalallocationfailed", "overconstrainedallocationrequest",
        "overconstrainedzonalallocationrequest", "capacityreservationcapacityexceeded",
    ]
    /// The account may not have more; which quota is said by the message.
    private static let quota: Set<String> = [
        "quotaexceeded", "operationnotallowed", "resourcequotaexceeded", "lowprioritycoresquotaexceeded",
        "publicipcountlimitreached", "staticpubliciplimitreached", "networkinterfacecountlimitreached",
        "subnetisfull",
    ]
    private static let throttled: Set<String> = [
        "toomanyrequests", "subscriptionrequeststhrottled", "operationthrottled", "ratelimiting",
        "retryablethrottle",
    ]
    private static let auth: Set<String> = [
        "authorizationfailed", "authenticationfailed", "invalidauthenticationtoken",
        "invalidauthenticationtokentenant", "expiredauthenticationtoken", "linkedauthorizationfailed",
        "requestdisallowedbypolicy", "disallowedbypolicy", "subscriptionnotregistered",
        "missingsubscriptionregistration", "readonlydisabledsubscription", "subscriptionnotfound",
    ]
    private static let transient: Set<String> = [
        "internalservererror", "internalexecutionerror", "internaloperationerror", "internalerror",
        "servertimeout",
        "serviceunavailable", "gatewaytimeout", "operationpreempted", "retryableerror", "retryableerrordueto",
        "networkingInternalOperationError".lowercased(), "anotheroperationinprogress", "canceled",
        "ossetupfailure", "osprovisioningtimedout", "osprovisioninginternalerror", "vmstarttimedout",
        "provisioningfailed", "vmagentstatuscommunicationerror",
    ]
    private static let missing: Set<String> = ["resourcenotfound", "resourcegroupnotfound", "notfound"]
    /// Codes of a conflict that mean that there is a machine of this name.
    static let exists: Set<String> = [
        "preconditionfailed", "resourceexists", "propertychangenotallowed", "operationnotallowedonvm",
    ]
    /// Codes of a conflict with something else that is being done: with the making of the same machine, its
    /// deletion, or something around it that says nothing of it.
    static let contested: Set<String> = [
        "conflict", "conflictingconcurrentwritenotallowed", "operationpreempted",
        "anotheroperationinprogress",
    ]
    /// Whether a code says that there was no room: of a machine that has no host.
    static func isNoRoom(_ code: String) -> Bool { capacity.contains(code.lowercased()) }

    /// The error of an answer.
    static func error(
        _ body: AzureErrorBody?, status: Int, retryAfter: Duration? = nil, of subject: Subject = .none
    ) -> CloudError {
        let code = body?.code ?? "status-\(status)"
        let message = body?.message ?? "Azure answered with status \(status)"
        return CloudError(
            kind(code, message, status: status, retryAfter: retryAfter, of: subject), cloudCode: code,
            message: message)
    }

    private static func kind(
        _ code: String, _ message: String, status: Int, retryAfter: Duration?, of subject: Subject
    ) -> CloudError.Kind {
        let key = code.lowercased()
        if throttled.contains(key) || status == 429 { return .throttled(retryAfter: retryAfter) }
        if capacity.contains(key) { return subject.offering.map { .capacity(offering: $0) } ?? .transient }
        if quota.contains(key) {
            if let scope = scope(key, message, of: subject) { return .quota(scope: scope) }
            // Not allowed for another reason than a quota.
            if key == "operationnotallowed" { return status == 409 ? .transient : .invalidConfig }
        }
        if auth.contains(key) { return .auth }
        if missing.contains(key), status == 404 { return .notFound }
        if transient.contains(key) || contested.contains(key) { return .transient }
        switch status {
        case 400, 404, 422: return .invalidConfig
        case 401, 403: return .auth
        case 408, 500...: return .transient
        default: return .unknown
        }
    }

    /// Which of a launch's scopes a message of a quota speaks of; nil where it speaks of none.
    private static func scope(_ key: String, _ message: String, of subject: Subject) -> String? {
        guard let scopes = subject.scopes else { return nil }
        let text = message.lowercased()
        switch key {
        case "subnetisfull": return scopes.subnet
        case "publicipcountlimitreached", "staticpubliciplimitreached": return scopes.addresses
        case "lowprioritycoresquotaexceeded": return scopes.spot
        default: break
        }
        guard key != "operationnotallowed" || text.contains("quota") || text.contains("exceeding approved")
        else {
            return nil
        }
        if text.contains("lowprioritycores") || text.contains("low priority cores") || text.contains("spot") {
            return scopes.spot
        }
        if text.contains("total regional") || text.contains("regional cores") { return scopes.cores }
        if text.contains("public ip") || text.contains("publicip") { return scopes.addresses }
        if text.contains("family") { return scopes.family }
        return subject.isSpot ? scopes.spot : scopes.cores
    }

    /// What could not be sent, or was not answered.
    static func error(_ problem: Problem) -> CloudError {
        let kind: CloudError.Kind =
            switch problem.code {
            case .callHeld: .throttled(retryAfter: nil)
            case .notAuthenticated: .auth
            case .networkFailed, .networkTimeout, .networkRefused: .network
            case .unavailable, .answerTooLarge, .answerUnexpected, .cancelled, .shuttingDown: .transient
            case .inputInvalid, .fileFailed: .auth
            default: .unknown
            }
        return CloudError(kind, cloudCode: problem.code.rawValue, message: problem.message)
    }
}
