/// What a cloud answered instead of what was asked.
///
/// The kinds are a closed set that decisions are made from; the cloud's own code is kept for people.
public struct CloudError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of failure that Muster tells apart.
    public enum Kind: Hashable, Sendable {
        /// No room for this offering at the moment.
        case capacity(offering: String)
        /// The account may not have more of what `scope` names.
        case quota(scope: String)
        /// Too many calls; the time after which the cloud wants to be asked again, if it said one.
        case throttled(retryAfter: Duration?)
        /// The launch config asks for something that cannot be.
        case invalidConfig
        /// The credentials are missing, wrong or not sufficient.
        case auth
        /// What the call is about does not exist.
        case notFound
        /// The call may not have reached the cloud, or its answer was lost.
        case network
        /// A fault of the cloud's that will pass.
        case transient
        /// None of the above.
        case unknown
    }

    /// The kind.
    public var kind: Kind
    /// The cloud's own code, kept as it came.
    public var cloudCode: String
    /// A sentence for a person.
    public var message: String

    /// Makes an error.
    public init(_ kind: Kind, cloudCode: String, message: String) {
        self.kind = kind
        self.cloudCode = cloudCode
        self.message = message
    }

    /// The kind as a word that is safe to use as a metric's label.
    public var label: String {
        switch kind {
        case .capacity: "capacity"
        case .quota: "quota"
        case .throttled: "throttled"
        case .invalidConfig: "invalid-config"
        case .auth: "auth"
        case .notFound: "not-found"
        case .network: "network"
        case .transient: "transient"
        case .unknown: "unknown"
        }
    }

    public var description: String { "\(message) [\(label): \(cloudCode)]" }
}
