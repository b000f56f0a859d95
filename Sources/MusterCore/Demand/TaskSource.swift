/// Where it is read how much work waits for a pool.
public enum TaskSource: Hashable, Sendable {
    /// Muster's own queue.
    case queue
    /// A place outside Muster that gives numbers.
    case external(ExternalSource)

    /// The external source; nil for the queue.
    public var external: ExternalSource? {
        if case .external(let source) = self { source } else { nil }
    }
}

/// A JSON document that tells how many tasks wait and run somewhere else.
public struct ExternalSource: Hashable, Sendable {
    /// Where the document is.
    public var place: Place
    /// The number of tasks that wait.
    public var pending: JSONPointer
    /// The number of tasks that workers run; nil when the source does not know, and then none is assumed.
    public var claimed: JSONPointer?
    /// When the numbers were true: ISO 8601, or seconds since 1970. Nil for the moment of the answer, or the
    /// file's modification.
    public var observedAt: JSONPointer?
    /// The instances that run nothing, by the names that their provider gives them; nil when the source does
    /// not know.
    public var idle: JSONPointer?
    /// How long a reading is used before it is read again.
    public var interval: Duration
    /// Numbers older than this say nothing of now.
    public var staleness: Duration

    /// Where a source's document is.
    public enum Place: Hashable, Sendable {
        /// At a URL, asked for with these headers, for so long at most.
        case http(url: String, headers: [Header], timeout: Duration)
        /// In a file, by its absolute path.
        case file(path: String)
    }

    /// A header of the request.
    public struct Header: Hashable, Sendable {
        /// Its name.
        public var name: String
        /// What it says.
        public var value: Value

        /// What a header says.
        public enum Value: Hashable, Sendable {
            /// As written in the definition.
            case text(String)
            /// `prefix` and the secret of this name in muster.yaml.
            case secret(name: String, prefix: String)
        }

        /// Makes a header.
        public init(_ name: String, _ value: Value) {
            self.name = name
            self.value = value
        }
    }

    /// Makes a source of values that have been checked.
    public init(
        _ place: Place, pending: JSONPointer, claimed: JSONPointer?, observedAt: JSONPointer? = nil,
        idle: JSONPointer? = nil, interval: Duration = DemandPolicy.interval,
        staleness: Duration = DecisionPolicy.demandStaleness
    ) {
        self.place = place
        self.pending = pending
        self.claimed = claimed
        self.observedAt = observedAt
        self.idle = idle
        self.interval = interval
        self.staleness = staleness
    }
}
