/// When a worker of Taskcluster's ends itself (generic-worker, `main.go`).
public struct WorkerManagerIdling: Hashable, Sendable {
    /// How long it waits without a task; nil for ever.
    public var timeout: Duration?
    /// Whether it asks worker-manager before each claim and before it gives up, as one that was started by
    /// worker-runner does. Then the advice decides alone: the timeout of a worker that is needed starts again,
    /// and one that is not needed has gone before.
    public var followsAdvice: Bool

    /// Makes an idling worker's rules.
    public init(timeout: Duration? = WorkerManagerDefaults.idleTimeout, followsAdvice: Bool = false) {
        self.timeout = timeout
        self.followsAdvice = followsAdvice
    }

    /// What a worker does next.
    public enum Step: Hashable, Sendable {
        /// It claims.
        case claims
        /// It claims, and counts its idle time from now.
        case startsAgain
        /// It takes no more, finishes what it runs and ends.
        case ends
    }

    /// What a worker does before its next claim.
    ///
    /// - Parameter idle: how long it has had no task; nil while it has one.
    public func step(idle: Duration?, advice: WorkerManagerAdvice) -> Step {
        if followsAdvice, advice.terminates { return .ends }
        guard let timeout, let idle, idle > timeout else { return .claims }
        return followsAdvice ? .startsAgain : .ends
    }
}
