import MusterCore
public import MusterStore

extension ReadTransaction {
    /// How many events the outbox holds.
    public func eventCount() async throws -> Int {
        try await row("SELECT count(*) AS count FROM outbox")?.int("count") ?? 0
    }
}
