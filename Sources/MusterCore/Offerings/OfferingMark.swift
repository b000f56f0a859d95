/// The word of a provider that an offering, or a wider scope, is not to be had for now.
public struct OfferingMark: Hashable, Sendable {
    /// Why it is not to be had.
    public enum Cause: String, CaseIterable, Hashable, Sendable {
        /// There is none of it at the moment.
        case capacity
        /// The account may have no more of it.
        case quota

        /// For how long it is left alone.
        public var time: Duration {
            switch self {
            case .capacity: OfferingPolicy.capacity
            case .quota: OfferingPolicy.quota
            }
        }
    }

    /// Whose it is.
    public var providerID: ProviderID
    /// The offering's name, or the scope's.
    public var name: String
    /// Why it is not to be had.
    public var cause: Cause
    /// The provider's own code, kept as it came.
    public var cloudCode: String
    /// The provider's sentence.
    public var message: String
    /// When the provider said so.
    public var markedAt: Timestamp
    /// Until when it is left alone.
    public var until: Timestamp

    /// Makes a mark.
    public init(
        providerID: ProviderID, name: String, cause: Cause, cloudCode: String, message: String,
        markedAt: Timestamp, until: Timestamp
    ) {
        self.providerID = providerID
        self.name = name
        self.cause = cause
        self.cloudCode = cloudCode
        self.message = message
        self.markedAt = markedAt
        self.until = until
    }

    /// The mark that an error makes; nil for one that says nothing of an offering. Throttling is of the API, and
    /// whatever else fails may have any reason.
    public init?(_ error: CloudError, of provider: ProviderID, at now: Timestamp) {
        let named: (name: String, cause: Cause)
        switch error.kind {
        case .capacity(let offering): named = (offering, .capacity)
        case .quota(let scope): named = (scope, .quota)
        case .throttled, .invalidConfig, .auth, .notFound, .network, .transient, .unknown: return nil
        }
        guard (1...OfferingPolicy.longestName).contains(named.name.utf8.count) else { return nil }
        self.init(
            providerID: provider, name: named.name, cause: named.cause, cloudCode: error.cloudCode,
            message: error.message, markedAt: now, until: now + named.cause.time)
    }

    /// Whether what it names is left alone now.
    public func holds(at now: Timestamp) -> Bool { now < until }

    /// Whether it still says something: afterwards until it has been tried.
    public func counts(at now: Timestamp) -> Bool { now < until + OfferingPolicy.memory }
}
