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
    /// Disks that are full or read-only, and files that are not what they should be, under the real program.
    @Suite("Disks and files", .ofFileEngine, .timeLimit(.minutes(4)))
    struct DiskTests {
        private func padding(_ bytes: Int) -> TaskDefinition {
            TaskDefinition(
                workerPoolId: MusterFleet.pool,
                payload: TaskPayload(command: ["true", String(repeating: "x", count: bytes)]))
        }

        @Test(
            "On a full disk the service refuses and says why, nothing is lost, and all goes on when there is room",
            .enabled(if: SmallDisk.isPossible, Comment(rawValue: SmallDisk.obstacle)))
        func full() async throws {
            let fleet = try await MusterFleet()
            let disk = try SmallDisk(kibibytes: 16_384, at: fleet.setup.state)
            try await fleet.start()
            try await fleet.define(", claimTimeout: 3")
            let gate = fleet.folder.path + "/gate"
            _ = try await fleet.submit(2, work: "while [ ! -e '\(gate)' ]; do sleep 0.05; done")
            try await fleet.until("both runs") { try await fleet.states(2) == ["running", "running"] }

            try disk.fill()
            // The journal may have room of its own left.
            var refusal: (any Error)?
            for _ in 0..<200 where refusal == nil {
                do {
                    let request = SubmitTasksRequest(tasks: [padding(100_000)])
                    _ = try await fleet.client().post(APIPath.tasks, request, TasksAnswer.self)
                } catch {
                    refusal = error
                }
            }
            let problem = try #require((refusal as? Problems)?.all.first)
            #expect(problem.code == .storeFull)
            #expect(problem.message.contains("make room, and everything goes on by itself"))
            let command = try await fleet.muster("freeze")
            #expect(command.status == .code(1))
            #expect(command.errors.contains("the disk of the database is full: make room"))
            // What is there can be looked at, and both runs end, which nobody can write down.
            #expect(try await fleet.states(2) == ["running", "running"])
            try DurableFile.write([], to: gate, mode: 0o644)
            try await fleet.until("both ends") { fleet.ledger().count == 2 }
            try await fleet.keepRunning(2, for: .seconds(7))
            #expect(fleet.log.contains("a loop failed") && fleet.log.contains("[store-full]"))

            try disk.makeRoom()
            try await fleet.until("both reports") { try await fleet.states(2) == ["completed", "completed"] }
            #expect(fleet.ledger() == ["task-0 0", "task-1 0"])
            #expect(try await fleet.muster("freeze").status == .code(0))
            #expect(try await fleet.muster("unfreeze").status == .code(0))
            _ = try await fleet.muster("task", "cancel", "--all", MusterFleet.pool.rawValue)
            try await fleet.untilIdle(tasks: 2)
            #expect(await fleet.stop() == .code(0))
            #expect(try await fleet.processes().isEmpty)
            try await fleet.store { store in
                let (counted, recounted) = try await store.read {
                    (try await $0.capacityOfAllPools(), try await $0.recountedCapacity())
                }
                #expect(counted == recounted)
                let events = try await store.read { try await $0.events(after: 0, limit: 10_000) }
                #expect(!events.contains { $0.event.type == .taskRetried })
            }
        }

        @Test("Events wait while their file's disk is full, and each is delivered once there is room")
        func eventsFile() async throws {
            let fleet = try await MusterFleet()
            let events = fleet.folder.path + "/events.jsonl"
            #expect(symlink("/dev/full", events) == 0)
            try await fleet.start()
            try await fleet.define()
            _ = try await fleet.submit(3)
            try await fleet.untilIdle(tasks: 3)
            try await fleet.until("the complaint") {
                fleet.log.contains("cannot be written: No space left on device")
            }
            // As somebody who makes room: a file takes the place of the full one, a half line at its end.
            let whole = fleet.folder.path + "/whole.jsonl"
            try DurableFile.write(Array("{\"id\":\"torn".utf8), to: whole, mode: 0o644)
            #expect(rename(whole, events) == 0)
            #expect(await fleet.stop() == .code(0))
            let lines = String(decoding: try TextFile.read(events, limit: 1 << 20), as: UTF8.self)
                .split(separator: "\n")
            #expect(lines.first == "{\"id\":\"torn")
            let ids = try lines.dropFirst().map { line -> Int64 in
                guard case .string(let id)? = try JSON.document(Array(line.utf8))["id"]?.value else {
                    return -1
                }
                return Int64(id) ?? -1
            }
            let stored = try await fleet.store { store in
                try await store.read { try await $0.events(after: 0, limit: 10_000).map(\.position) }
            }
            #expect(ids == stored && ids.count > 10)
        }

        @Test("A second service on the same state by another path says who has it, and the first goes on")
        func secondByLink() async throws {
            let fleet = try await MusterFleet()
            try await fleet.start()
            try await fleet.define()
            let other = try await MusterFleet()
            #expect(symlink(fleet.setup.state, other.folder.path + "/state") == 0)
            let (clock, began) = (SystemClock(), SystemClock().uptime())
            let second = try await other.muster("serve")
            #expect(clock.uptime() - began < .seconds(10))
            #expect(second.status == .code(1) && second.output.isEmpty)
            let pid = try #require(fleet.pid)
            #expect(second.errors.contains("is held by process \(pid)\n"))
            _ = try await fleet.submit(1)
            try await fleet.untilIdle(tasks: 1)
            #expect(fleet.ledger() == ["task-0 0"])
            #expect(await fleet.stop() == .code(0))
        }

        @Test(
            "A database that is none, another program's or damaged is named, and stays as it is",
            arguments: ["noise", "cut", "zeroes"])
        func strangeDatabase(kind: String) async throws {
            let fleet = try await MusterFleet()
            try await fleet.start()
            try await fleet.define()
            _ = try await fleet.submit(1)
            try await fleet.untilIdle(tasks: 1)
            #expect(await fleet.stop() == .code(0))
            let path = fleet.setup.databaseFile
            let good = try TextFile.read(path, limit: 64 << 20)
            let bytes: [UInt8] =
                switch kind {
                case "noise": Array("this is what somebody has put here\n".utf8) + good.reversed()
                case "cut": Array(good.prefix(good.count / 2))
                default: Array(repeating: 0, count: good.count)
                }
            try DurableFile.write(bytes, to: path, mode: 0o600)
            for words in [["serve"], ["pool", "list"], ["task", "list", "test/pool"]] {
                let outcome = try await fleet.muster(words)
                #expect(outcome.status == .code(1) && outcome.output.isEmpty, "\(words)")
                #expect(
                    outcome.errors.hasPrefix("muster: ") && outcome.errors.contains(path), "\(outcome.errors)"
                )
                #expect(outcome.errors.contains("restore a backup"), "\(outcome.errors)")
            }
            #expect(try TextFile.read(path, limit: 64 << 20) == bytes)
            try DurableFile.write(good, to: path, mode: 0o600)
            try await fleet.start()
            #expect(try await fleet.states(1) == ["completed"])
            #expect(await fleet.stop() == .code(0))
        }

        @Test("A database that was removed while the service works takes nothing in, and the service says so")
        func removedDatabase() async throws {
            let fleet = try await MusterFleet()
            try await fleet.start()
            try await fleet.define(max: 0)
            let path = fleet.setup.databaseFile
            #expect(rename(path, path + ".away") == 0)
            let refused = try await fleet.muster("task", "submit", "test/pool", "--id", "lost", "--", "true")
            #expect(refused.status == .code(1))
            #expect(refused.errors.contains("\(path) was moved or removed while Muster works"))
            #expect(rename(path + ".away", path) == 0)
            let taken = try await fleet.muster("task", "submit", "test/pool", "--id", "kept", "--", "true")
            #expect(taken.status == .code(0), "\(taken.errors)")
            #expect(await fleet.stop() == .code(0))
            #expect(try await fleet.muster("task", "show", "kept").status == .code(0))
            #expect(try await fleet.muster("task", "show", "lost").status == .code(1))
        }

        @Test("A state folder that is missing is made, and one that cannot be is named")
        func stateFolder() async throws {
            let fleet = try await MusterFleet()
            let file = try fleet.file("file", "")
            let outcome = try await MusterProgram.run(
                ["--config", fleet.folder.path + "/muster.yaml", "serve"], in: fleet.folder.path,
                environment: ["MUSTER_STATE": file + "/state"])
            #expect(outcome.status == .code(1) && outcome.output.isEmpty)
            #expect(outcome.errors.contains("cannot make the folder \(file)"), "\(outcome.errors)")
            try await fleet.start()
            #expect(access(fleet.setup.state, F_OK) == 0)
            #expect(await fleet.stop() == .code(0))
        }

        @Test(
            "A state folder on a disk that is read-only is named, and nothing is begun",
            .enabled(if: SmallDisk.isPossible, Comment(rawValue: SmallDisk.obstacle)))
        func readOnlyDisk() async throws {
            let fleet = try await MusterFleet()
            let disk = try SmallDisk(kibibytes: 16_384, at: fleet.setup.state)
            try await fleet.start()
            try await fleet.define()
            #expect(await fleet.stop() == .code(0))
            try disk.makeReadOnly()
            for words in [["serve"], ["pool", "list"]] {
                let outcome = try await fleet.muster(words)
                #expect(outcome.status == .code(1) && outcome.output.isEmpty)
                #expect(
                    outcome.errors.contains("Read-only file system")
                        && outcome.errors.contains("must be writable for this user"), "\(outcome.errors)")
            }
        }

        @Test(
            "A state folder that may not be written is named, and nothing is begun",
            .disabled(if: geteuid() == 0, "root writes everywhere"))
        func readOnlyFolder() async throws {
            let fleet = try await MusterFleet()
            try await fleet.start()
            #expect(await fleet.stop() == .code(0))
            let files = [fleet.setup.databaseFile, fleet.setup.databaseFile + ".lock"]
            for file in files { chmod(file, 0o400) }
            chmod(fleet.setup.state, 0o500)
            let outcome = try await fleet.muster("serve")
            chmod(fleet.setup.state, 0o700)
            #expect(outcome.status == .code(1) && outcome.output.isEmpty)
            #expect(
                outcome.errors.contains("cannot open \(fleet.setup.databaseFile).lock: Permission denied"),
                "\(outcome.errors)")
        }
    }
}
