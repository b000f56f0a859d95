/// Whether a launch config has anything that it could be launched as.
public enum Availability: Hashable, Sendable {
    /// At least one of its offerings is free of marks, or it has none that could be marked.
    case open
    /// Each of its offerings is marked. Beside the snapshot, so that those that are open, nearly all, stay small.
    indirect case closed(Closure)
    /// Each of its offerings was marked, and the time of one is over: one instance is tried.
    case probe

    /// Why nothing can be launched of a config, and until when.
    public struct Closure: Hashable, Sendable {
        /// When the first of its offerings may be tried again.
        public var until: Timestamp
        /// When the last of them was marked.
        public var markedAt: Timestamp
        /// Why the first is not to be had, for a person: `capacity, InsufficientInstanceCapacity`.
        public var reason: String

        /// Makes a closure.
        public init(until: Timestamp, markedAt: Timestamp, reason: String = "") {
            self.until = until
            self.markedAt = markedAt
            self.reason = reason
        }

        /// When it is tried for want of anything else.
        var triedAnywayAt: Timestamp { min(until, markedAt + OfferingPolicy.longestClosure) }
    }

    /// What may be done about a launch config.
    enum Verdict {
        case open, probe
        case closed(until: Timestamp)
    }

    /// What it comes to at a moment.
    ///
    /// - Parameter isLastHope: whether nothing else can be launched, so that it is tried before its time.
    func verdict(at now: Timestamp, isLastHope: Bool) -> Verdict {
        switch self {
        case .open: return .open
        case .probe: return .probe
        case .closed(let closure):
            let end = isLastHope ? closure.triedAnywayAt : closure.until
            return end <= now ? .probe : .closed(until: end)
        }
    }
}
