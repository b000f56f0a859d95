import MusterAPI
import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterCommand

extension OperatorSuites {
    @Suite("muster task submit", .timeLimit(.minutes(3)))
    struct TaskSubmitTests {
        private func defined(_ answering: Answering) async throws -> MusterFleet {
            let fleet = try await answering.fleet()
            let file = try fleet.file(
                "pool.yaml",
                """
                workerPoolId: test/pool
                providerId: local
                config:
                  maxCapacity: 4
                  lifecycle: {idleTimeout: 0.5}
                  launchConfigs: [{workerManager: {capacityPerInstance: 4}}]
                """)
            #expect(try await fleet.muster("apply", "-f", file).status == .code(0))
            return fleet
        }

        private func tasks(_ outcome: ProgramOutcome) throws -> [TaskDocument] {
            try JSON.decode(TasksAnswer.self, from: Array(outcome.output.utf8)).tasks
        }

        private func task(_ fleet: MusterFleet, _ id: String) async throws -> TaskDocument {
            let outcome = try await fleet.muster("task", "show", id, "--json")
            return try JSON.decode(TaskDocument.self, from: Array(outcome.output.utf8))
        }

        @Test("takes everything about a task from the command line", arguments: Answering.allCases)
        func one(answering: Answering) async throws {
            let fleet = try await defined(answering)
            _ = try await fleet.muster("pool", "pause", "test/pool")
            let submitted = try await fleet.muster(
                "task", "submit", "test/pool", "--id", "mine", "--tenant", "Team Ä", "--priority",
                "very-high",
                "--env", "A=1", "--env", "B=x=y", "--max-run-time", "60", "--retries", "2", "--deadline",
                "2h",
                "--", "make", "-C", "/src", "--json")
            #expect(submitted.status == .code(0) && submitted.output == "mine  pending\n")
            let task = try await self.task(fleet, "mine")
            #expect(task.tenant.rawValue == "Team Ä" && task.priority == .veryHigh && task.retriesLeft == 2)
            #expect(
                task.payload
                    == TaskPayload(
                        command: ["make", "-C", "/src", "--json"], environment: ["A": "1", "B": "x=y"],
                        maxRunTime: 60))
            let time = task.deadline - task.submitted
            #expect(time > .seconds(7_190) && time <= .seconds(7_200))
            #expect(task.placeInTenantQueue == 1 && task.placeInQueue == 1)
        }

        @Test(
            "submits nothing twice under one id, and refuses another task under it",
            arguments: Answering.allCases
        )
        func repeated(answering: Answering) async throws {
            let fleet = try await defined(answering)
            _ = try await fleet.muster("pool", "pause", "test/pool")
            for _ in 0..<2 {
                let outcome = try await fleet.muster(
                    "task", "submit", "test/pool", "--id", "t1", "--", "true")
                #expect(outcome.status == .code(0) && outcome.output == "t1  pending\n")
            }
            let other = try await fleet.muster("task", "submit", "test/pool", "--id", "t1", "--", "false")
            #expect(other.status == .code(1))
            #expect(
                other.errors == "muster: taskId: a task t1 with other content has been submitted before\n")
            #expect(try tasks(try await fleet.muster("task", "list", "test/pool", "--json")).count == 1)
        }

        static let yaml = """
            tasks:
              - workerPoolId: test/pool
                taskId: t1
                tenant: alice
                payload: {command: [sh, -c, "exit 0"], environment: {N: 1}}
              - workerPoolId: test/pool
                payload:
                  command: ["true"]
            """

        @Test(
            "submits many from a file of YAML or JSON, or from the standard input",
            arguments: Answering.allCases)
        func many(answering: Answering) async throws {
            let fleet = try await defined(answering)
            _ = try await fleet.muster("pool", "pause", "test/pool")
            let json = try YAML.document(Array(Self.yaml.utf8)).canonicalJSON
            let calls: [(file: String, input: String)] = [
                (try fleet.file("tasks.yaml", Self.yaml), ""), (try fleet.file("tasks.json", json), ""),
                ("-", Self.yaml), ("-", json),
            ]
            for call in calls {
                let outcome = try await fleet.muster(
                    "task", "submit", "-f", call.file, "--json", input: call.input)
                #expect(outcome.status == .code(0))
                let tasks = try tasks(outcome)
                #expect(tasks.count == 2 && tasks.first?.taskId.rawValue == "t1")
                #expect(tasks.first?.payload.environment == ["N": "1"])
            }
            // The one with an id of its own is there once.
            let all = try tasks(try await fleet.muster("task", "list", "test/pool", "--json"))
            #expect(all.count == 1 + calls.count)
        }

        @Test(
            "submits a whole file or nothing of it, and says where it is wrong", arguments: Answering.allCases
        )
        func allOrNothing(answering: Answering) async throws {
            let fleet = try await defined(answering)
            let wrong = try fleet.file(
                "wrong.yaml",
                Self.yaml.replacing("payload:\n", with: "payloads:\n")
                    + "\n  - {workerPoolId: a, payload: {}}\n")
            let outcome = try await fleet.muster("task", "submit", "-f", wrong)
            #expect(outcome.status == .code(1) && outcome.output.isEmpty)
            let errors = outcome.errors.split(separator: "\n").map(String.init)
            #expect(
                errors.contains(
                    "muster: \(wrong):7: tasks[1].payloads: is not a known field; did you mean payload?"))
            #expect(errors.contains("muster: \(wrong):6: tasks[1].payload: is missing"))
            #expect(
                errors.contains { $0.hasPrefix("muster: \(wrong):9: tasks[2].workerPoolId: \"a\" is not") })
            #expect(
                errors.contains("muster: \(wrong):9: tasks[2].payload.command: must name a program to run"))
            let stranger = try fleet.file(
                "stranger.yaml",
                Self.yaml.replacing(
                    "  - workerPoolId: test/pool\n    payload", with: "  - workerPoolId: no/pool\n    payload"
                ))
            let refused = try await fleet.muster("task", "submit", "-f", stranger)
            #expect(refused.status == .code(1) && refused.errors.contains("there is no worker pool no/pool"))
            let broken = try await fleet.muster("task", "submit", "-f", "-", input: "tasks: [")
            #expect(broken.status == .code(1))
            #expect(broken.errors.hasPrefix("muster: the standard input:1: the YAML text is wrong"))
            #expect(try tasks(try await fleet.muster("task", "list", "test/pool", "--json")).isEmpty)
        }

        @Test("waits for the end with --wait: 0 when all completed, 1 when one did not")
        func wait() async throws {
            let fleet = try await defined(.service)
            let good = try await fleet.muster(
                "task", "submit", "test/pool", "--id", "good", "--wait", "--env", "WORD=hello", "--", "sh",
                "-c",
                "echo $WORD $MUSTER_TASK_ID; echo oops >&2")
            #expect(good.status == .code(0) && good.output == "good  completed\n")
            #expect(try await fleet.muster("task", "output", "good").output == "hello good\noops\n")
            let bad = try await fleet.muster(
                "task", "submit", "test/pool", "--id", "bad", "--wait", "--", "sh", "-c", "exit 7")
            #expect(bad.status == .code(1) && bad.output == "bad  failed\n" && bad.errors.isEmpty)
            let mixed = try await fleet.muster(
                "task", "submit", "-f", "-", "--wait", "--json",
                input: """
                    tasks:
                      - {workerPoolId: test/pool, payload: {command: ["true"]}}
                      - {workerPoolId: test/pool, payload: {command: ["false"]}}
                    """)
            #expect(mixed.status == .code(1))
            #expect(try tasks(mixed).map(\.state) == ["completed", "failed"])
            let missing = try await fleet.muster(
                "task", "submit", "test/pool", "--id", "missing", "--wait", "--", "no-such-program")
            #expect(missing.status == .code(1))
            #expect(try await task(fleet, "missing").runs?.last?.tail?.contains("no-such-program") == true)
            #expect(await fleet.stop() == .code(0))
        }

        @Test("ends a command that runs too long, and its children with it")
        func maxRunTime() async throws {
            let fleet = try await defined(.service)
            let outcome = try await fleet.muster(
                "task", "submit", "test/pool", "--id", "slow", "--wait", "--max-run-time", "1", "--", "sh",
                "-c",
                "echo started; sleep 600 & sleep 600")
            #expect(outcome.status == .code(1) && outcome.output == "slow  failed\n")
            let task = try await self.task(fleet, "slow")
            #expect(
                task.runs?.count == 1 && task.runs?.first?.reason == .timedOut && task.reason == .timedOut)
            #expect(task.runs?.first?.tail == "started\n")
            let sleeping = try MusterFleet.processes(below: fleet.folder.path).filter {
                try ProcessTable.environment(of: $0)?["MUSTER_TASK_ID"] == "slow"
            }
            #expect(sleeping.isEmpty)
        }

        @Test("gives a task up at its deadline, whether it waits or runs")
        func deadline() async throws {
            let fleet = try await defined(.service)
            async let running = fleet.muster(
                "task", "submit", "test/pool", "--id", "runs", "--wait", "--deadline", "2s", "--", "sleep",
                "600")
            try await fleet.until("the run") {
                try await fleet.muster("task", "show", "runs").output.contains("run 0")
            }
            _ = try await fleet.muster("pool", "pause", "test/pool")
            let ran = try await running
            #expect(ran.status == .code(1) && ran.output == "runs  exception\n")
            #expect(try await task(fleet, "runs").reason == .deadlineExceeded)
            // The worker learns of it when it renews or claims; nothing waits for that here.
            let past = try await fleet.muster(
                "task", "submit", "test/pool", "--deadline", "2020-01-01T00:00:00Z", "--", "true")
            #expect(past.status == .code(1))
            #expect(past.errors == "muster: tasks[0].deadline: must be in the future, and within a year\n")
        }

        @Test("does not wait when no service runs that could do the work")
        func waitWithoutService() async throws {
            let fleet = try await defined(.database)
            let outcome = try await fleet.muster(
                "task", "submit", "test/pool", "--id", "t1", "--wait", "--", "true")
            #expect(outcome.status == .code(1) && outcome.output.isEmpty)
            #expect(
                outcome.errors == "muster: --wait needs a service that runs: start one with muster serve\n")
            // Nothing was submitted that nobody then waits for.
            #expect(try await fleet.muster("task", "show", "t1").status == .code(1))
        }
    }
}
