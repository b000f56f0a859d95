public import MusterCore

/// An event in the form of CloudEvents 1.0.
public struct CloudEvent: Sendable {
    /// Unique within `source`; the same on every delivery.
    public let id: String
    /// Which Muster it comes from.
    public let source: String
    /// What happened.
    public let event: Event

    /// Makes the CloudEvent of an entry of the outbox.
    public init(position: Int64, fleet: String, event: Event) {
        id = String(position)
        source = Event.source(fleet: fleet)
        self.event = event
    }

    /// The structured JSON form, on one line.
    public var json: String {
        Document.object([
            "specversion": .string("1.0"), "id": .string(id), "source": .string(source),
            "type": .string(event.type.rawValue), "subject": .string(event.subject),
            "time": .string(event.time.description), "datacontenttype": .string("application/json"),
            "data": event.data,
        ]).canonicalJSON
    }
}
