public import MusterCore

/// An event in the JSON form of CloudEvents 1.0, as sinks get it too.
public struct EventDocument: Codable, Sendable {
    public var specversion = "1.0"
    /// Its position in the order of commits.
    public var id: String
    public var source: String
    public var type: EventType
    public var subject: String
    public var time: Timestamp
    public var datacontenttype = "application/json"
    public var data: Document

    /// Makes the document of an event of the fleet of that name.
    public init(position: Int64, fleet: String, event: Event) {
        id = String(position)
        source = Event.source(fleet: fleet)
        type = event.type
        subject = event.subject
        time = event.time
        data = event.data
    }
}

/// Events in the order of commits.
public struct EventsAnswer: Codable, Sendable {
    public var events: [EventDocument]
    /// Where to go on reading forward: the next question's `after`.
    public var position: Int64
    /// Whether there is more after that already.
    public var hasMore: Bool
    /// How many events after the question's `after` retention has deleted; absent when none.
    public var deleted: Int64?
    /// Where to go on reading back: the next question's `continuationToken`; absent at the beginning, and for
    /// questions that read forward.
    public var continuationToken: String?

    /// Makes an answer.
    public init(
        events: [EventDocument], position: Int64, hasMore: Bool, deleted: Int64? = nil,
        continuationToken: String? = nil
    ) {
        self.events = events
        self.position = position
        self.hasMore = hasMore
        self.deleted = deleted
        self.continuationToken = continuationToken
    }
}
