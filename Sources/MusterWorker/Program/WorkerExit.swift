public import MusterCore

/// How a worker's process should end.
public enum WorkerExit: Hashable, Sendable {
    /// It was asked to end and did so in order; with the reason.
    case ended(String)
    /// It could not begin, or could not go on.
    case failed(Problem)

    /// The process's exit code.
    public var code: Int32 {
        switch self {
        case .ended: 0
        case .failed: 1
        }
    }
}
