import Glibc

/// The durable steps at which a test can let the process die.
///
/// A debug build that has `MUSTER_FAULT=NAME` in its environment kills itself with SIGKILL when it comes to
/// that step, with `NAME:3` when it comes to it for the third time: nothing runs after it, no handler, no
/// flush. Before that it writes the name into the file that `MUSTER_FAULT_FILE` names, so that a test knows
/// where it died. In a release build `reach` is nothing.
public enum FaultPoint: String, CaseIterable, Sendable {
    // MARK: Opening the state

    /// A migration's steps are done; it is not committed.
    case migrationUnfinished = "migration-unfinished"
    /// A migration is committed; nothing has followed.
    case migrationCommitted = "migration-committed"
    /// The store has its name; no master key is there.
    case fleetNamed = "fleet-named"
    /// The port that workers call is kept; nobody is answered there.
    case portKept = "port-kept"

    // MARK: What people order: committed, the answer not given

    case poolsApplied = "pools-applied"
    case poolPaused = "pool-paused"
    case poolResumed = "pool-resumed"
    case poolDeleted = "pool-deleted"
    case fleetFrozen = "fleet-frozen"
    case fleetUnfrozen = "fleet-unfrozen"
    case launchConfigPaused = "launch-config-paused"
    case launchConfigResumed = "launch-config-resumed"
    case workerRetired = "worker-retired"
    /// A worker was made by a person, changed or taken away.
    case workerMade = "worker-made"
    case countersRecounted = "counters-recounted"
    /// A backup is whole and checked; it has not got its name.
    case backupUnnamed = "backup-unnamed"
    case backupAudited = "backup-audited"
    case tasksSubmitted = "tasks-submitted"
    case taskCancelled = "task-cancelled"
    /// Some of the tasks that were named are cancelled; the others are not.
    case namedTasksCancelled = "named-tasks-cancelled"
    /// Some of a pool's tasks are cancelled; the others are not.
    case allTasksCancelled = "all-tasks-cancelled"

    // MARK: This process among others

    /// A process has announced itself; it holds nothing.
    case replicaAnnounced = "replica-announced"
    /// A process has gone, and with it whatever it held; it has not ended.
    case replicaLeft = "replica-left"

    // MARK: Providers

    /// It is kept where a provider's instances are; nobody has listed them.
    case placeKept = "place-kept"
    /// Some of what a forgotten provider had counts as gone; the rest does not.
    case providerForgotten = "provider-forgotten"

    // MARK: A pool's pass

    /// A lease is taken; nothing is written under it.
    case leaseTaken = "lease-taken"
    /// A process has given a pool's lease back: a scheduled run at its end, its events not delivered, or a
    /// service, when the pool is another's share.
    case leaseReleased = "lease-released"
    /// A plan that changes nothing is written down.
    case planRecorded = "plan-recorded"
    /// A pause has come to its end and is taken away.
    case pauseEnded = "pause-ended"
    /// Idle workers are to end; nobody has looked at them since.
    case retirementDecided = "retirement-decided"
    /// The intent of a launch is committed; its call has not been sent.
    case launchIntended = "launch-intended"

    // MARK: A launch

    /// A local instance's process has been started; its record is not written.
    case launchStarted = "launch-started"
    /// The record of a local instance is written; its process still waits at the gate.
    case instanceRecorded = "instance-recorded"
    /// Every instance of a launch runs and is recorded; the launch is not settled.
    case launchAnswered = "launch-answered"
    /// The launch is settled; nothing has followed from it yet.
    case launchSettled = "launch-settled"
    /// A launch of unknown outcome is settled with the instances that were found.
    case launchAdopted = "launch-adopted"
    /// It is noted that a launch is sent again; it is not sent.
    case launchResent = "launch-resent"
    /// A launch of which nothing came is given up.
    case launchAbandoned = "launch-abandoned"

    // MARK: A worker

    /// An instance that was quicker than the answer to its launch has a row; its worker is not admitted.
    case workerLookedUp = "worker-looked-up"
    /// A registration is accepted and committed; its answer is not sent.
    case workerRegistered = "worker-registered"
    /// An instance that need not register counts as running.
    case workerCounted = "worker-counted"
    /// The first use of a worker's credentials is noted; its call is not answered.
    case credentialsUsed = "credentials-used"
    /// It is written down who has called.
    case contactsNoted = "contacts-noted"
    /// Workers' deadlines are judged; no termination follows.
    case workersJudged = "workers-judged"
    /// Terminations are noted; none is sent.
    case terminationNoted = "termination-noted"
    /// Terminations are sent; nobody has seen an instance gone.
    case terminationSent = "termination-sent"

    // MARK: Reconciling

    /// What an ended local instance left behind is killed; its end is not noted.
    case instanceSwept = "instance-swept"
    /// An instance is seen to be gone, and its worker stopped.
    case instanceGone = "instance-gone"
    /// An instance without a row has got one.
    case instanceAdopted = "instance-adopted"
    /// News of a worker or an instance is noted, such as that a listing missed it once.
    case workerNoted = "worker-noted"
    /// The folder of a local instance is out of sight, and not removed.
    case folderPutAway = "folder-put-away"

    // MARK: The queue: committed, the answer not given

    case tasksClaimed = "tasks-claimed"
    case claimRenewed = "claim-renewed"
    case runReported = "run-reported"
    /// Claims or tasks whose time has passed are ended; nothing has followed.
    case tasksExpired = "tasks-expired"

    // MARK: Limits: committed, the answer not given

    case limitSaved = "limit-saved"
    case limitDeleted = "limit-deleted"
    case slotsTaken = "slots-taken"
    /// Somebody has a place in the line for slots.
    case slotsAwaited = "slots-awaited"
    case slotsRenewed = "slots-renewed"
    case slotsReleased = "slots-released"
    /// Holders whose time has passed are ended; nobody else has their slots.
    case slotsExpired = "slots-expired"

    // MARK: The rest

    /// Events are delivered to a sink; its cursor has not moved.
    case eventsDelivered = "events-delivered"
    /// A sink's cursor has moved; the next events are not read.
    case cursorMoved = "cursor-moved"
    /// One kind of old rows is deleted; the others are still there.
    case retentionSwept = "retention-swept"
    /// Launch configs and pools of which nothing is left are deleted.
    case leftoversRemoved = "leftovers-removed"
    /// What it means that the machine's clock was set is written down; nothing has followed.
    case clockSet = "clock-set"
    /// The loops have stopped for a shutdown; what is left of the events is not delivered.
    case loopsStopped = "loops-stopped"

    /// Dies here if a test says so.
    @inline(__always)
    public static func reach(_ point: FaultPoint) {
        #if DEBUG
            guard let chosen, chosen.point == point, chosen.comes() else { return }
            chosen.leaveWord()
            kill(getpid(), SIGKILL)
        #endif
    }

    #if DEBUG
        private static let chosen = getenv("MUSTER_FAULT").flatMap { Chosen(String(cString: $0)) }

        /// The step to die at, and how often it must have been come to.
        private struct Chosen: Sendable {
            let point: FaultPoint
            private let left: Locked<Int>

            init?(_ text: String) {
                let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
                guard let point = parts.first.flatMap(FaultPoint.init(rawValue:)),
                    let times = parts.count < 2 ? 1 : Int(parts[1])
                else { return nil }
                self.point = point
                left = Locked(times)
            }

            /// Counts, and says whether this is the time.
            func comes() -> Bool {
                left.withLock { left in
                    left -= 1
                    return left == 0
                }
            }

            func leaveWord() {
                guard let path = getenv("MUSTER_FAULT_FILE") else { return }
                let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
                let line = Array((point.rawValue + "\n").utf8)
                _ = write(file, line, line.count)
                close(file)
            }
        }
    #endif
}
