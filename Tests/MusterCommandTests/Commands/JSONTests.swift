import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterCommand

extension OperatorSuites {
    @Suite("--json", .timeLimit(.minutes(2)))
    struct JSONTests {
        /// Every command that prints data, and a call of it that works on the fleet below.
        static let calls: [String: String] = [
            "muster run": "run",
            "muster apply": "apply -f pool.yaml",
            "muster plan": "plan a/b --fresh",
            "muster launch-config list": "launch-config list",
            "muster launch-config show": "launch-config show a/b std",
            "muster launch-config pause": "launch-config pause a/b std",
            "muster launch-config resume": "launch-config resume a/b std",
            "muster worker list": "worker list",
            "muster worker show": "worker show w-1",
            "muster worker retire": "worker retire w-1",
            "muster worker create": "worker create a/hand rack mac-1 --secret-file secret",
            "muster worker update": "worker update a/hand rack mac-1 --expires 2h",
            "muster worker remove": "worker remove a/hand rack mac-1",
            "muster provider list": "provider list",
            "muster provider check": "provider check",
            "muster provider forget": "provider forget gone",
            "muster launch-config validate": "launch-config validate a/b",
            "muster launch list": "launch list",
            "muster launch show": "launch show l-1",
            // One object a line, so that it can be followed.
            "muster events": "events --limit 1",
            "muster audit": "audit",
            "muster pool list": "pool list",
            "muster pool show": "pool show a/b",
            "muster pool pause": "pool pause a/b",
            "muster pool resume": "pool resume a/b",
            "muster pool delete": "pool delete a/c",
            "muster task submit": "task submit a/b --id t2 -- true",
            "muster task list": "task list a/b",
            "muster task show": "task show t1",
            "muster task cancel": "task cancel t1",
            "muster limit list": "limit list",
            "muster limit show": "limit show gpu",
            "muster limit create": "limit create gpu 4",
            "muster limit set": "limit set gpu --slots 5",
            "muster limit delete": "limit delete old",
            "muster limit holders": "limit holders gpu",
            "muster limit acquire": "limit acquire gpu --holder ci/1",
            "muster limit release": "limit release ci/1",
            "muster freeze": "freeze",
            "muster unfreeze": "unfreeze",
            "muster replica list": "replica list",
            "muster doctor": "doctor --recount",
            "muster backup": "backup copy.db",
            "muster migrate": "migrate",
            "muster version": "version",
            "muster simulate": "simulate small.csv",
        ]

        /// Those whose answer is a list and will never be more, so that programs need not unwrap it.
        static let lists: Set = ["muster simulate"]

        /// Those that print no data of their own: programs that run on, what a task wrote, and a script.
        static let without: Set = [
            "muster demo", "muster serve", "muster worker", "muster task output", "muster completion",
            // It wants a PostgreSQL database: its own test reads the JSON.
            "muster import-from",
            // JSON is all that it reads and prints.
            "muster decide",
        ]

        @Test("is taken by every command that prints data, which then prints one JSON value and no more")
        func everyCommand() async throws {
            let fleet = try await Answering.database.fleet()
            let pool =
                "providerId: local\nconfig: {maxCapacity: 1, launchConfigs: [{workerManager: {launchConfigId: std}}]}\n"
            _ = try fleet.file("small.csv", "arrival_s,duration_s\n0,60\n")
            _ = try fleet.file("pool.yaml", "workerPoolId: a/b\n\(pool)---\nworkerPoolId: a/c\n\(pool)")
            _ = try fleet.file("secret", "s3cret-of-the-first-machine\n")
            _ = try fleet.file(
                "hand.yaml",
                "workerPoolId: a/hand\nproviderId: hand\nconfig: {maxCapacity: 0, launchConfigs: [{}]}\n")
            for file in ["pool.yaml", "hand.yaml"] { _ = try await fleet.muster("apply", "-f", file) }
            _ = try await fleet.muster("task", "submit", "a/b", "--id", "t1", "--", "true")
            for limit in ["gpu", "old"] { _ = try await fleet.muster("limit", "create", limit, "4") }
            try await fleet.writeLaunch(
                of: LaunchConfigID(rawValue: "std"), in: PoolID(rawValue: "a/b"), workers: [("local", "w-1")])
            let commands = HelpTests.commands.filter { $0.last?.run != nil }
                .map { $0.map(\.name).joined(separator: " ") }
            let unknown = Set(commands).subtracting(Self.calls.keys).subtracting(Self.without)
            #expect(unknown.isEmpty, "add these to the table above")
            for command in commands {
                guard let call = Self.calls[command] else { continue }
                // Nothing but a file can be copied by its own service.
                if command == "muster backup", StoreEngine.chosen != .sqlite { continue }
                let outcome = try await fleet.muster(["--json"] + call.split(separator: " ").map(String.init))
                #expect(outcome.status == .code(0), "\(call): \(outcome.errors)")
                #expect(outcome.errors.isEmpty, "\(call)")
                let document = try JSON.document(Array(outcome.output.utf8))
                #expect(document.kind == (Self.lists.contains(command) ? "a list" : "an object"), "\(call)")
            }
        }
    }
}
