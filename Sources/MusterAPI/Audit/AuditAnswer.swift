public import MusterCore

/// What somebody ordered.
public struct AuditDocument: Codable, Sendable {
    public var at: Timestamp
    public var actor: String
    /// A verb, such as `pause`.
    public var action: String
    public var subject: String
    public var detail: Document

    /// Makes a document.
    public init(at: Timestamp, actor: String, action: String, subject: String, detail: Document) {
        self.at = at
        self.actor = actor
        self.action = action
        self.subject = subject
        self.detail = detail
    }
}

/// A page of the audit, latest first.
public struct AuditAnswer: PagedAnswer {
    public var audit: [AuditDocument]
    public var continuationToken: String?

    public var elements: [AuditDocument] { audit }

    public init(elements: [AuditDocument], continuationToken: String?) {
        audit = elements
        self.continuationToken = continuationToken
    }
}
