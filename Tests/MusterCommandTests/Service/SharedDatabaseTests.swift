import Glibc
import MusterAPI
import MusterCore
import MusterRuntime
import MusterStore
import MusterTesting
import Testing

@testable import MusterCommand

extension ServiceSuites {
    /// The real program on a real PostgreSQL server.
    @Suite("A shared database", .timeLimit(.minutes(3)))
    struct SharedDatabaseTests {
        @Test("does the main job, and its doctor finds nothing")
        func mainJob() async throws {
            let fleet = try await MusterFleet(on: .postgres)
            try await fleet.start()
            try await fleet.define()
            _ = try await fleet.submit(3)
            try await fleet.untilIdle(tasks: 3)
            #expect(fleet.ledger() == ["task-0 0", "task-1 0", "task-2 0"])
            let doctor = try await fleet.muster("doctor", "--recount")
            #expect(doctor.status == .code(0), "\(doctor.output)")
            await fleet.stop()
            // Without a service, commands open the database themselves.
            let tasks = try await fleet.muster("task", "list", "\(MusterFleet.pool)", "--json")
            let completed = tasks.output.split(separator: #""state":"completed""#).count - 1
            #expect(completed == 3, "\(tasks.output)")
        }

        @Test("is worked on by two services with one master key, and by none with another")
        func twoServices() async throws {
            let first = try await MusterFleet(on: .postgres)
            try await first.start()
            try await first.define(max: 4)
            let second = try await MusterFleet(beside: first, on: .postgres)
            let refused = try await second.muster("serve")
            #expect(refused.status != .code(0) && refused.errors.contains("master key"), "\(refused.errors)")
            let other = try await second.muster(["pool", "list"])
            #expect(other.errors.contains("master key"), "\(other.errors)")

            let key = try TextFile.read(first.setup.masterKey, limit: 4_096)
            let variables = ["MUSTER_MASTER_KEY": String(decoding: key, as: UTF8.self)]
            try await second.start(environment: variables)
            // Each hears of what was submitted to the other.
            try await first.submit(["task-0", "task-1"], work: "true")
            try await second.submit(["task-2", "task-3"], work: "true")
            try await first.untilIdle(tasks: 4)
            #expect(first.ledger() == ["task-0 0", "task-1 0", "task-2 0", "task-3 0"])
            await second.stop()
            await first.stop()
        }

        @Test(
            "is not taken from a service by a command that finds no socket, and the command leaves nothing behind"
        )
        func commandBeside() async throws {
            let fleet = try await MusterFleet(on: .postgres)
            try await fleet.start()
            try await fleet.define()
            func announcements() async throws -> [String] {
                try await fleet.store { store in
                    try await store.read { try await $0.replicas().map { "\($0.id) \($0.pid)" } }
                }
            }
            try await fleet.until("the announcement") { try await !announcements().isEmpty }
            let before = try await announcements()
            #expect(unlink(fleet.setup.socket) == 0)
            let doctor = try await fleet.muster("doctor", "--recount")
            #expect(doctor.errors.contains("no service runs"), "\(doctor.errors)")
            #expect(doctor.status == .code(0), "\(doctor.output)")
            #expect(try await announcements() == before)
            await fleet.stop()
        }

        @Test("takes a database file in, whole, once, and only when nobody has it")
        func importsFile() async throws {
            let old = try await MusterFleet(on: .sqlite)
            try await old.start()
            try await old.define()
            _ = try await old.submit(2)
            try await old.untilIdle(tasks: 2)
            let source = "sqlite:\(old.setup.databaseFile)"
            let new = try await MusterFleet(on: .postgres)
            let inUse = try await new.muster("import-from", source)
            #expect(inUse.status != .code(0) && inUse.errors.contains("held by"), "\(inUse.errors)")
            let events = try await old.muster("events", "--json")
            await old.stop()

            let done = try await new.muster("import-from", source, "--json")
            #expect(done.status == .code(0), "\(done.errors)")
            let counted = [#"{"rows":2,"table":"tasks"}"#, #"{"table":"tasks","rows":2}"#]
            #expect(counted.contains { done.output.contains($0) }, "\(done.output)")
            let again = try await new.muster("import-from", source)
            #expect(again.status != .code(0) && again.errors.contains("used already"), "\(again.errors)")

            // Its key comes along; what was there is there, and what is new goes on from it.
            try Folder.make(new.setup.state, mode: 0o711)
            try DurableFile.write(
                try TextFile.read(old.setup.masterKey, limit: 4_096), to: new.setup.masterKey, mode: 0o600)
            try await new.start()
            let copied = try await new.muster("events", "--json")
            #expect(copied.output.hasPrefix(events.output))
            try await new.submit(["task-2"], work: "true")
            try await new.untilIdle(tasks: 3)
            let doctor = try await new.muster("doctor", "--recount")
            #expect(doctor.status == .code(0), "\(doctor.output)")
            await new.stop()
        }

        @Test("that stops and starts again costs no task and no service")
        func serverRestart() async throws {
            let server = try await PostgresServer()
            let fleet = try await MusterFleet(sharing: try await SharedDatabase(of: server), on: .postgres)
            try await fleet.start()
            try await fleet.define()
            _ = try await fleet.submit(["task-0"], work: "sleep 1")
            try await fleet.until("the claim") { try await fleet.task("task-0").state == "running" }
            await server.stop()
            await #expect(throws: (any Error).self) { try await fleet.submit(["task-1"], work: "true") }
            try await server.start()
            try await fleet.until("an answer") { (try? await fleet.task("task-0")) != nil }
            try await fleet.submit(["task-1"], work: "true")
            try await fleet.untilIdle(tasks: 2)
            #expect(fleet.ledger().count == 2)
            await fleet.stop()
            await server.stop()
        }
    }
}
