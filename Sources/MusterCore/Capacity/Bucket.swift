/// Where a worker's capacity is counted: each worker is in exactly one bucket.
public enum Bucket: String, CaseIterable, Codable, Sendable {
    /// Asked for, and not registered yet.
    case requested
    /// Registered and counted on.
    case running
    /// Silent for too long to be counted on.
    case suspected
    /// Kept from work by a person.
    case quarantined
    /// Finishes what it has and gets no more.
    case draining
    /// Being ended.
    case stopping
    /// Should have been gone by now; no longer counted against the pool.
    case overdue
    /// Gone.
    case stopped
}
