public import MusterCore

/// A plan as it is kept: with how often a pass has decided the same.
public struct StoredPlan: Sendable {
    /// Its place in the order of plans.
    public let sequence: Int64
    /// When it was first decided so.
    public let firstAt: Timestamp
    /// When it was last decided so.
    public let lastAt: Timestamp
    /// How often it has been written down so; more passes than that may have decided it.
    public let repeats: Int
    /// The plan, as it was last decided.
    public let document: PlanDocument
}

extension ReadTransaction {
    /// A page of a pool's plans, newest first, before `sequence`.
    public func plans(
        of pool: PoolID, before sequence: Int64?, limit: Int
    ) async throws -> Page<StoredPlan, Int64> {
        let rows = try await rows(
            "SELECT * FROM plans WHERE pool_id = $1 AND sequence < $2 ORDER BY sequence DESC LIMIT $3", pool,
            sequence ?? .max, limit + 1)
        return Page(try rows.map(StoredPlan.init(row:)), limit: limit, \.sequence)
    }
}

extension StoredPlan {
    init(row: Row) throws {
        sequence = try row.integer("sequence")
        firstAt = try row.time("first_at")
        lastAt = try row.time("last_at")
        repeats = try row.int("repeats")
        document = try StoredJSON.value(PlanDocument.self, try row.text("document"))
    }
}
