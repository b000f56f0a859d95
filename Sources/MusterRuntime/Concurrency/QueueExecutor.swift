import Dispatch

/// Runs an actor's jobs on a queue of its own, so that a file that blocks never blocks the rest.
public final class QueueExecutor: SerialExecutor {
    private let queue: DispatchQueue

    /// Makes a queue; `label` shows in debuggers.
    public init(label: String) { queue = DispatchQueue(label: label) }

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
