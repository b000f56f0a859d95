import MusterAPI
import MusterCore
import MusterEngine
import MusterRuntime
import MusterStore
import MusterTesting
import Testing

@testable import MusterCommand

extension SurvivalSuites {
    /// The machine's clock, set under the real service and its workers. Those that share a database go by its
    /// clock.
    @Suite("When the machine's clock is set", .ofFileEngine, .timeLimit(.minutes(3)))
    struct ClockTests {
        private struct Status: Decodable {
            let clock: ClockWatch.Record
        }

        @Test(
            "the service says so, and tasks, workers and instances go on as if nothing had happened",
            arguments: [3_600, -3_600])
        func set(seconds: Int) async throws {
            let fleet = try await MusterFleet()
            let offset = try fleet.file("offset", "0\n")
            try await fleet.start(environment: ["MUSTER_CLOCK_OFFSET": offset])
            // The worker's clock is the same machine's.
            try await fleet.define(
                ", claimTimeout: 4, suspicionTimeout: 3, queueInactivityTimeout: 6",
                configs: """
                    [{workerManager: {launchConfigId: standard, capacityPerInstance: 2}, \
                    wrapper: [env, "MUSTER_CLOCK_OFFSET=\(offset)"]}]
                    """, max: 2)
            let gate = fleet.folder.path + "/gate"
            _ = try await fleet.submit(2, work: "while [ ! -e '\(gate)' ]; do sleep 0.05; done")
            try await fleet.until("both runs") { try await fleet.states(2) == ["running", "running"] }

            try DurableFile.write(Array("\(seconds * 1_000)\n".utf8), to: offset, mode: 0o644)
            try await fleet.until("the notice") {
                fleet.log.contains("the clock was set")
            }
            // Longer than a claim lasts, and than a worker may be silent.
            try await fleet.keepRunning(2, for: .seconds(9))
            let status = try await fleet.client().get(APIPath.status, Status.self)
            #expect(status.clock.timesSet == 1)
            // To the moment between two looks.
            #expect(abs((status.clock.lastSetBySeconds ?? 0) - Double(seconds)) < 1)
            try DurableFile.write([], to: gate, mode: 0o644)
            try await fleet.untilIdle(tasks: 2)
            #expect(fleet.ledger() == ["task-0 0", "task-1 0"])
            #expect(await fleet.stop() == .code(0))
            #expect(try await fleet.processes().isEmpty)
            let events = try await fleet.store { store in
                try await store.read { try await $0.events(after: 0, limit: 10_000).map(\.event.type) }
            }
            #expect(events.filter { $0 == .clockSet }.count == 1)
            #expect(events.filter { $0 == .workerRunning }.count == 1)
            #expect(!events.contains(.workerSuspected) && !events.contains(.taskRetried))
        }
    }
}
