import Glibc
import MusterAPI
import MusterCore
import MusterRuntime
import MusterStore
import MusterTesting
import Testing

@testable import MusterCommand

extension ServiceSuites {
    @Suite("muster serve", .timeLimit(.minutes(3)))
    struct ServeTests {
        @Test("A second service on the same state says who has it, and the first goes on", .ofFileEngine)
        func second() async throws {
            let fleet = try await MusterFleet()
            try await fleet.start()
            let second = try await fleet.muster("serve")
            #expect(second.status == .code(1) && second.output.isEmpty)
            let pid = try #require(fleet.pid)
            #expect(
                second.errors
                    == "muster: the database \(fleet.setup.databaseFile) is held by process \(pid)\n")
            #expect(try await fleet.muster("pool", "list").status == .code(0))
            #expect(await fleet.stop() == .code(0))
        }

        @Test("A configuration that is wrong is told of with its lines, and nothing is begun")
        func wrongConfiguration() async throws {
            let folder = try TemporaryFolder()
            let file = folder.path + "/muster.yaml"
            let yaml = """
                state: \(folder.path)/state
                listne: 127.0.0.1:0
                providers:
                  local: {kind: cloud}
                """
            try DurableFile.write(Array(yaml.utf8), to: file, mode: 0o644)
            let outcome = try await MusterProgram.run(["serve"], in: folder.path)
            #expect(outcome.status == .code(1) && outcome.output.isEmpty)
            #expect(
                outcome.errors == """
                    muster: line 4: providers.local.kind: must be one of local, docker, static, aws, google, azure, \
                    not "cloud" (in \(file))
                    muster: line 2: listne: is not a known field; did you mean listen? (in \(file))

                    """)
            #expect(access(folder.path + "/state", F_OK) != 0)
            let missing = try await MusterProgram.run(["--config", "nowhere.yaml", "serve"], in: folder.path)
            #expect(missing.status == .code(1) && missing.errors.contains("\(folder.path)/nowhere.yaml"))
        }

        @Test("A port that another has is told of, with exit code 1")
        func portTaken() async throws {
            let fleet = try await MusterFleet()
            try await fleet.start()
            let other = try await MusterFleet()
            let taken = try #require(fleet.url).split(separator: "/")[1]
            let outcome = try await MusterProgram.run(
                ["--config", other.folder.path + "/muster.yaml", "serve"], in: other.folder.path,
                environment: ["MUSTER_LISTEN": String(taken)])
            #expect(outcome.status == .code(1) && outcome.errors.contains("Address already in use"))
            #expect(await fleet.stop() == .code(0))
        }

        @Test(
            "A signal ends it quickly with 0 while a worker waits for work, and the worker goes on",
            arguments: [SIGTERM, SIGINT])
        func stopWhileWaiting(signal: Int32) async throws {
            let fleet = try await MusterFleet("log: {level: debug}")
            try await fleet.start()
            try await fleet.define(min: 1)
            try await fleet.until("a claim that waits") { fleet.log.contains("route=claimTasks") }
            let clock = SystemClock()
            let began = clock.now()
            #expect(await fleet.stop(signal) == .code(0))
            #expect(clock.now() - began < .seconds(10))
            #expect(try await !fleet.processes().isEmpty)
            // The next one finds the worker at the address that it knows.
            try await fleet.start()
            _ = try await fleet.submit(1)
            try await fleet.until("the task") { try await fleet.task(0).state == "completed" }
            #expect(try await fleet.poolDocument().capacity["stopped"] == nil)
            try await fleet.define()
            try await fleet.untilIdle(tasks: 1)
            #expect(await fleet.stop() == .code(0))
            #expect(try await fleet.processes().isEmpty)
        }

        @Test(
            "A signal ends it quickly with 0 while a task runs, and the task runs on",
            arguments: [SIGTERM, SIGINT])
        func stopWhileRunning(signal: Int32) async throws {
            let fleet = try await MusterFleet()
            try await fleet.start()
            try await fleet.define()
            let gate = fleet.folder.path + "/gate"
            _ = try await fleet.submit(1, work: "while [ ! -e '\(gate)' ]; do sleep 0.05; done")
            try await fleet.until("the run") { try await fleet.task(0).state == "running" }
            let clock = SystemClock()
            let began = clock.now()
            #expect(await fleet.stop(signal) == .code(0))
            #expect(clock.now() - began < .seconds(10))
            try DurableFile.write([], to: gate, mode: 0o644)
            try await fleet.start()
            try await fleet.untilIdle(tasks: 1)
            #expect(fleet.ledger() == ["task-0 0"])
            #expect(await fleet.stop() == .code(0))
            #expect(try await fleet.processes().isEmpty)
        }

        @Test("Commands say who holds the database when no service answers", .ofFileEngine)
        func held() async throws {
            let fleet = try await Answering.database.fleet()
            try await fleet.store { _ in
                let outcome = try await fleet.muster("pool", "list")
                #expect(outcome.status == .code(1) && outcome.output.isEmpty)
                #expect(
                    outcome.errors
                        == "muster: the database \(fleet.setup.databaseFile) is held by process \(getpid())\n"
                )
            }
            #expect(try await fleet.muster("pool", "list").status == .code(0))
        }

        @Test("Commands give up soon on a service that hangs, and say so")
        func hanging() async throws {
            let fleet = try await MusterFleet()
            try await fleet.start()
            fleet.signal(SIGSTOP)
            let outcome = try await fleet.muster("pool", "list")
            fleet.signal(SIGCONT)
            #expect(outcome.status == .code(1) && outcome.output.isEmpty)
            #expect(
                outcome.errors
                    == "muster: the service at \(fleet.setup.socket) does not answer: "
                    + "see its log, or end it and start it again\n")
            #expect(try await fleet.muster("pool", "list").status == .code(0))
            #expect(await fleet.stop() == .code(0))
        }

        @Test("Commands say what to do where neither a service nor a database is", .ofFileEngine)
        func nothing() async throws {
            let fleet = try await MusterFleet()
            let outcome = try await fleet.muster("pool", "list")
            #expect(outcome.status == .code(1) && outcome.errors.contains("start muster serve"))
            #expect(access(fleet.setup.databaseFile, F_OK) != 0)
        }
    }
}
