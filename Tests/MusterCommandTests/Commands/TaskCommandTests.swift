import MusterAPI
import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterCommand

extension OperatorSuites {
    @Suite("muster task list, show, output and cancel", .timeLimit(.minutes(3)))
    struct TaskCommandTests {
        /// A fleet whose pool launches nothing, with three tasks that wait.
        private func waiting(_ answering: Answering) async throws -> MusterFleet {
            let fleet = try await answering.fleet()
            let file = try fleet.file(
                "pool.yaml", "{workerPoolId: test/pool, providerId: local, config: {maxCapacity: 1}}")
            _ = try await fleet.muster("apply", "-f", file)
            for (id, tenant) in [("t1", "alice"), ("t2", "bob"), ("t3", "alice")] {
                let outcome = try await fleet.muster(
                    "task", "submit", "test/pool", "--id", id, "--tenant", tenant, "--", "echo", id)
                #expect(outcome.status == .code(0))
            }
            return fleet
        }

        private func list(_ fleet: MusterFleet, _ options: String...) async throws -> [String] {
            let outcome = try await fleet.muster(["task", "list", "test/pool", "--json"] + options)
            #expect(outcome.status == .code(0))
            return try JSON.decode(TasksAnswer.self, from: Array(outcome.output.utf8)).tasks.map(
                \.taskId.rawValue)
        }

        @Test("Tasks are listed, of one state or one tenant only if asked for", arguments: Answering.allCases)
        func list(answering: Answering) async throws {
            let fleet = try await waiting(answering)
            let text = try await fleet.muster("task", "list", "test/pool")
            #expect(text.status == .code(0) && text.errors.isEmpty)
            let rows = text.lines.map { $0.split(separator: " ").map(String.init) }
            #expect(rows[0] == ["TASK", "STATE", "TENANT", "PRIORITY", "SUBMITTED", "COMMAND"])
            #expect(
                rows.dropFirst().map { Array($0.prefix(4)) } == [
                    ["t1", "pending", "alice", "medium"], ["t2", "pending", "bob", "medium"],
                    ["t3", "pending", "alice", "medium"],
                ])
            #expect(rows[3].suffix(2) == ["echo", "t3"])
            #expect(try await list(fleet) == ["t1", "t2", "t3"])
            #expect(try await list(fleet, "--tenant", "alice") == ["t1", "t3"])
            #expect(try await list(fleet, "--tenant", "a & b/c?") == [])
            #expect(try await list(fleet, "--state", "completed") == [])
            _ = try await fleet.muster("task", "cancel", "t1")
            #expect(try await list(fleet, "--state", "pending") == ["t2", "t3"])
            #expect(try await list(fleet, "--state", "exception", "--tenant", "alice") == ["t1"])
            let missing = try await fleet.muster("task", "list", "no/pool")
            #expect(missing.status == .code(1))
            #expect(missing.errors == "muster: workerPoolId: there is no worker pool no/pool\n")
        }

        @Test("A task that waits is shown with its places", arguments: Answering.allCases)
        func show(answering: Answering) async throws {
            let fleet = try await waiting(answering)
            let text = try await fleet.muster("task", "show", "t3")
            #expect(text.status == .code(0) && text.lines.first == "t3  pending")
            #expect(text.lines.contains("command    echo t3"))
            #expect(text.lines.contains("tenant     alice, priority medium"))
            // alice and bob take turns, so that alice's second task is third.
            #expect(text.lines.contains("place      2 of its tenant's, 3 of all"))
            let early = try await fleet.muster("task", "output", "t3")
            #expect(early.status == .code(1) && early.errors == "muster: the task t3 has not run yet\n")
        }

        @Test(
            "A task is cancelled once, and one that is not there is said not to be",
            arguments: Answering.allCases
        )
        func cancel(answering: Answering) async throws {
            let fleet = try await waiting(answering)
            let cancelled = try await fleet.muster("task", "cancel", "t1")
            #expect(cancelled.status == .code(0) && cancelled.output == "t1 is exception\n")
            let json = try await fleet.muster("task", "cancel", "t2", "--json")
            let task = try JSON.decode(TaskDocument.self, from: Array(json.output.utf8))
            #expect(task.state == "exception" && task.reason == .cancelled)
            // Cancelling again changes nothing, and is no error: it may be a repeat.
            #expect(try await fleet.muster("task", "cancel", "t1").output == "t1 is exception\n")
            for verb in ["show", "output", "cancel"] {
                let missing = try await fleet.muster("task", verb, "nobody")
                #expect(missing.status == .code(1), "\(verb)")
                #expect(missing.errors.contains("there is no task nobody"), "\(verb)")
            }
        }

        @Test("What a command has written comes out as it was and whole, once it has ended")
        func output() async throws {
            let fleet = try await MusterFleet()
            try await fleet.start()
            try await fleet.define()
            let gate = fleet.folder.path + "/gate"
            // More than a report's tail, bytes that are no text, and no line end at the end.
            let script =
                "i=0; while [ $i -lt 2000 ]; do echo line $i; i=$((i+1)); done; printf '\\377\\000end'; "
                + "while [ ! -e '\(gate)' ]; do sleep 0.05; done; printf done"
            _ = try await fleet.muster(
                "task", "submit", MusterFleet.pool.rawValue, "--id", "writer", "--", "sh", "-c", script)
            try await fleet.until("the run") {
                try await fleet.muster("task", "show", "writer").lines.first == "writer  running"
            }
            let early = try await fleet.muster("task", "output", "writer")
            #expect(early.status == .code(1) && early.output.isEmpty)
            #expect(
                early.errors == "muster: the run has not ended, so that its output is not known yet\n")
            try DurableFile.write([], to: gate, mode: 0o644)
            try await fleet.until("the end") {
                try await fleet.muster("task", "show", "writer").lines.first == "writer  completed"
            }
            let output = try await fleet.muster("task", "output", "writer").output
            #expect(output.hasPrefix("line 0\nline 1\n") && output.contains("line 1999\n"))
            #expect(output.hasSuffix("\u{fffd}\0enddone"))
            let shown = try await fleet.muster("task", "show", "writer")
            #expect(
                shown.lines.contains {
                    $0.hasPrefix("run 0      completed (completed), exit code 0 on local/")
                })
            #expect(await fleet.stop() == .code(0))
            // The file is on this machine: no service is needed to read it.
            #expect(try await fleet.muster("task", "output", "writer").output == output)
        }

        @Test("A task that runs is cancelled: its command ends, and it is not tried again")
        func cancelRunning() async throws {
            let fleet = try await MusterFleet()
            try await fleet.start()
            try await fleet.define(", claimTimeout: 2")
            _ = try await fleet.submit(1, work: "sleep 600")
            try await fleet.until("the run") { try await fleet.task(0).state == "running" }
            #expect(try await fleet.muster("task", "cancel", "task-0").output == "task-0 is exception\n")
            try await fleet.untilIdle(tasks: 1)
            let task = try await fleet.task(0)
            #expect(
                task.reason == .cancelled && task.runs?.count == 1 && task.runs?.first?.reason == .cancelled)
            #expect(fleet.ledger().isEmpty)
            #expect(await fleet.stop() == .code(0))
            #expect(try await fleet.processes().isEmpty)
        }
    }
}
