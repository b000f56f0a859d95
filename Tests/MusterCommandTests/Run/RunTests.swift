import FoundationEssentials
import Glibc
import MusterCore
import MusterEvents
import MusterRuntime
import MusterStore
import MusterTesting
import Testing

@testable import MusterCommand

extension ServiceSuites {
    /// Scheduled runs of the real program, with instances that outlive them.
    @Suite("muster run", .timeLimit(.minutes(3)))
    struct RunTests {
        /// A fleet with a pool whose demand stands in a file.
        private func fleet(
            command: String = "exec sleep 600", idle: String = "/idle", lifecycle: String = "idleTimeout: 0"
        ) async throws -> MusterFleet {
            let fleet = try await MusterFleet("sources: {folders: [demand]}")
            _ = try fleet.file(
                "pools/pool.yaml",
                """
                workerPoolId: test/pool
                providerId: local
                config:
                  maxCapacity: 5
                  registration: none
                  source: {kind: file, path: \(fleet.folder.path)/demand/d.json, idle: \(idle)}
                  lifecycle: {runningAfter: 0, \(lifecycle)}
                  launchConfigs:
                    - command: [/bin/sh, -c, '\(command)']
                      workerManager: {launchConfigId: standard}
                """)
            let applied = try await fleet.muster("apply", "-f", "pools")
            #expect(applied.status == .code(0), "\(applied.errors)")
            return fleet
        }

        private func demand(_ fleet: MusterFleet, _ pending: Int, _ claimed: Int, idle: [String] = []) throws
        {
            let names = idle.map { "\"\($0)\"" }.joined(separator: ",")
            _ = try fleet.file(
                "demand/d.json", "{\"pending\": \(pending), \"claimed\": \(claimed), \"idle\": [\(names)]}")
        }

        private func instances(_ fleet: MusterFleet) throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: fleet.setup.instances)
                .filter { $0.hasPrefix("l") }.sorted()
        }

        @Test(
            "launches what waits, and a later run retires who idles"
        )
        func wholeLife() async throws {
            let fleet = try await fleet()
            try demand(fleet, 2, 0)
            let dry = try await fleet.muster("run", "--dry-run")
            #expect(dry.status == .code(0) && dry.output.contains("2 wanted, 0 there, 2 to launch"))
            #expect(try await fleet.processes().isEmpty)

            let first = try await fleet.muster("run", "--json")
            #expect(first.status == .code(0), "\(first.errors)")
            let report = try JSON.document(Array(first.output.utf8))
            #expect(report["pools"]?.canonicalJSON.contains("\"toLaunch\":2") == true)
            #expect(try await fleet.processes().count == 2)

            // A second run sees them, and launches nothing: they are the ones that it wants.
            try demand(fleet, 0, 2)
            #expect(try await fleet.muster("run").status == .code(0))
            #expect(try await fleet.processes().count == 2)

            let names = try instances(fleet)
            try demand(fleet, 0, 0, idle: names)
            // Idle since this run, retired by the next, and gone for the one after that.
            for _ in 0..<3 { #expect(try await fleet.muster("run").status == .code(0)) }
            try await fleet.until("the end of the instances") { try await fleet.processes().isEmpty }
            #expect(try await fleet.muster("run").status == .code(0))
            try await fleet.store { store in
                let (counted, recounted) = try await store.read {
                    (try await $0.capacityOfAllPools(), try await $0.recountedCapacity())
                }
                #expect(counted == recounted)
                #expect(counted[MusterFleet.pool]?.values.allSatisfy { $0.living == 0 } == true)
                let sink = JSONLinesSink(path: fleet.folder.path + "/events.jsonl").name
                let last = try await store.read { try await $0.events(after: 0, limit: 1_000).last?.position }
                #expect(try await store.read { try await $0.cursor(of: sink) } == last)
            }
        }

        @Test("that finds another at work says who that is, and exits 0", .ofFileEngine)
        func overlapping() async throws {
            let fleet = try await fleet()
            try demand(fleet, 1, 0)
            try await fleet.start()
            let pid = try #require(fleet.pid)
            for words in [["run"], ["run", "--dry-run"]] {
                let run = try await fleet.muster(words)
                #expect(run.status == .code(0))
                #expect(run.output == "skipped: held by process \(pid)\n")
            }
            let json = try await fleet.muster("run", "--json")
            #expect(json.output.contains("{\"skipped\":\"held by process \(pid)\"}"))
            #expect(await fleet.stop() == .code(0))
        }

        @Test("of which many begin at once launches as much as one")
        func manyAtOnce() async throws {
            let fleet = try await fleet()
            try demand(fleet, 3, 0)
            let outcomes = try await withThrowingTaskGroup(of: ProgramOutcome.self) { group in
                for _ in 0..<4 { group.addTask { try await fleet.muster("run") } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.allSatisfy { $0.status == .code(0) })
            #expect(try await fleet.processes().count == 3)
        }

        @Test("without a source that can be read launches nothing, says why, and exits 0")
        func unknownDemand() async throws {
            let fleet = try await fleet()
            let run = try await fleet.muster("run")
            #expect(run.status == .code(0))
            #expect(run.output.contains("Demand is unknown"))
            #expect(try await fleet.processes().isEmpty)
        }

        @Test("where there is no database says so, and makes none", .ofFileEngine)
        func noDatabase() async throws {
            let fleet = try await MusterFleet()
            for words in [["run"], ["run", "--dry-run"]] {
                let run = try await fleet.muster(words)
                #expect(run.status == .code(1) && run.errors.contains("there is no database"))
            }
            #expect(!FileManager.default.fileExists(atPath: fleet.setup.databaseFile))
        }

        @Test(
            "killed in the middle of a launch is continued by the next: nothing is launched twice",
            arguments: [FaultPoint.launchIntended, .launchStarted, .launchAnswered])
        func killed(fault: FaultPoint) async throws {
            let fleet = try await fleet()
            try demand(fleet, 2, 0)
            let killed = try await MusterProgram.run(
                ["--config", fleet.folder.path + "/muster.yaml", "run"], in: fleet.folder.path,
                environment: ["MUSTER_FAULT": fault.rawValue])
            #expect(killed.status == .signal(SIGKILL))
            try await fleet.until("the launch to be settled") {
                let run = try await fleet.muster("run", "--json")
                #expect(run.status == .code(0), "\(run.errors)")
                let report = try JSON.document(Array(run.output.utf8))
                return report["unsettled"]?.value == .integer(0)
            }
            #expect(try await fleet.processes().count == 2)
            try await fleet.store { store in
                let events = try await store.read { try await $0.events(after: 0, limit: 1_000) }
                #expect(events.filter { $0.event.type == .workerRequested }.count == 2)
            }
        }
    }
}
