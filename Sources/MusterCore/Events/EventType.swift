/// The closed set of events; the raw value is the CloudEvents `type`.
public enum EventType: String, CaseIterable, Codable, Sendable {
    case poolCreated = "dev.muster.pool.created"
    case poolUpdated = "dev.muster.pool.updated"
    case poolDeleted = "dev.muster.pool.deleted"
    case poolPaused = "dev.muster.pool.paused"
    case poolResumed = "dev.muster.pool.resumed"
    case poolSuspended = "dev.muster.pool.suspended"
    case poolError = "dev.muster.pool.error"

    case launchConfigCreated = "dev.muster.launch-config.created"
    case launchConfigUpdated = "dev.muster.launch-config.updated"
    case launchConfigArchived = "dev.muster.launch-config.archived"
    case launchConfigPaused = "dev.muster.launch-config.paused"
    case launchConfigResumed = "dev.muster.launch-config.resumed"
    case launchConfigSuspended = "dev.muster.launch-config.suspended"

    case launchPlanned = "dev.muster.launch.planned"
    case launchSettled = "dev.muster.launch.settled"
    case launchFailed = "dev.muster.launch.failed"
    case launchAbandoned = "dev.muster.launch.abandoned"

    case offeringUnavailable = "dev.muster.offering.unavailable"

    case instanceEnded = "dev.muster.instance.ended"

    case workerRequested = "dev.muster.worker.requested"
    case workerRunning = "dev.muster.worker.running"
    case workerSuspected = "dev.muster.worker.suspected"
    case workerTrusted = "dev.muster.worker.trusted"
    case workerDraining = "dev.muster.worker.draining"
    case workerStopping = "dev.muster.worker.stopping"
    case workerOverdue = "dev.muster.worker.overdue"
    case workerStopped = "dev.muster.worker.stopped"
    case workerRemoved = "dev.muster.worker.removed"

    case taskSubmitted = "dev.muster.task.submitted"
    case taskClaimed = "dev.muster.task.claimed"
    case taskRetried = "dev.muster.task.retried"
    case taskCompleted = "dev.muster.task.completed"
    case taskFailed = "dev.muster.task.failed"
    case taskException = "dev.muster.task.exception"

    case limitCreated = "dev.muster.limit.created"
    case limitUpdated = "dev.muster.limit.updated"
    case limitDeleted = "dev.muster.limit.deleted"

    case frozen = "dev.muster.fleet.frozen"
    case unfrozen = "dev.muster.fleet.unfrozen"
    case clockSet = "dev.muster.fleet.clock-set"
    case recounted = "dev.muster.fleet.recounted"
}
