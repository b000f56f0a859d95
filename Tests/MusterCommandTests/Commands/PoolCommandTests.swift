import MusterAPI
import MusterCore
import MusterRuntime
import MusterStore
import Testing

@testable import MusterCommand

extension OperatorSuites {
    @Suite("muster pool, freeze and unfreeze", .timeLimit(.minutes(2)))
    struct PoolCommandTests {
        private func defined(_ answering: Answering) async throws -> MusterFleet {
            let fleet = try await answering.fleet()
            let file = try fleet.file(
                "pools.yaml",
                """
                workerPools:
                  - workerPoolId: a/build
                    providerId: local
                    description: builds things
                    config:
                      maxCapacity: 4
                      launchConfigs:
                        - workerManager: {launchConfigId: big, capacityPerInstance: 2}
                        - workerManager: {launchConfigId: off, initialWeight: 0}
                          wrapper: [nice]
                  - {workerPoolId: b/test, providerId: local, config: {maxCapacity: 1}}
                """)
            #expect(try await fleet.muster("apply", "-f", file).status == .code(0))
            return fleet
        }

        private func document(_ outcome: ProgramOutcome) throws -> PoolDocument {
            try JSON.decode(PoolDocument.self, from: Array(outcome.output.utf8))
        }

        @Test("Pools are listed and shown, for people and for programs", arguments: Answering.allCases)
        func show(answering: Answering) async throws {
            let fleet = try await defined(answering)
            let list = try await fleet.muster("pool", "list")
            #expect(list.status == .code(0) && list.errors.isEmpty)
            let rows = list.lines.map { $0.split(separator: " ").joined(separator: " ") }
            #expect(
                rows == [
                    "POOL STATE PENDING CLAIMED REQUESTED RUNNING ENDING MAX PROVIDER",
                    "a/build active 0 0 0 0 0 4 local", "b/test active 0 0 0 0 0 1 local",
                ])
            if answering == .service {
                try await fleet.until("a plan") {
                    try await fleet.muster("pool", "show", "a/build").output.contains("plan of")
                }
            }
            let show = try await fleet.muster("pool", "show", "a/build")
            #expect(show.lines.first == "a/build  active" && show.lines[1] == "builds things")
            #expect(show.lines[2] == "0 tasks wait, 0 are claimed")
            #expect(show.lines.contains { $0.hasPrefix("big ") && $0.contains("1.00") })
            #expect(show.lines.contains { $0.hasPrefix("off (switched-off) ") && $0.contains("0.00") })
            let json = try document(try await fleet.muster("pool", "show", "a/build", "--json"))
            #expect(json.workerPoolId.rawValue == "a/build" && json.state == "active")
            #expect(json.launchConfigs.map(\.launchConfigId.rawValue) == ["big", "off"])
            #expect(json.launchConfigs[1].excluded == "switched-off")
            #expect((json.plan != nil) == (answering == .service))
        }

        @Test("A pool that is not there is said not to be, with exit code 1", arguments: Answering.allCases)
        func missing(answering: Answering) async throws {
            let fleet = try await defined(answering)
            for verb in ["show", "pause", "resume", "delete"] {
                let outcome = try await fleet.muster("pool", verb, "no/pool")
                #expect(outcome.status == .code(1) && outcome.output.isEmpty, "\(verb)")
                #expect(
                    outcome.errors == "muster: workerPoolId: there is no worker pool no/pool\n", "\(verb)")
            }
            let json = try await fleet.muster("--json", "pool", "show", "no/pool")
            let error = try JSON.decode(APIError.self, from: Array(json.errors.utf8))
            #expect(error.code == "pool-not-found" && error.field == "workerPoolId")
        }

        @Test("A pause holds until it is resumed or its time comes", arguments: Answering.allCases)
        func pause(answering: Answering) async throws {
            let fleet = try await defined(answering)
            let paused = try await fleet.muster(
                "pool", "pause", "a/build", "--until", "2h", "--reason", "upgrade", "--json")
            let document = try self.document(paused)
            #expect(document.state == "paused" && document.pauseReason == "upgrade")
            let until = try #require(document.pausedUntil)
            let remaining = until - SystemClock().now()
            #expect(remaining > .seconds(7_000) && remaining <= .seconds(7_200))
            let shown = try await fleet.muster("pool", "show", "a/build")
            #expect(shown.lines.first == "a/build  paused")
            #expect(shown.lines.contains { $0.hasPrefix("paused until ") })
            if answering == .service {
                // What waits is not launched for, and the plan says why.
                _ = try await fleet.muster("task", "submit", "a/build", "--id", "t1", "--", "true")
                try await fleet.until("a plan that is held") {
                    try await fleet.muster("pool", "show", "a/build").output.contains(
                        "The pool is paused until")
                }
                #expect(
                    try self.document(try await fleet.muster("pool", "show", "a/build", "--json")).capacity
                        .isEmpty)
                _ = try await fleet.muster("task", "cancel", "t1")
            }
            let resumed = try await fleet.muster("pool", "resume", "a/build")
            #expect(resumed.status == .code(0) && resumed.lines.first == "a/build  active")
            let past = try await fleet.muster("pool", "pause", "a/build", "--until", "2020-01-01T00:00:00Z")
            #expect(past.status == .code(1) && past.errors == "muster: until: must be in the future\n")
        }

        @Test("A pool with tasks is not deleted; one without is, for good", arguments: Answering.allCases)
        func delete(answering: Answering) async throws {
            let fleet = try await defined(answering)
            _ = try await fleet.muster("pool", "pause", "a/build")
            _ = try await fleet.muster("task", "submit", "a/build", "--id", "t1", "--", "true")
            let refused = try await fleet.muster("pool", "delete", "a/build")
            #expect(refused.status == .code(1))
            #expect(
                refused.errors == "muster: 1 task of the worker pool a/build waits or runs: cancel it first\n"
            )
            _ = try await fleet.muster("task", "cancel", "t1")
            let deleted = try await fleet.muster("pool", "delete", "a/build")
            #expect(deleted.status == .code(0) && deleted.lines.first == "a/build  deleted")
            #expect(try await fleet.muster("pool", "delete", "a/build").status == .code(1))
            let late = try await fleet.muster("task", "submit", "a/build", "--", "true")
            #expect(late.status == .code(1) && late.errors.contains("there is no worker pool a/build"))
        }

        @Test(
            "Freezing stops every pool and can be repeated; unfreezing ends it", arguments: Answering.allCases
        )
        func freeze(answering: Answering) async throws {
            let fleet = try await defined(answering)
            for _ in 0..<2 {
                let frozen = try await fleet.muster("freeze", "--reason", "cloud incident")
                #expect(frozen.status == .code(0))
                #expect(frozen.output == "frozen: nothing is launched until muster unfreeze\n")
            }
            for pool in ["a/build", "b/test"] {
                #expect(try await fleet.muster("pool", "show", pool).lines.first == "\(pool)  frozen")
            }
            let json = try await fleet.muster("unfreeze", "--json")
            #expect(json.output == "{\"frozen\":false}\n")
            #expect(try await fleet.muster("unfreeze").output == "launches go on\n")
            #expect(try await fleet.muster("pool", "show", "b/test").lines.first == "b/test  active")
            if answering == .service { _ = await fleet.stop() }
            try await fleet.store { store in
                let types = try await store.read { try await $0.events(after: 0, limit: 1_000) }.map(
                    \.event.type)
                #expect(
                    types.filter { $0 == .frozen }.count == 1 && types.filter { $0 == .unfrozen }.count == 1)
            }
        }
    }
}
