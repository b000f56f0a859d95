import Glibc
import MusterAPI
import MusterCore
import MusterRuntime
import MusterStore

@testable import MusterCommand

/// The queue, and what is delivered and forgotten.
extension KillScenario {
    /// The work lasts until its claim has been renewed; the answer to that is lost, and the worker keeps it.
    static let claimRenewed = KillScenario(
        provoke: { fleet in
            try await fleet.define(", claimTimeout: 6")
            _ = try await fleet.submit(1, work: fleet.gated)
        },
        recover: { fleet in
            try fleet.openGate()
            _ = try await fleet.submit(1, work: fleet.gated)
            try await fleet.untilIdle(tasks: 1)
        },
        outcome: Outcome(completed: ["task-0": 0], instances: 1...1, events: [.taskRetried: 0]))

    /// A task's deadline passes while everything is frozen.
    static let tasksExpired = KillScenario(
        provoke: { fleet in
            try await fleet.define()
            try await fleet.freeze()
            _ = try await fleet.submit(1, deadline: SystemClock().now() + .seconds(1))
        },
        recover: { try await $0.untilIdle(tasks: 1) },
        outcome: Outcome(
            completed: [:], withdrawn: ["task-0"], instances: 0...0, events: [.taskException: 1]))

    /// Everything is over and old; a sweep dies after each kind of it.
    static let retentionSwept = KillScenario(
        prepare: { fleet in
            try await fleet.start()
            try await endEveryday(fleet)
            await fleet.stop()
            try await makeOld(fleet)
        },
        deaths: 4,
        recover: { fleet in
            for table in ["tasks", "workers", "launches"] {
                try await fleet.until("the end of old \(table)") { try await fleet.count(of: table) == 0 }
            }
        },
        isRepeatable: false, outcome: Outcome(isSwept: true))

    /// A deleted pool of which nothing is left but old rows goes with them.
    static let leftoversRemoved = KillScenario(
        prepare: { fleet in
            try await fleet.start()
            try await endEveryday(fleet)
            try await fleet.delete()
            await fleet.stop()
            try await makeOld(fleet)
        },
        recover: { fleet in
            for table in ["tasks", "launch_configs", "pools", "capacity", "queues"] {
                try await fleet.until("the end of the \(table)") { try await fleet.count(of: table) == 0 }
            }
        },
        isRepeatable: false, outcome: Outcome(isSwept: true))

    /// The machine's clock is set an hour ahead while a task runs: its claim begins anew.
    static let clockSet = KillScenario(
        prepare: { _ = try $0.file("clock-offset", "0") },
        provoke: { fleet in
            try await fleet.define()
            _ = try await fleet.submit(1, work: fleet.gated)
            try await fleet.until("the run") { try await fleet.task(0).state == "running" }
            _ = try fleet.file("clock-offset", "3600000")
        },
        recover: { fleet in
            try fleet.openGate()
            try await fleet.untilIdle(tasks: 1)
        },
        outcome: Outcome(
            completed: ["task-0": 0], instances: 1...1, events: [.clockSet: 1, .taskRetried: 0]))

    /// The service is told to stop in the middle of its work.
    static let stopping = KillScenario(
        provoke: { fleet in
            try await beginEveryday(fleet)
            fleet.signal(SIGTERM)
        },
        recover: endEveryday)

    /// Puts all that is over ten days into the past.
    private static let makeOld: Step = { fleet in
        let past = 10 * 86_400_000
        try await fleet.database { file in
            try await file.write { transaction in
                for (table, column) in [
                    ("tasks", "resolved_at"), ("workers", "stopped_at"), ("launches", "settled_at"),
                    ("errors", "reported_at"), ("outbox", "time"), ("tenants", "active_at"),
                ] {
                    try await transaction.run("UPDATE \(table) SET \(column) = \(column) - \(past)")
                }
            }
        }
    }
}

extension MusterFleet {
    /// How many rows a table has.
    fileprivate func count(of table: String) async throws -> Int {
        try await database { file in
            try await file.read {
                try await $0.row("SELECT count(*) AS count FROM \(table)")?.int("count") ?? 0
            }
        }
    }
}
