public import MusterCore

/// What a scan decides to tell running workers that ask whether to terminate (`worker-scanner.js`).
///
/// Advice only: worker-manager never ends a worker for being one too many. The newest workers are kept
/// whether they are busy or idle, so that the advice ends busy workers after their task while idle ones stay.
public enum WorkerManagerAdvice: String, Hashable, Sendable {
    /// No scan has looked at it yet.
    case none
    /// It is among those that the target needs.
    case needed
    /// Newer workers fill the target.
    case overCapacity = "over capacity"
    /// Its launch config is no longer the pool's.
    case archived = "launch config archived"

    /// Whether the worker should terminate.
    public var terminates: Bool { self == .overCapacity || self == .archived }

    /// A running worker that is not quarantined.
    public struct Candidate<ID: Hashable & Sendable>: Sendable {
        /// Its name.
        public var id: ID
        /// When it was requested.
        public var requestedAt: Timestamp
        /// How many tasks it runs at once.
        public var capacity: Int
        /// Whether its launch config is no longer the pool's.
        public var isArchived: Bool

        /// Makes a candidate.
        public init(id: ID, requestedAt: Timestamp, capacity: Int = 1, isArchived: Bool = false) {
            self.id = id
            self.requestedAt = requestedAt
            self.capacity = capacity
            self.isArchived = isArchived
        }
    }

    /// Decides about the running workers of a pool, in the order the scan met them.
    ///
    /// - Parameter target: the estimator's target capacity.
    public static func decide<ID>(_ candidates: [Candidate<ID>], target: Double) -> [ID: WorkerManagerAdvice]
    {
        var advice: [ID: WorkerManagerAdvice] = [:]
        var left = target
        let newestFirst = candidates.enumerated().sorted {
            ($1.element.requestedAt, $0.offset) < ($0.element.requestedAt, $1.offset)
        }
        for candidate in newestFirst.map(\.element) {
            if candidate.isArchived {
                advice[candidate.id] = .archived
            } else if left > 0 {
                advice[candidate.id] = .needed
                left -= Double(candidate.capacity)
            } else {
                advice[candidate.id] = .overCapacity
            }
        }
        return advice
    }
}
