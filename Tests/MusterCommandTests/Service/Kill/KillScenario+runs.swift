import MusterAPI
import MusterCore
import MusterRuntime
import MusterTesting

@testable import MusterCommand

/// Scheduled runs of pools whose workers are never heard of.
extension KillScenario {
    /// Launches, and gives the leases back before its events are delivered.
    static let scheduledRun = KillScenario(
        settings: sources, words: ["run"], prepare: beginScheduled, recover: endScheduled,
        outcome: scheduled)

    /// Finds the instances of the first and counts them as running.
    static let secondScheduledRun = KillScenario(
        settings: sources, words: ["run"],
        prepare: { fleet in
            try await beginScheduled(fleet)
            try await succeed(fleet.muster("run"))
        },
        recover: endScheduled, outcome: scheduled)

    private static let sources = "sources: {folders: [demand]}"
    private static let scheduled = Outcome(completed: [:], instances: 2...2, events: [.workerRunning: 2])

    /// A pool whose demand stands in a file: two tasks of somebody else's.
    private static let beginScheduled: Step = { fleet in
        _ = try fleet.file("demand/d.json", "{\"pending\": 2, \"claimed\": 0, \"idle\": []}")
        _ = try fleet.file(
            "pools/pool.yaml",
            """
            workerPoolId: \(MusterFleet.pool)
            providerId: local
            config:
              maxCapacity: 3
              registration: none
              source: {kind: file, path: \(fleet.folder.path)/demand/d.json, idle: /idle}
              lifecycle: {runningAfter: 0, idleTimeout: 0}
              launchConfigs:
                - command: [/bin/sh, -c, exec sleep 600]
                  workerManager: {launchConfigId: standard}
            """)
        try await succeed(fleet.muster("apply", "-f", "pools"))
    }

    /// A service goes on where the run has died: once both instances count, they idle and are retired.
    private static let endScheduled: Step = { fleet in
        try await fleet.until("both instances") {
            try await fleet.poolDocument().capacity["running"]?.workers == 2
                || fleet.demandIsOver
        }
        let names = try fleet.instanceNames().map { "\"\($0)\"" }.joined(separator: ",")
        _ = try fleet.file("demand/d.json", "{\"pending\": 0, \"claimed\": 0, \"idle\": [\(names)]}")
        try await fleet.untilIdle(tasks: 0)
    }

    private static func succeed(_ outcome: ProgramOutcome) throws {
        guard outcome.status == .code(0) else { throw Problem(.unavailable, outcome.errors) }
    }
}

extension MusterFleet {
    /// Whether nobody wants the instances any more.
    fileprivate var demandIsOver: Bool {
        get throws {
            let bytes = try TextFile.read(folder.path + "/demand/d.json", limit: 4_096)
            return String(decoding: bytes, as: UTF8.self).contains("\"pending\": 0")
        }
    }
}
