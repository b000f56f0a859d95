public import MusterCore

/// Which events a listing shows.
public struct EventFilter: Sendable {
    /// Those of these types; empty for all.
    public var types: Set<EventType>
    /// Those that concern one pool.
    public var pool: PoolID?
    /// Those of one subject.
    public var subject: String?
    /// Those from this moment on.
    public var since: Timestamp?

    /// Makes a filter.
    public init(
        types: Set<EventType> = [], pool: PoolID? = nil, subject: String? = nil, since: Timestamp? = nil
    ) {
        self.types = types
        self.pool = pool
        self.subject = subject
        self.since = since
    }
}

/// A part of the outbox that was looked through, with what fitted.
public struct EventPage: Sendable {
    /// What fitted, in the order of commits.
    public let entries: [OutboxEntry]
    /// How far was looked: the last position looked at going forward, the first one going back.
    public let position: Int64
    /// Whether there is nothing further that way.
    public let isAtEnd: Bool
}

/// The positions of the first and the last event that are left.
public struct EventRange: Hashable, Sendable {
    /// The oldest event's.
    public let oldest: Int64
    /// The newest event's.
    public let newest: Int64
}

// The outbox has no index but that of positions: it is written with every change there is, and read by people
// now and then. What does not fit is passed over, a bounded number of rows at a time.
extension ReadTransaction {
    /// The positions that are left; nil when no event is.
    public func eventRange() async throws -> EventRange? {
        // One question each: only then does the engine go straight to the ends of the index.
        let oldest = try await row("SELECT min(position) AS position FROM outbox")?
            .optionalInteger("position")
        let newest = try await row("SELECT max(position) AS position FROM outbox")?
            .optionalInteger("position")
        guard let oldest, let newest else { return nil }
        return EventRange(oldest: oldest, newest: newest)
    }

    /// The first `limit` events that fit after `position`, among a bounded number that are looked at.
    public func events(after position: Int64, _ filter: EventFilter, limit: Int) async throws -> EventPage {
        guard let range = try await eventRange(), range.newest > position else {
            return EventPage(entries: [], position: position, isAtEnd: true)
        }
        let start = max(position, range.oldest - 1)
        let end = min(start + StorePolicy.eventsPerLook, range.newest)
        let entries = try await entries(start + 1...end, filter, "", limit: limit)
        let reached = entries.count == limit ? entries.last?.position ?? end : end
        return EventPage(entries: entries, position: reached, isAtEnd: reached == range.newest)
    }

    /// The last `limit` events that fit before `position`, or of all, among a bounded number that are looked at.
    public func events(before position: Int64?, _ filter: EventFilter, limit: Int) async throws -> EventPage {
        guard let range = try await eventRange(), (position ?? .max) > range.oldest else {
            return EventPage(entries: [], position: position ?? 0, isAtEnd: true)
        }
        let end = min(position ?? .max, range.newest + 1) - 1
        let start = max(end - StorePolicy.eventsPerLook + 1, range.oldest)
        let entries = try await entries(start...end, filter, "DESC", limit: limit)
        let reached = entries.count == limit ? entries.last?.position ?? start : start
        let isOld = try await isBefore(filter.since, reached)
        return EventPage(
            entries: entries.reversed(), position: reached, isAtEnd: isOld || reached == range.oldest)
    }

    private func entries(
        _ positions: ClosedRange<Int64>, _ filter: EventFilter, _ direction: String, limit: Int
    ) async throws -> [OutboxEntry] {
        var conditions = Conditions()
        conditions.require("position", ">=", positions.lowerBound)
        conditions.require("position", "<=", positions.upperBound)
        if !filter.types.isEmpty {
            conditions.require("type", oneOf: filter.types.sorted { $0.rawValue < $1.rawValue })
        }
        conditions.require("pool_id", ifAny: filter.pool)
        conditions.require("subject", ifAny: filter.subject)
        conditions.require("time", ">=", ifAny: filter.since)
        let count = conditions.number(limit)
        return try await rows(
            "SELECT * FROM outbox WHERE \(conditions.text) ORDER BY position \(direction) LIMIT \(count)",
            conditions.values
        ).map(OutboxEntry.init(row:))
    }

    /// Whether everything up to a position is older than `moment`, also if the clock has been set back since.
    private func isBefore(_ moment: Timestamp?, _ position: Int64) async throws -> Bool {
        guard let moment else { return false }
        let row = try await row(
            "SELECT time FROM outbox WHERE position >= $1 ORDER BY position LIMIT 1", position)
        return try row.map { try $0.time("time") + StorePolicy.clockStep < moment } ?? false
    }
}
