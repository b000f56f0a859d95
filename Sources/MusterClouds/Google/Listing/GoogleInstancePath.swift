/// What an instance is called within the provider: `us-central1-a/NAME`.
struct GoogleInstancePath: Hashable, Sendable {
    let zone: String
    let name: String

    /// Reads an id; nil when it is none, so that nothing else gets into an address.
    init?(_ id: String) {
        let parts = id.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, parts.allSatisfy(GoogleAddress.isName) else { return nil }
        (zone, name) = (parts[0], parts[1])
    }

    /// The id.
    var id: String { "\(zone)/\(name)" }
    /// Its part of an address.
    var address: String { "zones/\(zone)/instances/\(name)" }
}
