import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterCommand

extension OperatorSuites {
    @Suite("muster decide", .timeLimit(.minutes(2)))
    struct DecideTests {
        private func decide(_ input: String) async throws -> ProgramOutcome {
            let folder = try TemporaryFolder()
            return try await MusterProgram.run(["decide"], in: folder.path, input: input)
        }

        private func plans(_ outcome: ProgramOutcome) throws -> [PlanDocument] {
            try outcome.output.split(separator: "\n").map {
                try JSON.decode(PlanDocument.self, from: Array($0.utf8))
            }
        }

        private static func snapshot(_ pending: Int) -> String {
            """
            {"now": "2027-01-15T08:00:00Z", "pool": {"id": "a/b", "maxCapacity": 9}, "demand": {"pending": \(pending)},
             "launchConfigs": [{"id": "c"}]}
            """
        }

        @Test("answers each snapshot with a plan on a line, however they are written one behind another")
        func plans() async throws {
            let one = Self.snapshot(3)
            let flat = Self.snapshot(4).replacing("\n", with: "")
            let outcome = try await decide("\n\(one)\n\(flat)\n\(flat)\(flat)\n\n\(one)")
            #expect(outcome.status == .code(0), "\(outcome.errors)")
            #expect(try plans(outcome).map(\.toLaunch) == [3, 4, 4, 4, 3])
            #expect(try plans(outcome).map(\.workerPoolId.rawValue) == Array(repeating: "a/b", count: 5))
        }

        @Test("gives the same answer to the same snapshot, to the byte")
        func repeats() async throws {
            let input = Self.snapshot(7)
            let first = try await decide(input).output
            let second = try await decide(input).output
            #expect(first == second && !first.isEmpty)
        }

        @Test(
            "ends at what makes no sense with its line and field, and has answered what came before",
            arguments: [
                (#"{"now": "2027-01-15T08:00:00Z", "pool": {"id": "a/b"}}"#, "pool.maxCapacity: is missing"),
                (#"{"now": NaN}"#, "standard input:3"), ("nonsense", "standard input:3"),
                (#"{"now": 1"#, "standard input:3"), ("}", "standard input:3"),
            ])
        func nonsense(text: String, words: String) async throws {
            let outcome = try await decide("\(Self.snapshot(2))\n\(text)")
            #expect(outcome.status == .code(1))
            #expect(outcome.errors.contains(words), "\(outcome.errors)")
            #expect(try plans(outcome).map(\.toLaunch) == [2])
        }

        @Test("has nothing to say to nothing")
        func nothing() async throws {
            let outcome = try await decide("\n \n")
            #expect(outcome.status == .code(0) && outcome.output.isEmpty)
        }
    }
}
