import Glibc
import MusterAPI
import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterCommand

extension OperatorSuites {
    @Suite("muster apply", .timeLimit(.minutes(2)))
    struct ApplyTests {
        private func pool(_ id: String, max: Int = 3) -> String {
            """
            workerPoolId: \(id)
            providerId: local
            config:
              maxCapacity: \(max)
              launchConfigs: [{workerManager: {launchConfigId: standard}}]

            """
        }

        private func pools(_ fleet: MusterFleet) async throws -> [String: PoolDocument] {
            let outcome = try await fleet.muster("pool", "list", "--json")
            let pools = try JSON.decode(PoolsAnswer.self, from: Array(outcome.output.utf8)).workerPools
            return Dictionary(uniqueKeysWithValues: pools.map { ($0.workerPoolId.rawValue, $0) })
        }

        @Test(
            "defines the pools of a file, of several documents, of a list, and of a folder",
            arguments: Answering.allCases)
        func forms(answering: Answering) async throws {
            let fleet = try await answering.fleet()
            let one = try fleet.file("one.yaml", pool("a/one"))
            let applied = try await fleet.muster("apply", "-f", one)
            #expect(applied.status == .code(0) && applied.errors.isEmpty)
            #expect(
                applied.output == """
                    a/one
                      + pool: created
                      + launch config standard: created
                    1 pool changed

                    """)
            let several = try fleet.file("several.yaml", pool("a/two") + "---\n" + pool("a/three"))
            #expect(try await fleet.muster("apply", "--file", several).lines.last == "2 pools changed")
            let element = "{workerPoolId: a/five, providerId: local, config: {maxCapacity: 1}}"
            _ = try fleet.file("pools/b.yml", "workerPools:\n  - {\(element.dropFirst())\n")
            _ = try fleet.file("pools/a.json", JSON.text(of: pool("a/four")))
            _ = try fleet.file("pools/notes.txt", "no definition")
            let folder = try await fleet.muster("apply", "-f", "pools")
            #expect(folder.status == .code(0))
            #expect(folder.lines.first == "a/four" && folder.lines.last == "2 pools changed")
            #expect(Set(try await pools(fleet).keys) == ["a/one", "a/two", "a/three", "a/four", "a/five"])
            let again = try await fleet.muster("apply", "-f", "pools")
            #expect(again.status == .code(0) && again.output == "nothing to change\n")
            if answering == .service { #expect(await fleet.stop() == .code(0)) }
        }

        @Test(
            "tells every problem of every file with its line, and applies nothing",
            arguments: Answering.allCases)
        func problems(answering: Answering) async throws {
            let fleet = try await answering.fleet()
            _ = try fleet.file("pools/good.yaml", pool("a/good"))
            _ = try fleet.file(
                "pools/bad.yaml",
                pool("a/b") + "colour: red\n---\n" + pool("nopool") + "---\n"
                    + pool("a/c").replacing("maxCapacity: 3", with: "minCapacity: many"))
            _ = try fleet.file("pools/broken.yaml", "workerPoolId: [a\nproviderId: b\n")
            _ = try fleet.file("pools/twice.yaml", pool("a/good"))
            let outcome = try await fleet.muster("apply", "-f", "pools")
            #expect(outcome.status == .code(1) && outcome.output.isEmpty)
            let errors = outcome.errors.split(separator: "\n").map(String.init)
            #expect(errors.count == 6)
            #expect(errors.contains("muster: pools/bad.yaml:6: colour: is not a known field"))
            #expect(
                errors.contains {
                    $0.hasPrefix("muster: pools/bad.yaml:8: workerPoolId: \"nopool\" is not a worker")
                })
            #expect(
                errors.contains(
                    "muster: pools/bad.yaml:17: config.minCapacity: must be a whole number, not a string"))
            #expect(errors.contains("muster: pools/bad.yaml:17: config.maxCapacity: is missing"))
            #expect(errors.contains { $0.hasPrefix("muster: pools/broken.yaml:") })
            #expect(errors.contains("muster: pools/twice.yaml: a/good is defined in pools/good.yaml too"))
            #expect(try await pools(fleet).isEmpty)
            let json = try await fleet.muster("apply", "-f", "pools", "--json")
            #expect(json.status == .code(1) && json.output.isEmpty)
            let error = try JSON.decode(APIError.self, from: Array(json.errors.utf8))
            #expect(error.problems?.count == 6)
        }

        @Test(
            "tells what only the service knows to be wrong, and applies nothing",
            arguments: Answering.allCases)
        func refused(answering: Answering) async throws {
            let fleet = try await answering.fleet()
            let file = try fleet.file(
                "pools.yaml",
                pool("a/good") + "---\n" + pool("a/b").replacing("providerId: local", with: "providerId: aws")
            )
            let unknown = try await fleet.muster("apply", "-f", file)
            #expect(unknown.status == .code(1) && unknown.output.isEmpty)
            #expect(
                unknown.errors
                    == "muster: providerId: the provider aws of a/b is not enabled in muster.yaml; "
                    + "enabled are hand, local\n")
            let content = try fleet.file(
                "content.yaml",
                pool("a/good") + "---\n" + pool("a/b").replacing("[{", with: "[{wraper: [nice], "))
            let wrong = try await fleet.muster("apply", "-f", content)
            #expect(wrong.status == .code(1))
            #expect(
                wrong.errors
                    == "muster: a/b: config.launchConfigs[0].wraper: is not a known field; did you mean wrapper?\n"
            )
            #expect(try await pools(fleet).isEmpty)
        }

        @Test("shows with --dry-run what it would change, and changes nothing", arguments: Answering.allCases)
        func dryRun(answering: Answering) async throws {
            let fleet = try await answering.fleet()
            _ = try await fleet.muster("apply", "-f", try fleet.file("pool.yaml", pool("a/b")))
            let file = try fleet.file("pool.yaml", pool("a/b", max: 9) + "---\n" + pool("a/c"))
            let dry = try await fleet.muster("apply", "-f", file, "--dry-run")
            #expect(
                dry.output == """
                    a/b
                      ~ maxCapacity: 3 → 9
                    a/c
                      + pool: created
                      + launch config standard: created
                    2 pools would change

                    """)
            let before = try await pools(fleet)
            #expect(before.keys.sorted() == ["a/b"])
            #expect(before["a/b"]?.config["maxCapacity"]?.canonicalJSON == "3")
            let wet = try await fleet.muster("apply", "-f", file, "--json")
            let answer = try JSON.decode(ApplyAnswer.self, from: Array(wet.output.utf8))
            #expect(wet.status == .code(0) && !answer.dryRun && answer.changes.count == 2)
            #expect(try await pools(fleet)["a/b"]?.config["maxCapacity"]?.canonicalJSON == "9")
        }

        @Test("shows the difference in colours on a terminal, and in none elsewhere")
        func colours() async throws {
            let fleet = try await Answering.database.fleet()
            _ = try await fleet.muster("apply", "-f", try fleet.file("one.yaml", pool("a/one")))
            let file = try fleet.file("two.yaml", pool("a/two"))
            let words = [
                "--config", fleet.folder.path + "/muster.yaml", "apply", "-f", file, "--prune", "--dry-run",
            ]
            func screen(_ environment: [String: String]) async throws -> String {
                let terminal = try PseudoTerminal(columns: 100, rows: 30)
                let run = try MusterProgram.start(
                    words, in: fleet.folder.path, environment: environment, terminal: terminal)
                #expect(await run.outcome().status == .code(0))
                return terminal.text()
            }
            let coloured = try await screen(["TERM": "xterm"])
            #expect(coloured.contains("\u{1b}[32m  + pool: created\u{1b}[0m"))
            #expect(coloured.contains("\u{1b}[31m  - pool: deleted: its workers finish\u{1b}[0m"))
            #expect(coloured.contains("2 pools would change, 1 of them would be deleted"))
            let plain = try await screen(["TERM": "xterm", "NO_COLOR": "1"])
            #expect(plain.contains("  + pool: created") && !plain.contains("\u{1b}"))
        }

        @Test("applies the difference that was shown, and refuses another")
        func asShown() async throws {
            let fleet = try await Answering.service.fleet()
            let define = try fleet.file("one.yaml", pool("a/one"))
            _ = try await fleet.muster("apply", "-f", define)
            let client = try fleet.client()
            let document = try YAML.document(Array(pool("a/one", max: 7).utf8))
            var request = ApplyRequest(workerPools: [document], prune: false, dryRun: true)
            let shown = try await client.post(APIPath.apply, request, ApplyAnswer.self)
            #expect(shown.dryRun && shown.changes[0].changes.map(\.kind) == [.changed])
            _ = try await fleet.muster("apply", "-f", try fleet.file("one.yaml", pool("a/one", max: 5)))
            request.dryRun = false
            request.asShown = shown.digest
            let sent = request
            let problem = await #expect(throws: Problems.self) {
                _ = try await client.post(APIPath.apply, sent, ApplyAnswer.self)
            }
            #expect(problem?.all.first?.code == .conflict)
            #expect(try await pools(fleet)["a/one"]?.config["maxCapacity"]?.canonicalJSON == "5")
            #expect(await fleet.stop() == .code(0))
        }

        @Test(
            "deletes with --prune what no file names, unless tasks wait for it", arguments: Answering.allCases
        )
        func prune(answering: Answering) async throws {
            let fleet = try await answering.fleet()
            let both = try fleet.file("both.yaml", pool("a/keep") + "---\n" + pool("a/drop"))
            _ = try await fleet.muster("apply", "-f", both)
            let keep = try fleet.file("keep.yaml", pool("a/keep"))
            #expect(try await fleet.muster("apply", "-f", keep).output == "nothing to change\n")
            _ = try await fleet.muster("pool", "pause", "a/drop")
            _ = try await fleet.muster("task", "submit", "a/drop", "--id", "t1", "--", "true")
            let refused = try await fleet.muster("apply", "-f", keep, "--prune")
            #expect(refused.status == .code(1) && refused.errors.contains("1 task of the worker pool a/drop"))
            _ = try await fleet.muster("task", "cancel", "t1")
            let pruned = try await fleet.muster("apply", "-f", keep, "--prune")
            #expect(
                pruned.output == """
                    a/drop
                      - pool: deleted: its workers finish
                    1 pool changed, 1 of them deleted

                    """)
            #expect(try await pools(fleet)["a/keep"]?.state == "active")
            #expect([nil, "deleted"].contains(try await pools(fleet)["a/drop"]?.state))
        }

        @Test(
            "does not take nothing for an order to delete everything",
            arguments: ["", "# nothing\n", "---\n", "workerPools:\n"])
        func empty(text: String) async throws {
            let fleet = try await Answering.database.fleet()
            _ = try await fleet.muster("apply", "-f", try fleet.file("pool.yaml", pool("a/b")))
            let empty = try fleet.file("empty.yaml", text)
            let outcome = try await fleet.muster("apply", "-f", empty, "--prune")
            #expect(outcome.status == .code(1))
            #expect(outcome.errors == "muster: \(empty): has no worker pool\n")
            #expect(try await pools(fleet)["a/b"]?.state == "active")
        }

        @Test("refuses what is beside a list of pools, and a list that is none")
        func strictList() async throws {
            let fleet = try await Answering.database.fleet()
            let file = try fleet.file("pools.yaml", "workerPools: []\nprune: true\n")
            let beside = try await fleet.muster("apply", "-f", file)
            #expect(beside.errors == "muster: \(file):2: prune: is not a known field\n")
            let other = try fleet.file("other.yaml", "workerPools: a/b\n")
            let noList = try await fleet.muster("apply", "-f", other)
            #expect(noList.errors == "muster: \(other):1: workerPools: must be a list, not a string\n")
        }

        @Test("says which file or folder is not there")
        func missing() async throws {
            let fleet = try await Answering.database.fleet()
            let nothing = try await fleet.muster("apply", "-f", "nowhere")
            #expect(nothing.status == .code(1))
            #expect(nothing.errors == "muster: there is no file or folder nowhere\n")
            _ = try fleet.file("empty/readme.txt", "")
            let empty = try await fleet.muster("apply", "-f", "empty")
            #expect(empty.errors == "muster: the folder empty has no .yml, .yaml or .json file\n")
        }
    }
}

extension JSON {
    /// What a YAML text says, as JSON.
    fileprivate static func text(of yaml: String) throws -> String {
        try YAML.document(Array(yaml.utf8)).canonicalJSON
    }
}
