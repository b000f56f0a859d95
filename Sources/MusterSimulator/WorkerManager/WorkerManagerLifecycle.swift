public import MusterCore

/// When worker-manager ends a worker itself (`provider.js`, `_getTerminateAfter`, `_isZombie`; the providers'
/// `checkWorker`).
///
/// Looked at by the scanner, worker by worker. The times are those of the moment the worker was requested:
/// later changes of the pool do not reach it.
public struct WorkerManagerLifecycle: Hashable, Sendable {
    /// How long a requested worker may take to register; nil for as long as its credentials would last.
    public var registrationTimeout: Duration?
    /// How long a registered worker may go on without registering again.
    public var reregistrationTimeout: Duration
    /// How long a worker may be silent in the queue. It bounds the time to register too, since a worker that
    /// was never heard is silent from the moment it was requested.
    public var queueInactivityTimeout: Duration

    /// Makes a lifecycle.
    public init(
        registrationTimeout: Duration? = WorkerManagerDefaults.registrationTimeout,
        reregistrationTimeout: Duration = WorkerManagerDefaults.reregistrationTimeout,
        queueInactivityTimeout: Duration = WorkerManagerDefaults.queueInactivityTimeout
    ) {
        self.registrationTimeout = registrationTimeout
        self.reregistrationTimeout = reregistrationTimeout
        self.queueInactivityTimeout = queueInactivityTimeout
    }

    /// Why a worker is ended.
    public enum End: String, Hashable, Sendable {
        /// It did not register, or register again, in time.
        case terminateAfter = "terminateAfter time exceeded"
        /// It never called the queue.
        case neverClaimed = "worker never claimed work"
        /// It has stopped calling the queue.
        case inactive = "worker inactive"
    }

    /// When a worker is ended if nothing else happens.
    public func terminateAfter(requestedAt: Timestamp, registeredAt: Timestamp?) -> Timestamp {
        if let registeredAt { return registeredAt + reregistrationTimeout }
        guard let registrationTimeout, registrationTimeout < reregistrationTimeout else {
            return requestedAt + reregistrationTimeout
        }
        return requestedAt + registrationTimeout
    }

    /// Why a worker that is requested or running is ended by a scan, if it is.
    ///
    /// - Parameter registeredAt: when it last registered.
    /// - Parameter activity: what the queue knows of it.
    public func end(
        requestedAt: Timestamp, registeredAt: Timestamp?, activity: WorkerManagerActivity, now: Timestamp
    ) -> End? {
        if terminateAfter(requestedAt: requestedAt, registeredAt: registeredAt) < now {
            return .terminateAfter
        }
        let silence = now - queueInactivityTimeout
        if activity.firstClaim == nil, requestedAt < silence { return .neverClaimed }
        if let last = activity.lastActive, last < silence { return .inactive }
        return nil
    }
}

/// What the queue remembers of a worker's calls (`workerinfo.js`).
///
/// Contacts are written down at most every half hour, so that a worker looks up to half an hour more silent
/// than it is.
public struct WorkerManagerActivity: Hashable, Sendable {
    /// When it first called.
    public private(set) var firstClaim: Timestamp?
    /// When it last called, as far as that was written down.
    public private(set) var lastActive: Timestamp?

    /// A worker that has never called.
    public init() {}

    /// The worker calls.
    public mutating func contact(at now: Timestamp) {
        if firstClaim == nil { firstClaim = now }
        guard let lastActive, now < lastActive + WorkerManagerDefaults.activityGranularity else {
            self.lastActive = now
            return
        }
    }
}
