import MusterHTTP

/// One call to an API of Google's.
struct GoogleCall: Sendable {
    var method: HTTPMethod
    /// The address without its query.
    var address: String
    var query: [(name: String, value: String)] = []
    var body: [UInt8]?
    /// What it counts as, and the region whose calls it may slow down.
    var kind: Kind
    var region: String
    /// In all, with its repeats.
    var deadline: Duration = GooglePolicy.callDeadline

    /// What shares a rate.
    enum Kind: String, Sendable { case insert, bulkInsert, delete, list, read }

    /// The address with its query.
    var url: String {
        guard !query.isEmpty else { return address }
        let words = query.map { "\($0.name)=\(GoogleAddress.escaped($0.value))" }
        return address + "?" + words.joined(separator: "&")
    }
}
