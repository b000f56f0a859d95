public import MusterCore

/// A number that is kept so that nobody need count, and that says something else than a full recount.
public struct CounterDifference: Codable, Hashable, Sendable {
    /// The kinds of numbers that are kept.
    public enum Counter: String, CaseIterable, Codable, Sendable {
        /// What there is of a launch config in a bucket.
        case capacity
        /// How many tasks a worker holds.
        case claimed
        /// How many tasks of a pool wait.
        case demand
        /// How many tasks of a tenant wait.
        case tenants
        /// How many tasks of a tenant wait, by priority.
        case tenantCounts = "tenant-counts"
    }

    /// Which kind of number.
    public var counter: Counter
    /// Of which pool.
    public var workerPoolId: PoolID
    /// Of what in the pool: `tenant alice`.
    public var subject: String
    /// What is kept.
    public var stored: Int
    /// What a full recount gives.
    public var counted: Int

    init(_ counter: Counter, _ pool: PoolID, _ subject: String, stored: Int, counted: Int) {
        self.counter = counter
        workerPoolId = pool
        self.subject = subject
        self.stored = stored
        self.counted = counted
    }
}
