import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterCommand

extension OperatorSuites {
    @Suite("muster simulate", .timeLimit(.minutes(2)))
    struct SimulateTests {
        private let folder: TemporaryFolder

        init() throws {
            folder = try TemporaryFolder()
            let lines = (0..<60).map { "\($0 * 20),\(60 + $0 * 7 % 50)" }
            try file("day.csv", "arrival_s,duration_s\n" + lines.joined(separator: "\n"))
        }

        private func file(_ name: String, _ text: String) throws {
            try DurableFile.write(Array(text.utf8), to: "\(folder.path)/\(name)", mode: 0o644)
        }

        private func simulate(_ words: String...) async throws -> ProgramOutcome {
            try await MusterProgram.run(["simulate"] + words, in: folder.path)
        }

        @Test("compares policies in a table, a row for each on each workload")
        func table() async throws {
            try file("night.csv", "arrival_s,duration_s\n0,1\n")
            let outcome = try await simulate(
                "day.csv", "night.csv", "--policy", "plain", "--policy", "muster", "--policy", "plain")
            #expect(outcome.status == .code(0) && outcome.errors.isEmpty, "\(outcome.errors)")
            let rows = outcome.output.split(separator: "\n").map {
                $0.split(separator: " ").prefix(2).joined(separator: " ")
            }
            #expect(
                rows == [
                    "POLICY TRACE", "plain day.csv", "muster day.csv", "plain night.csv", "muster night.csv",
                ])
        }

        @Test("writes a list for programs with every member, the same to the byte for the same seed")
        func json() async throws {
            let words = ["day.csv", "--outage", "half-out", "--json", "--seed"]
            let outcome = try await MusterProgram.run(["simulate"] + words + ["5"], in: folder.path)
            #expect(outcome.status == .code(0) && outcome.errors.isEmpty, "\(outcome.errors)")
            guard case .array(let list) = try JSON.document(Array(outcome.output.utf8)).value,
                case .object(let members) = try #require(list.first).value
            else {
                Issue.record("no list of objects: \(outcome.output)")
                return
            }
            #expect(
                members.map(\.name) == [
                    "failedLaunches", "idleHours", "launches", "policy", "recoverySeconds", "seed",
                    "taskHours", "tasks", "trace", "utilisation", "waitSeconds", "workerHours",
                ])
            #expect(list.first?["tasks"]?.value == .integer(60))
            let again = try await MusterProgram.run(["simulate"] + words + ["5"], in: folder.path)
            #expect(again.output == outcome.output)
            let other = try await MusterProgram.run(["simulate"] + words + ["6"], in: folder.path)
            #expect(other.output != outcome.output)
        }

        @Test("takes settings for all policies, or for one")
        func settings() async throws {
            func hours(_ words: String...) async throws -> [Double] {
                let words = ["simulate", "day.csv", "--policy", "plain", "--json"] + words
                let outcome = try await MusterProgram.run(words, in: folder.path)
                guard case .array(let list) = try JSON.document(Array(outcome.output.utf8)).value else {
                    return []
                }
                return list.compactMap {
                    if case .number(let hours) = $0["workerHours"]?.value { hours } else { nil }
                }
            }
            let usual = try await hours()
            #expect(usual.count == 1)
            #expect(try await hours("--set", "idleTimeout=900") == usual)
            #expect(try await hours("--set", "plain.idleTimeout=60").lexicographicallyPrecedes(usual))
            #expect(try await hours("--set", "idleTimeout=60", "--set", "plain.idleTimeout=900") == usual)
        }

        @Test("draws the policies compared")
        func plot() async throws {
            let outcome = try await simulate("day.csv", "--policy", "plain", "--plot", "day.svg")
            #expect(outcome.status == .code(0) && outcome.output.hasPrefix("POLICY"))
            let svg = String(
                decoding: try TextFile.read("\(folder.path)/day.svg", limit: 1 << 20), as: UTF8.self)
            #expect(svg.hasPrefix("<svg ") && svg.contains(">plain</text>"))
        }

        @Test(
            "says what is wrong, where, and what to do",
            arguments: [
                (
                    ["day.csv", "--policy", "best"], #"there is no policy "best": choose from muster, plain"#,
                    2
                ),
                (["none.csv"], "cannot open none.csv: No such file or directory", 1),
                (["bad.csv"], "bad.csv:2: duration_s: must be a number of seconds that is not negative", 1),
                (
                    ["day.csv", "--outage", "flood"],
                    "cannot open flood: No such file or directory; or name one of", 1
                ),
                (
                    ["day.csv", "--outage", "bad.json"], "bad.json:2: faults[0].kind: must be one of outage,",
                    1
                ),
                (
                    ["day.csv", "--set", "idleTimeot=1"],
                    "--set.idleTimeot: is not a known field; did you mean", 1
                ),
                (
                    ["day.csv", "--set", "idleTimeout=soon"],
                    "--set.idleTimeout: must be a number, not a string", 1
                ),
                (["day.csv", "--set", "idleTimeout"], #"--set must be KEY=VALUE, not "idleTimeout""#, 2),
                (["day.csv", "--set", "plain.x=1"], "--set plain.x: the policy plain is not among those", 2),
                (["day.csv", "--min", "5", "--max", "2"], "--min is above --max, 2", 2),
                (
                    ["day.csv", "--boot", "nan"], #"--boot must be a number from 0.0 to 86400.0, not "nan""#,
                    2
                ),
                (["day.csv", "--plot", "none/a.svg"], "none/", 1),
            ])
        func refused(words: [String], message: String, status: Int32) async throws {
            try file("bad.csv", "arrival_s,duration_s\n0,x\n")
            try file("bad.json", "{\"faults\": [\n{\"kind\": \"outge\"}]}")
            let outcome = try await MusterProgram.run(["simulate"] + words, in: folder.path)
            #expect(outcome.status == .code(status))
            #expect(outcome.errors.contains(message), "\(outcome.errors)")
        }
    }
}
