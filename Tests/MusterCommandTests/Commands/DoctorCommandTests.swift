import Glibc
import MusterCore
import MusterRuntime
import Testing

@testable import MusterCommand
@testable import MusterStore

extension OperatorSuites {
    @Suite("muster doctor", .timeLimit(.minutes(2)))
    struct DoctorCommandTests {
        private func defined(_ answering: Answering) async throws -> MusterFleet {
            let fleet = try await answering.fleet()
            let pool = "workerPoolId: a/b\nproviderId: local\nconfig: {maxCapacity: 0, launchConfigs: [{}]}\n"
            #expect(
                try await fleet.muster("apply", "-f", try fleet.file("pool.yaml", pool)).status == .code(0))
            #expect(try await fleet.muster("task", "submit", "a/b", "--", "true").status == .code(0))
            return fleet
        }

        /// Changes the database beside whoever has it, as nobody should.
        private func damage(_ fleet: MusterFleet, _ sql: String) async throws {
            let changed = try await fleet.database { file in
                try await file.write { try await $0.run(sql, []) }
            }
            #expect(changed > 0)
        }

        private func states(_ outcome: ProgramOutcome) throws -> [String: String] {
            let report = try #require(try JSON.document(Array(outcome.output.utf8))["report"])
            guard case .array(let findings)? = report["findings"]?.value else { return [:] }
            var states: [String: String] = [:]
            for finding in findings {
                guard case .string(let name)? = finding["name"]?.value,
                    case .string(let state)? = finding["state"]?.value
                else { continue }
                states[name] = state
            }
            return states
        }

        @Test("finds nothing wrong with a new Muster, and exits 0", arguments: Answering.allCases)
        func well(answering: Answering) async throws {
            let fleet = try await defined(answering)
            let outcome = try await fleet.muster("doctor")
            #expect(outcome.status == .code(0), "\(outcome.output)")
            #expect(outcome.lines.last?.hasSuffix(", 0 failed") == true)
            #expect(outcome.lines.filter { $0.hasPrefix("failed") }.isEmpty)
            #expect(
                outcome.errors
                    == (answering == .service ? "" : "no service runs: this looks at the database itself\n"))
            if answering == .service { #expect(await fleet.stop() == .code(0)) }
        }

        @Test("finds a damaged counter and exits 1; --recount mends it", arguments: Answering.allCases)
        func recount(answering: Answering) async throws {
            let fleet = try await defined(answering)
            try await damage(fleet, "UPDATE demand SET pending = 41")
            let found = try await fleet.muster("doctor", "--json")
            #expect(found.status == .code(1))
            #expect(try states(found).filter { $0.value == "failed" } == ["queue counters": "failed"])
            let shown = try await fleet.muster("doctor")
            #expect(shown.status == .code(1))
            #expect(shown.output.contains("a/b: demand of waiting tasks: 41, counted 1"))
            #expect(shown.output.contains("→ mend them with muster doctor --recount"))
            let mended = try await fleet.muster("doctor", "--recount")
            #expect(mended.status == .code(0), "\(mended.output)")
            #expect(
                Array(mended.lines.prefix(2)) == [
                    "a/b: demand of waiting tasks: 41, counted 1", "full recount: 1 number mended",
                ])
            let again = try await fleet.muster("doctor", "--recount")
            #expect(again.lines.first == "full recount: nothing differed")
            if answering == .service { #expect(await fleet.stop() == .code(0)) }
        }

        @Test("finds a master key that others can read", arguments: Answering.allCases)
        func permissions(answering: Answering) async throws {
            let fleet = try await defined(answering)
            guard answering == .service else { return }
            chmod(fleet.setup.masterKey, 0o644)
            let outcome = try await fleet.muster("doctor", "--json")
            #expect(outcome.status == .code(1))
            #expect(try states(outcome)["permissions"] == "failed")
            chmod(fleet.setup.masterKey, 0o600)
            #expect(await fleet.stop() == .code(0))
        }
    }
}
