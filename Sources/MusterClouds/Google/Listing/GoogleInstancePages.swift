/// A page of the instances of all zones.
struct GoogleAggregatedPage: GooglePage {
    /// By scope, such as `zones/us-central1-a`.
    var items: [String: Scope]?
    var nextPageToken: String?
    /// Scopes that could not be asked.
    var unreachables: [String]?

    struct Scope: Decodable, Sendable {
        var instances: [GoogleInstance]?
        var warning: Warning?
    }

    struct Warning: Decodable, Sendable {
        var code: String?
        var message: String?

        /// Whether it says only that there is nothing.
        var isHarmless: Bool { code == nil || code == "NO_RESULTS_ON_PAGE" }
    }

    static let fields =
        "nextPageToken,unreachables,items/*/warning(code,message),items/*/instances(\(GoogleInstance.fields))"
}

/// A page of the instances of one zone.
struct GoogleZonePage: GooglePage {
    var items: [GoogleInstance]?
    var nextPageToken: String?

    static let fields = "nextPageToken,items(\(GoogleInstance.fields))"
}
