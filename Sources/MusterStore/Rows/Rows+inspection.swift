public import MusterCore

/// What an outbox still has for a sink.
public struct SinkBacklog: Hashable, Sendable {
    /// How many events.
    public var events: Int
    /// When the first of them happened; nil when there are none.
    public var oldest: Timestamp?

    /// Makes a backlog.
    public init(events: Int, oldest: Timestamp?) {
        self.events = events
        self.oldest = oldest
    }
}

extension ReadTransaction {
    /// Launches that were planned before `moment`, and of which nobody knows yet what came; oldest first,
    /// bounded.
    public func launches(plannedBefore moment: Timestamp, limit: Int) async throws -> [Launch] {
        try await rows(
            "SELECT * FROM launches WHERE state = 'planned' AND planned_at < $1 ORDER BY planned_at LIMIT $2",
            moment, limit
        ).map(Launch.init(row:))
    }

    /// Workers that should have been gone by now; oldest first, bounded. O(workers).
    public func overdueWorkers(limit: Int) async throws -> [Worker] {
        try await rows(
            "SELECT * FROM workers WHERE overdue = 1 AND stopped_at IS NULL ORDER BY stopping_at LIMIT $1",
            limit
        ).map(Worker.init(row:))
    }

    /// Where workers are that are not known to be gone.
    public func groupsOfWorkers() async throws -> [(provider: ProviderID, group: WorkerGroup)] {
        try await rows(
            """
            SELECT DISTINCT provider_id, worker_group FROM workers WHERE stopped_at IS NULL
            ORDER BY provider_id, worker_group
            """
        ).map {
            (
                try $0.value("provider_id", as: ProviderID.self),
                try $0.value("worker_group", as: WorkerGroup.self)
            )
        }
    }

    /// Tasks whose claim ended before `moment` and that nobody has given back to the queue; bounded.
    public func tasks(claimedOnlyUntil moment: Timestamp, limit: Int) async throws -> [QueuedTask] {
        try await rows(
            "SELECT * FROM tasks WHERE state = 'running' AND taken_until < $1 ORDER BY taken_until LIMIT $2",
            moment, limit
        ).map(QueuedTask.init(row:))
    }

    /// What a sink has not been given yet.
    public func backlog(of sink: String) async throws -> SinkBacklog {
        let position = try await cursor(of: sink)
        let row = try await row(
            "SELECT count(*) AS events, min(time) AS oldest FROM outbox WHERE position > $1", position)
        return SinkBacklog(
            events: try row?.int("events") ?? 0, oldest: try row?.optionalTime("oldest"))
    }
}
