import FoundationEssentials
import Glibc
import MusterAPI
import MusterCore
import MusterRuntime
import MusterStore
import MusterTesting
import Testing

@testable import MusterCommand

extension OperatorSuites {
    @Suite("muster backup", .ofFileEngine, .timeLimit(.minutes(3)))
    struct BackupCommandTests {
        @Test(
            "writes a checked copy where it is told to, and says how large it is",
            arguments: Answering.allCases)
        func copy(answering: Answering) async throws {
            let fleet = try await answering.fleet()
            let outcome = try await fleet.muster("backup", "copy.db")
            let path = fleet.folder.path + "/copy.db"
            #expect(outcome.status == .code(0), "\(outcome.errors)")
            #expect(
                outcome.output.hasPrefix("\(path): ") && outcome.output.contains(" KiB, checked, schema "))
            var status = stat()
            #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)

            let refused = try await fleet.muster("backup", path)
            #expect(refused.status == .code(1) && refused.output.isEmpty)
            #expect(
                refused.errors
                    == "muster: \(path) is there already: name another file, or replace it with --force\n")
            let forced = try await fleet.muster("backup", "./copy.db", "--force", "--json")
            let facts = try JSON.decode(BackupFacts.self, from: Array(forced.output.utf8))
            #expect(forced.status == .code(0) && facts.path == path && facts.bytes == status.st_size)

            let itself = try await fleet.muster("backup", "--force", fleet.setup.databaseFile)
            #expect(itself.status == .code(1) && itself.errors.contains("is the database itself"))
            let nowhere = try await fleet.muster("backup", "nowhere/copy.db")
            #expect(nowhere.status == .code(1) && nowhere.errors.contains("No such file or directory"))
            if answering == .service { #expect(await fleet.stop() == .code(0)) }
        }

        @Test("taken under load is consistent, and a service can be started from it")
        func served() async throws {
            let fleet = try await MusterFleet()
            try await fleet.start()
            try await fleet.define(max: 2)
            // Workers claim and finish, and tasks come, while the copies are made.
            let client = try fleet.client()
            let isEnough = Locked(false)
            let load = Task {
                var count = 0
                while !isEnough.withLock({ $0 }) {
                    let first = count
                    let request = SubmitTasksRequest(
                        tasks: (first..<first + 5).map { index in
                            TaskDefinition(
                                taskId: TaskID(rawValue: "load-\(index)"), workerPoolId: MusterFleet.pool,
                                payload: TaskPayload(command: ["true"]))
                        })
                    _ = try await client.post(APIPath.tasks, request, TasksAnswer.self)
                    count += 5
                }
                return count
            }
            for number in 0..<4 {
                let outcome = try await fleet.muster("backup", "copy-\(number).db", "--quiet")
                #expect(outcome.status == .code(0), "\(outcome.errors)")
            }
            isEnough.withLock { $0 = true }
            #expect(try await load.value > 0)
            #expect(await fleet.stop() == .code(0))

            let restored = try await MusterFleet()
            try Folder.make(restored.setup.state, mode: 0o711)
            for (from, to) in [
                (fleet.folder.path + "/copy-3.db", restored.setup.databaseFile),
                (fleet.setup.masterKey, restored.setup.masterKey),
            ] {
                try FileManager.default.copyItem(atPath: from, toPath: to)
            }
            let pending = try await restored.store { store in
                #expect(try await store.read { try await $0.counterDifferences() }.isEmpty)
                return try await store.read { transaction in
                    let events = try await transaction.events(after: 0, limit: 1_000_000)
                    let submitted = events.count { $0.event.type == .taskSubmitted }
                    #expect(try await transaction.rows("SELECT id FROM tasks").count == submitted)
                    // No event is missing in between.
                    #expect(events.map(\.position) == Array(1...Int64(events.count)))
                    return try await transaction.rows("SELECT id FROM tasks WHERE state = 'pending'").count
                }
            }
            try await restored.start()
            let doctor = try await restored.muster("doctor")
            #expect(
                !doctor.output.contains("failed   database") && !doctor.output.contains("failed   schema"))
            #expect(try await restored.poolDocument().pendingTasks ?? 0 <= pending)
            try await restored.until("a task of the backup done by the restored service") {
                let answer = try await restored.client().get(
                    APIPath.tasks(of: MusterFleet.pool) + "?limit=1000", TasksAnswer.self)
                return answer.tasks.contains { $0.state == "completed" }
            }
            await restored.stop(SIGTERM)
        }
    }
}
