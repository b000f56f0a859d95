public import MusterCore

/// What somebody ordered.
public struct AuditEntry: Sendable {
    /// Its place in the order of orders.
    public let sequence: Int64
    /// When.
    public let at: Timestamp
    /// Who.
    public let actor: String
    /// What: a verb such as `pause`.
    public let action: String
    /// To what: `pool/owner/name`, `worker/owner/name/group/id`, `fleet`.
    public let subject: String
    /// With what; an object.
    public let detail: Document
}

/// Which entries of the audit a listing shows.
public struct AuditFilter: Sendable {
    /// Those from this moment on.
    public var since: Timestamp?
    /// One person's.
    public var actor: String?
    /// Those about one thing.
    public var subject: String?

    /// Makes a filter.
    public init(since: Timestamp? = nil, actor: String? = nil, subject: String? = nil) {
        self.since = since
        self.actor = actor
        self.subject = subject
    }
}

/// A place in the audit.
public struct AuditMark: Hashable, Sendable {
    /// The moment of the entry there.
    public var at: Timestamp
    /// Which of that moment.
    public var sequence: Int64

    /// Makes a place.
    public init(at: Timestamp, sequence: Int64) {
        self.at = at
        self.sequence = sequence
    }
}

extension ReadTransaction {
    /// A page of the audit, latest first, before `mark`.
    public func audit(
        _ filter: AuditFilter, before mark: AuditMark?, limit: Int
    ) async throws -> Page<AuditEntry, AuditMark> {
        var conditions = Conditions()
        conditions.require("actor", ifAny: filter.actor)
        conditions.require("subject", ifAny: filter.subject)
        conditions.require("at", ">=", ifAny: filter.since)
        if let mark { conditions.require("at, sequence", "<", all: [mark.at, mark.sequence]) }
        let count = conditions.number(limit + 1)
        let rows = try await rows(
            "SELECT * FROM audit WHERE \(conditions.text) ORDER BY at DESC, sequence DESC LIMIT \(count)",
            conditions.values)
        return Page(try rows.map(AuditEntry.init(row:)), limit: limit) {
            AuditMark(at: $0.at, sequence: $0.sequence)
        }
    }
}

extension AuditEntry {
    init(row: Row) throws {
        sequence = try row.integer("sequence")
        at = try row.time("at")
        actor = try row.text("actor")
        action = try row.text("action")
        subject = try row.text("subject")
        detail = try StoredJSON.document(try row.text("detail"))
    }
}
