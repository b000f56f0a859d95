/// When a worker ends by itself that a person made.
public enum WorkerExpiry: Hashable, Sendable {
    case at(Timestamp)
    /// So long after it was made or changed; said again, it means the same end as before.
    case after(Duration)
    case never

    /// The moment, of a worker that was made or changed at `start`; nil for never.
    public func moment(from start: Timestamp) -> Timestamp? {
        switch self {
        case .at(let moment): moment
        case .after(let time): start + time
        case .never: nil
        }
    }
}
