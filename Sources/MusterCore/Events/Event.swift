/// Something that changed, as it is written into the outbox in the transaction of the change.
public struct Event: Hashable, Sendable {
    /// What happened.
    public var type: EventType
    /// What it happened to: a path such as `worker/owner/name/group/id`. Events of one subject are
    /// delivered in order.
    public var subject: String
    /// The pool it concerns, for filters.
    public var poolID: PoolID?
    /// When.
    public var time: Timestamp
    /// The details; an object.
    public var data: Document

    /// What CloudEvents call the source, for a fleet of this name.
    public static func source(fleet: String) -> String { "/muster/\(fleet)" }

    /// Makes an event.
    public init(_ type: EventType, subject: String, poolID: PoolID?, time: Timestamp, data: Document) {
        self.type = type
        self.subject = subject
        self.poolID = poolID
        self.time = time
        self.data = data
    }
}
