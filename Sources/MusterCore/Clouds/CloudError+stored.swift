extension CloudError {
    /// What belongs to the kind besides its label: an offering, a scope, or milliseconds to wait.
    public var kindDetail: String? {
        switch kind {
        case .capacity(let offering): offering
        case .quota(let scope): scope
        case .throttled(let retryAfter): retryAfter.map { String($0.milliseconds) }
        case .invalidConfig, .auth, .notFound, .network, .transient, .unknown: nil
        }
    }
}

extension CloudError.Kind {
    /// The kind with this label and detail; `unknown` for a label of another version's.
    public init(label: String, detail: String?) {
        switch label {
        case "capacity": self = .capacity(offering: detail ?? "")
        case "quota": self = .quota(scope: detail ?? "")
        case "throttled": self = .throttled(retryAfter: detail.flatMap(Int64.init).map { .milliseconds($0) })
        case "invalid-config": self = .invalidConfig
        case "auth": self = .auth
        case "not-found": self = .notFound
        case "network": self = .network
        case "transient": self = .transient
        default: self = .unknown
        }
    }
}
