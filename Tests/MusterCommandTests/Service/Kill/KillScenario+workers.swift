import Glibc
import MusterAPI
import MusterCore
import MusterRuntime
import MusterStore
import MusterTesting

@testable import MusterCommand

/// Workers, and what the provider says of their instances.
extension KillScenario {
    /// A worker registers whose row is not there: as when it is quicker than the answer to its launch. Nothing
    /// can be timed so exactly from outside, so the test takes the row away.
    static let workerLookedUp = KillScenario(
        // The listing would be quicker than the worker.
        reconcile: 600,
        provoke: { fleet in
            try await beginHeldBack(fleet)
            try await forgetWorkers(fleet)
            try fleet.openGate()
        },
        recover: endHeldBack, outcome: heldBack)

    /// An instance without a row, of a launch that is settled: as after a backup was restored.
    static let instanceAdopted = KillScenario(
        prepare: { fleet in
            try await fleet.start()
            try await beginHeldBack(fleet)
            await fleet.stop()
            try await forgetWorkers(fleet)
        },
        recover: { fleet in
            try fleet.openGate()
            try await endHeldBack(fleet)
        }, outcome: heldBack)

    /// The worker of an archived launch config is ended before it has come to ask for anything, so that nothing
    /// but the termination ends it: one that was noted and not sent is sent again after its interval.
    static let termination = KillScenario(
        provoke: { fleet in
            try await beginHeldBack(fleet)
            try await fleet.define()
        },
        recover: { fleet in
            try await fleet.define()
            try await fleet.unfreeze()
            try await fleet.untilIdle(tasks: 1)
        },
        isRepeatable: false,
        outcome: Outcome(completed: ["task-0": 0], events: [.launchConfigArchived: 1]))

    /// An instance that is gone without a trace is missed once, and stopped when it is missed again.
    static let workerNoted = KillScenario(
        provoke: { fleet in
            try await fleet.define()
            _ = try await fleet.submit(1, work: firstRunHangs)
            try await fleet.until("the first run") { try await fleet.task(0).state == "running" }
            let worker = try fleet.workerProcesses().first
            guard let worker else { throw Problem(.unavailable, "there is no worker") }
            let instances = fleet.setup.instances
            guard rename("\(instances)/\(worker.id)", "\(fleet.folder.path)/lost") == 0 else {
                throw Problem(.unavailable, "the instance's folder cannot be taken away")
            }
            for pid in try MusterFleet.processes(below: fleet.folder.path) { kill(pid, SIGKILL) }
        },
        recover: { fleet in
            _ = try await fleet.submit(1, work: firstRunHangs)
            try await fleet.untilIdle(tasks: 1)
        },
        outcome: Outcome(completed: ["task-0": 1], instances: 2...2, events: [.taskRetried: 1]))

    /// The folder of an instance that never came to run is old enough to be put away.
    static let folderPutAway = KillScenario(
        prepare: { fleet in
            let old = "\(fleet.setup.instances)/\(neverRan)"
            try Folder.make(old)
            var times = [timespec(), timespec()]
            guard utimensat(AT_FDCWD, old, &times, 0) == 0 else {
                throw Problem(.unavailable, "the folder cannot be made old")
            }
        },
        recover: { fleet in
            try await endEveryday(fleet)
            try await fleet.until("the folder's end") {
                access("\(fleet.setup.instances)/\(neverRan)", F_OK) != 0
                    && access("\(fleet.setup.instances)/\(neverRan).removed", F_OK) != 0
            }
        })

    private static let neverRan = "never-ran-0"
    private static let firstRunHangs = "if [ \"$MUSTER_RUN_ID\" = 0 ]; then sleep 600; fi"

    private static let heldBack = Outcome(completed: ["task-0": 0], instances: 1...1, requestsOfEach: 2)

    /// One task and one worker, that registers only when the gate is open.
    private static let beginHeldBack: Step = { fleet in
        try await fleet.define(
            configs: """
                [{workerManager: {launchConfigId: held}, wrapper: [sh, -c, \
                'while [ ! -e "\(fleet.gate)" ]; do sleep 0.05; done; exec "$@"', sh]}]
                """)
        _ = try await fleet.submit(1)
        try await fleet.until("the launch's end") {
            try await fleet.database { file in
                try await file.read {
                    try await $0.row("SELECT 1 AS one FROM launches WHERE state = 'settled'") != nil
                }
            }
        }
        // While nobody knows of the worker, a pass would rightly launch another.
        try await fleet.freeze()
    }

    private static let endHeldBack: Step = { fleet in
        try await fleet.unfreeze()
        _ = try await fleet.submit(1)
        try await fleet.untilIdle(tasks: 1)
    }

    /// Takes away what says that there are workers.
    private static let forgetWorkers: Step = { fleet in
        try await fleet.database { file in
            try await file.write { transaction in
                try await transaction.run("DELETE FROM workers")
                try await transaction.run("DELETE FROM capacity")
            }
        }
    }
}
