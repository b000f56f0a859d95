import FoundationEssentials
import Glibc
import MusterAPI
import MusterCore
import MusterRuntime
import MusterStore
import MusterTesting
import Testing

@testable import MusterCommand

extension SurvivalSuites {
    /// Folders that go away under what runs, and processes that do not want to.
    @Suite("Removed folders and stubborn processes", .timeLimit(.minutes(4)))
    struct StubbornTests {
        @Test("A worker and a task that ignore TERM are killed after their time, and nothing is left of them")
        func ignoresTERM() async throws {
            let fleet = try await MusterFleet()
            try await fleet.start()
            // Never a worker at all: it ignores what it is told, and so does what it has started.
            try await fleet.define(
                ", registrationTimeout: 1",
                configs: """
                    [{workerManager: {launchConfigId: deaf}, \
                    wrapper: [sh, -c, "trap '' TERM; (trap '' TERM; sleep 600) & while :; do sleep 1; done"]}]
                    """, min: 1, max: 1)
            try await fleet.until("the instance") {
                try !MusterFleet.processes(below: fleet.folder.path).isEmpty
            }
            try await fleet.until("the end of the worker's time") {
                try await fleet.poolDocument().capacity["stopping"]?.workers ?? 0 > 0
            }
            // No other takes its place.
            try await fleet.define(", registrationTimeout: 1", min: 0, max: 0)
            #expect(try MusterFleet.processes(below: fleet.folder.path).isEmpty == false)
            try await fleet.untilIdle(tasks: 0)
            #expect(try MusterFleet.processes(below: fleet.folder.path).isEmpty)
            #expect(await fleet.stop() == .code(0))
        }

        @Test("A task that ignores TERM is killed soon after it was cancelled, with all it has started")
        func taskIgnoresTERM() async throws {
            let fleet = try await MusterFleet()
            try await fleet.start()
            try await fleet.define(", claimTimeout: 2")
            _ = try await fleet.submit(
                1, work: "trap '' TERM; sleep 600 & while :; do sleep 1; done")
            try await fleet.until("the run") { try await fleet.states(1) == ["running"] }
            #expect(try await fleet.muster("task", "cancel", "task-0").status == .code(0))
            try await fleet.until("the end of what it has started") {
                try MusterFleet.processes(below: fleet.folder.path).allSatisfy { pid in
                    (try? ProcessTable.environment(of: pid))??["MUSTER_TASK_ID"] == nil
                }
            }
            try await fleet.untilIdle(tasks: 1)
            let output = try await fleet.muster("task", "output", "task-0")
            #expect(output.status == .code(1))
            #expect(output.errors.contains("the run ended without a report of its worker (canceled)"))
            #expect(await fleet.stop() == .code(0))
            #expect(try await fleet.processes().isEmpty)
        }

        @Test("A task's output whose file was removed is told of as such, with what the worker reported")
        func outputRemoved() async throws {
            let fleet = try await MusterFleet()
            try await fleet.start()
            try await fleet.define()
            _ = try await fleet.submit(1, work: "echo said")
            try await fleet.untilIdle(tasks: 1)
            let path = try #require(try await fleet.task(0).runs?.last?.output)
            #expect(try await fleet.muster("task", "output", "task-0").output == "said\n")
            #expect(unlink(path) == 0)
            let output = try await fleet.muster("task", "output", "task-0")
            #expect(output.status == .code(0) && output.output == "said\n")
            #expect(
                output.errors.contains("the output's file is gone or cannot be read (cannot open \(path)"))
            #expect(await fleet.stop() == .code(0))
        }

        @Test(
            "When the folder of all instances is removed under their tasks, these end, and others run after them"
        )
        func instancesRemoved() async throws {
            let fleet = try await MusterFleet()
            try await fleet.start()
            try await fleet.define(max: 2)
            let gate = fleet.folder.path + "/gate"
            _ = try await fleet.submit(2, work: "while [ ! -e '\(gate)' ]; do sleep 0.05; done; echo said")
            try await fleet.until("both runs") { try await fleet.states(2) == ["running", "running"] }
            try FileManager.default.removeItem(atPath: fleet.setup.instances)
            try DurableFile.write([], to: gate, mode: 0o644)
            try await fleet.until("both ends") { try await fleet.states(2) == ["completed", "completed"] }
            let output = try await fleet.muster("task", "output", "task-0")
            #expect(output.status == .code(0) && output.errors.contains("is gone or cannot be read"))
            // What was there is ended, and what comes next finds a folder.
            try await fleet.untilIdle(tasks: 2)
            let more = try await fleet.muster(
                "task", "submit", "test/pool", "--id", "next", "--wait", "--", "echo", "next")
            #expect(more.status == .code(0), "\(more.errors)")
            #expect(try await fleet.muster("task", "output", "next").output == "next\n")
            // On a slow machine two looks may have missed an instance before its task ended, which then ran again.
            let runs = try await [fleet.task(0), fleet.task(1)].map { try #require($0.runs?.last).runId }
            #expect(fleet.ledger() == ["task-0 \(runs[0])", "task-1 \(runs[1])"])
            try await fleet.untilIdle(tasks: 2)
            #expect(await fleet.stop() == .code(0))
            #expect(try await fleet.processes().isEmpty)
        }

        @Test("Ten thousand tasks are cancelled with one command, while others are answered as ever")
        func tenThousand() async throws {
            let fleet = try await MusterFleet()
            try await fleet.start()
            try await fleet.define(max: 0)
            _ = try await fleet.submit(10_000)
            let (clock, began) = (SystemClock(), SystemClock().uptime())
            async let cancelling = fleet.muster("task", "cancel", "--all", "test/pool")
            var longest = Duration.zero
            var answers = 0
            repeat {
                let call = clock.uptime()
                _ = try await fleet.client().get(APIPath.pools, Document.self)
                longest = max(longest, clock.uptime() - call)
                answers += 1
            } while try await fleet.poolDocument().pendingTasks != 0
            let outcome = try await cancelling
            #expect(outcome.status == .code(0) && outcome.output == "cancelled 10000 tasks\n")
            let whole = clock.uptime() - began
            #expect(answers > 2 && longest < max(whole / 2, .seconds(2)), "\(longest) of \(whole)")
            let again = try await fleet.muster("task", "cancel", "--all", "test/pool", "--json")
            #expect(again.output == "{\"cancelled\":0}\n")
            let some = try await fleet.muster("task", "cancel", "task-1", "task-2")
            #expect(some.output == "cancelled 0 tasks\n")
            #expect(await fleet.stop() == .code(0))
        }
    }
}
