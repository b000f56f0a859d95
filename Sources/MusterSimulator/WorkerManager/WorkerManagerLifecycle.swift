/// How long worker-manager waits for a worker that does not come (`provider.js`, `_getTerminateAfter` and
/// `_isZombie`).
///
/// Its fault is kept: a worker that was never heard by the queue counts as silent from the moment it was
/// requested, so that a pool whose workers may take longer than that to register loses them all the same.
public struct WorkerManagerLifecycle: Hashable, Sendable {
    /// How long a requested worker may take to register; nil for as long as its credentials would last.
    public var registrationTimeout: Duration?
    /// How long a registered worker may go on without registering again.
    public var reregistrationTimeout = WorkerManagerDefaults.reregistrationTimeout
    /// How long a worker may be silent in the queue.
    public var queueInactivityTimeout = WorkerManagerDefaults.queueInactivityTimeout

    /// Makes a lifecycle.
    public init(registrationTimeout: Duration?) { self.registrationTimeout = registrationTimeout }

    /// From the request of a worker that does not come to its end; a scan may look up to its interval later.
    public var patience: Duration {
        min(registrationTimeout ?? reregistrationTimeout, reregistrationTimeout, queueInactivityTimeout)
    }
}
