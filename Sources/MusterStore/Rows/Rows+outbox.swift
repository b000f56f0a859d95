public import MusterCore

/// An event in the outbox.
public struct OutboxEntry: Sendable {
    /// Its place in the order of commits.
    public let position: Int64
    /// What happened.
    public let event: Event
}

extension ReadTransaction {
    /// Events after `position`, in the order of commits; bounded.
    public func events(after position: Int64, limit: Int) async throws -> [OutboxEntry] {
        try await rows("SELECT * FROM outbox WHERE position > $1 ORDER BY position LIMIT $2", position, limit)
            .map(OutboxEntry.init(row:))
    }

    /// How far a sink has come; 0 for one that has never delivered.
    public func cursor(of sink: String) async throws -> Int64 {
        try await row("SELECT position FROM sink_cursors WHERE sink = $1", sink)?.integer("position") ?? 0
    }
}

extension WriteTransaction {
    /// Writes an event, to be delivered once this transaction has been committed.
    public func publish(_ event: Event) async throws { try await publish([event]) }

    /// Writes events in their order, to be delivered once this transaction has been committed.
    public func publish(_ events: [Event]) async throws {
        guard !events.isEmpty else { return }
        try await change(
            .insert(into: "outbox", ["type", "subject", "pool_id", "time", "data"]),
            events.map { [$0.type, $0.subject, $0.poolID, $0.time, $0.data.canonicalJSON] })
        signal(.outbox)
    }

    /// Notes that a sink has delivered everything up to `position`.
    public func moveCursor(of sink: String, to position: Int64, at now: Timestamp) async throws {
        try await run(
            """
            INSERT INTO sink_cursors (sink, position, moved_at) VALUES ($1, $2, $3)
            ON CONFLICT (sink) DO UPDATE SET position = excluded.position, moved_at = excluded.moved_at
            """, sink, position, now)
    }
}

extension OutboxEntry {
    init(row: Row) throws {
        position = try row.integer("position")
        event = try Event(row: row)
    }
}

extension Event {
    init(row: Row) throws {
        self.init(
            try row.value("type", as: EventType.self), subject: try row.text("subject"),
            poolID: try row.optionalText("pool_id").map(PoolID.init(rawValue:)), time: try row.time("time"),
            data: try StoredJSON.document(try row.text("data")))
    }
}
