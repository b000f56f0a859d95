/// An operation as Compute Engine tells of it: what goes on after a call was accepted.
struct GoogleOperation: Decodable, Sendable {
    var name: String
    /// The request id of its call.
    var clientOperationId: String?
    /// What it does: `insert`, `bulkInsert`.
    var operationType: String?
    /// What it belongs to: a bulk insertion and the insertions it is made of share one.
    var operationGroupId: String?
    /// `PENDING`, `RUNNING` or `DONE`.
    var status: String
    /// The address of the instance.
    var targetLink: String?
    /// The instance's number, which is known before it exists.
    var targetId: String?
    var zone: String?
    /// When it was asked for, with an offset from UTC.
    var insertTime: String?
    var error: Errors?
    var instancesBulkInsertOperationMetadata: BulkMetadata?

    struct Errors: Decodable, Sendable {
        var errors: [GoogleFault]?
    }

    struct BulkMetadata: Decodable, Sendable {
        /// By location, such as `zones/us-central1-a`.
        var perLocationStatus: [String: LocationStatus]?
    }

    struct LocationStatus: Decodable, Sendable {
        var status: String?
        var targetVmCount: Int?
        var createdVmCount: Int?
        var failedToCreateVmCount: Int?
        var deletedVmCount: Int?
    }

    /// Whether it is over.
    var isDone: Bool { status == "DONE" }
    /// What it failed of.
    var faults: [GoogleFault] { error?.errors ?? [] }
    /// The instance's name.
    var instanceName: String? { targetLink.map(GoogleAddress.name) }
    /// The instance's zone.
    var zoneName: String? {
        zone.map(GoogleAddress.name) ?? targetLink.flatMap { GoogleAddress.part(after: "zones", in: $0) }
    }
    /// The zones where a bulk insertion was at work, and what it did there.
    var locations: [String: LocationStatus] {
        let statuses = instancesBulkInsertOperationMetadata?.perLocationStatus ?? [:]
        return Dictionary(
            statuses.map { (GoogleAddress.name($0.key), $0.value) }, uniquingKeysWith: { first, _ in first })
    }
    /// The names of these zones.
    var zones: [String] { locations.keys.sorted() }
}

/// A page of operations.
struct GoogleOperationPage: GooglePage {
    var items: [GoogleOperation]?
    var nextPageToken: String?

    static let fields =
        "nextPageToken,items(name,clientOperationId,operationType,operationGroupId,status,targetLink,targetId,zone,"
        + "insertTime,error,instancesBulkInsertOperationMetadata)"
}
