import MusterAPI
import MusterCore
import MusterRuntime

extension FaultPoint {
    /// How the service is killed there. There is no default: a fault point without a scenario does not compile.
    var scenario: KillScenario {
        switch self {
        case .migrationUnfinished, .migrationCommitted, .fleetNamed, .portKept: .opening
        case .poolsApplied, .tasksSubmitted: .everyday
        case .workerRegistered, .credentialsUsed, .tasksClaimed, .runReported: .alone
        case .poolPaused: .poolPaused
        case .poolResumed: .poolResumed
        case .poolDeleted: .poolDeleted
        case .fleetFrozen: .frozen
        case .fleetUnfrozen: .unfrozen
        case .launchConfigPaused: .launchConfigPaused
        case .launchConfigResumed: .launchConfigResumed
        case .workerRetired: .workerRetired
        case .workerMade: .workerMade
        case .countersRecounted: .countersRecounted
        case .backupUnnamed, .backupAudited: .backup
        case .taskCancelled: .taskCancelled
        case .namedTasksCancelled:
            .cancelled(.tasks([TaskID(rawValue: "task-0"), TaskID(rawValue: "task-1")]))
        case .allTasksCancelled: .cancelled(.all(of: MusterFleet.pool))
        case .replicaAnnounced: .opening
        case .replicaLeft: .stopping
        case .placeKept: .placeKept
        case .providerForgotten: .providerForgotten
        case .leaseTaken, .planRecorded, .retirementDecided: .everyday
        case .leaseReleased: .scheduledRun
        case .pauseEnded: .pauseEnded
        case .launchIntended, .launchAnswered, .launchSettled: .everyday
        case .launchStarted: .launchStarted
        case .instanceRecorded: .instanceRecorded
        case .launchAdopted: .launchAdopted
        case .launchResent: .launchResent
        case .launchAbandoned: .launchAbandoned
        case .workerLookedUp: .workerLookedUp
        case .workerCounted: .secondScheduledRun
        case .contactsNoted, .workersJudged: .everyday
        case .terminationNoted, .terminationSent: .termination
        case .instanceSwept, .instanceGone: .everyday
        case .instanceAdopted: .instanceAdopted
        case .workerNoted: .workerNoted
        case .folderPutAway: .folderPutAway
        case .claimRenewed: .claimRenewed
        case .tasksExpired: .tasksExpired
        case .limitSaved, .limitDeleted, .slotsTaken, .slotsAwaited, .slotsRenewed, .slotsReleased: .limits
        case .slotsExpired: .slotsExpired
        case .eventsDelivered, .cursorMoved: .everydayAtAnyTime
        case .retentionSwept: .retentionSwept
        case .leftoversRemoved: .leftoversRemoved
        case .clockSet: .clockSet
        case .loopsStopped: .stopping
        }
    }
}
