import Glibc
import MusterAPI
import MusterCore
import MusterRuntime
import MusterStore
import MusterTesting
import Testing

@testable import MusterCommand

extension ServiceSuites {
    /// What a person can do to a worker that runs.
    @Suite("A worker's process", .timeLimit(.minutes(3)))
    struct WorkerProcessTests {
        private func gated(_ fleet: MusterFleet) -> (work: String, gate: String) {
            let gate = fleet.folder.path + "/gate"
            return ("while [ ! -e '\(gate)' ]; do sleep 0.05; done", gate)
        }

        private func running(_ fleet: MusterFleet, _ count: Int) async throws -> Int {
            var running = 0
            for index in 0..<count where try await fleet.task(index).state == "running" { running += 1 }
            return running
        }

        @Test("Its work limit changes while it runs, by its file and a signal")
        func workLimit() async throws {
            let fleet = try await MusterFleet()
            try await fleet.start()
            try await fleet.define(max: 1)
            let (work, gate) = gated(fleet)
            _ = try await fleet.submit(4, work: work)
            try await fleet.until("the first run") { try await running(fleet, 4) == 1 }
            let worker = try #require(try fleet.workerProcesses().first)
            try DurableFile.write(Array("3\n".utf8), to: worker.folder + "/work-limit", mode: 0o644)
            // It has not been told yet.
            #expect(try await running(fleet, 4) == 1)
            kill(worker.pid, SIGHUP)
            try await fleet.until("three runs at once") { try await running(fleet, 4) == 3 }
            var holders: Set<WorkerID> = []
            for index in 0..<4 {
                holders.formUnion(try await fleet.task(index).runs?.map(\.workerId) ?? [])
            }
            #expect(holders.map(\.rawValue) == [worker.id])
            // Nonsense is noted and changes nothing.
            try DurableFile.write(Array("plenty\n".utf8), to: worker.folder + "/work-limit", mode: 0o644)
            kill(worker.pid, SIGHUP)
            try await fleet.until("the complaint") {
                try TextFile.read(worker.folder + "/../worker.log", limit: 1 << 20)
                    .firstRange(of: Array("work-limit".utf8)) != nil
            }
            try DurableFile.write([], to: gate, mode: 0o644)
            try await fleet.untilIdle(tasks: 4)
            #expect(fleet.ledger() == ["task-0 0", "task-1 0", "task-2 0", "task-3 0"])
            #expect(await fleet.stop() == .code(0))
            try await fleet.store { store in
                let (counted, recounted) = try await store.read {
                    (try await $0.capacityOfAllPools(), try await $0.recountedCapacity())
                }
                #expect(counted == recounted)
            }
        }

        @Test(
            "On SIGTERM it finishes what it can within its time, gives back the rest, and the rest is run elsewhere"
        )
        func drain() async throws {
            let fleet = try await MusterFleet()
            try await fleet.start()
            try await fleet.define(
                configs: """
                    [{workerManager: {launchConfigId: quick, capacityPerInstance: 2}, \
                    wrapper: [env, MUSTER_WORKER_DRAIN_SECONDS=1]}]
                    """, max: 2)
            // The first task ends when it is told to; the other only ends in its second run.
            let (work, gate) = gated(fleet)
            _ = try await fleet.submit(
                2, work: "if [ $MUSTER_TASK_ID$MUSTER_RUN_ID = task-10 ]; then sleep 600; fi; \(work)")
            try await fleet.until("both runs") { try await running(fleet, 2) == 2 }
            let worker = try #require(try fleet.workerProcesses().first)
            kill(worker.pid, SIGTERM)
            try DurableFile.write([], to: gate, mode: 0o644)
            try await fleet.untilIdle(tasks: 2)
            let (finished, givenBack) = (try await fleet.task(0), try await fleet.task(1))
            #expect(finished.runs?.map(\.reason) == [.completed])
            #expect(givenBack.runs?.map(\.reason) == [.workerShutdown, .completed])
            #expect(givenBack.runs?.first?.workerId.rawValue == worker.id)
            #expect(givenBack.runs?.last?.workerId.rawValue != worker.id)
            #expect(fleet.ledger() == ["task-0 0", "task-1 1"])
            #expect(await fleet.stop() == .code(0))
            #expect(try await fleet.processes().isEmpty)
        }

        @Test("A worker without its settings says all that is missing, and ends with 1")
        func withoutSettings() async throws {
            let folder = try TemporaryFolder()
            let outcome = try await MusterProgram.run(["worker"], in: folder.path)
            #expect(outcome.status == .code(1) && outcome.output.isEmpty)
            for name in ["URL", "POOL", "PROVIDER", "GROUP", "ID", "FOLDER", "TOKEN_FILE"] {
                #expect(outcome.errors.contains("muster: MUSTER_WORKER_\(name): is not set\n"), "\(name)")
            }
        }
    }
}
