import Glibc
import MusterAPI
import MusterCore
import MusterRuntime
import MusterStore
import MusterTesting
import Testing

@testable import MusterCommand

extension ServiceSuites {
    /// What goes on when a part of the real program is killed.
    @Suite(.timeLimit(.minutes(4)))
    struct KillTests {
        @Test("A worker killed in mid-task: its task runs again elsewhere, as the next run")
        func workerKilled() async throws {
            let fleet = try await MusterFleet()
            try await fleet.start()
            try await fleet.define()
            // The first run waits to be killed; the second does the work.
            _ = try await fleet.submit(1, work: "if [ \"$MUSTER_RUN_ID\" = 0 ]; then sleep 600; fi")
            try await fleet.until("the first run") { try await fleet.task(0).runs?.count == 1 }
            let worker = try #require(try await fleet.task(0).runs?.first?.workerId)
            let pid = try #require(
                try ProcessTable.processes().first { pid in
                    (try? ProcessTable.environment(of: pid))??["MUSTER_WORKER_ID"] == worker.rawValue
                })
            kill(pid, SIGKILL)
            try await fleet.untilIdle(tasks: 1)
            let task = try await fleet.task(0)
            #expect(task.state == "completed")
            #expect(task.runs?.map(\.reason) == [.workerShutdown, .completed])
            #expect(task.runs?.last?.workerId != worker)
            #expect(fleet.ledger() == ["task-0 1"])
            #expect(await fleet.stop() == .code(0))
            // What the killed worker ran has not outlived it.
            #expect(try await fleet.processes().isEmpty)
        }

        @Test("After kill -9 of the service its workers go on, and the next start takes them over")
        func workersSurvive() async throws {
            let fleet = try await MusterFleet()
            try await fleet.start()
            try await fleet.define()
            let gate = fleet.folder.path + "/gate"
            _ = try await fleet.submit(1, work: "while [ ! -e '\(gate)' ]; do sleep 0.05; done")
            try await fleet.until("the first run") { try await fleet.task(0).state == "running" }
            #expect(await fleet.stop(SIGKILL) == .signal(SIGKILL))
            try await fleet.start()
            #expect(try await fleet.task(0).state == "running")
            try DurableFile.write([], to: gate, mode: 0o644)
            try await fleet.untilIdle(tasks: 1)
            #expect(try await fleet.task(0).runs?.count == 1)
            #expect(fleet.ledger() == ["task-0 0"])
            #expect(await fleet.stop() == .code(0))
            #expect(try await fleet.processes().isEmpty)
        }

        @Test("A broken image is launched less and less, and the work is done by the others")
        func brokenImage() async throws {
            let fleet = try await MusterFleet()
            try await fleet.start()
            try await fleet.define(
                configs: """
                    [{workerManager: {launchConfigId: good}}, \
                    {workerManager: {launchConfigId: fails}, wrapper: ["/bin/false"]}, \
                    {workerManager: {launchConfigId: missing}, wrapper: [no-such-program]}]
                    """, max: 4)
            _ = try await fleet.submit(12, work: "sleep 0.1")
            try await fleet.untilIdle(tasks: 12)
            for index in 0..<12 { #expect(try await fleet.task(index).state == "completed") }
            let configs = try await fleet.poolDocument().launchConfigs
            let good = try #require(configs.first { $0.launchConfigId.rawValue == "good" })
            for id in ["fails", "missing"] {
                let broken = try #require(configs.first { $0.launchConfigId.rawValue == id })
                #expect(broken.errorRatio > 0.2 && broken.weight < good.weight, "\(id)")
            }
            #expect(await fleet.stop() == .code(0))
            #expect(try await fleet.processes().isEmpty)
        }
    }
}
