import MusterAPI
import MusterCore
import MusterEngine
import MusterRuntime
import MusterStore
import MusterTesting
import Testing

@testable import MusterCommand

extension OperatorSuites {
    @Suite("muster worker, launch, launch-config, plan and audit", .timeLimit(.minutes(3)))
    struct FleetWorkerCommandTests {
        private static let key = WorkerKey(
            poolID: MusterFleet.pool, group: WorkerGroup(rawValue: "local"), id: WorkerID(rawValue: "w-1"))

        /// A fleet without a service, with a pool of two launch configs, and with two workers and a launch that
        /// somebody wrote down.
        private func written() async throws -> MusterFleet {
            let fleet = try await Answering.database.fleet()
            try await defined(fleet)
            try await fleet.writeLaunch(
                of: LaunchConfigID(rawValue: "big"), in: MusterFleet.pool,
                workers: [("local", "w-1"), ("other", "w-2")])
            return fleet
        }

        private func defined(_ fleet: MusterFleet) async throws {
            let file = try fleet.file(
                "pool.yaml",
                """
                workerPoolId: \(MusterFleet.pool)
                providerId: local
                config:
                  maxCapacity: 4
                  launchConfigs:
                    - workerManager: {launchConfigId: small}
                    - workerManager: {launchConfigId: big, capacityPerInstance: 2}
                      wrapper: [nice]
                """)
            #expect(try await fleet.muster("apply", "-f", file).status == .code(0))
        }

        private func words(_ outcome: ProgramOutcome) -> [String] {
            outcome.lines.map { $0.split(separator: " ").joined(separator: " ") }
        }

        @Test("Workers are listed and shown by their whole name or by one that is unique")
        func workers() async throws {
            let fleet = try await written()
            let list = try await fleet.muster("worker", "list")
            #expect(list.status == .code(0) && list.errors.isEmpty)
            let rows = words(list)
            #expect(
                rows[0]
                    == "POOL WORKER STATE CLAIMED CAPACITY LAUNCH CONFIG REQUESTED IDLE REASON")
            #expect(rows[1].hasPrefix("test/pool local/w-1 requested 0 2 big "))
            #expect(rows[2].hasPrefix("test/pool other/w-2 requested 0 2 big "))
            let first = try await fleet.muster("worker", "list", "--limit", "1")
            #expect(first.lines.count == 2)
            #expect(first.errors == "there are more than these 1: --limit shows them\n")
            let json = try await fleet.muster("worker", "list", "--limit", "1", "--json")
            let page = try JSON.decode(WorkersAnswer.self, from: Array(json.output.utf8))
            #expect(page.workers.map(\.key) == [Self.key] && page.continuationToken != nil)
            #expect(try await fleet.muster("worker", "list", "--state", "stopped").lines.count == 1)
            for name in [["w-1"], ["test/pool", "local/w-1"], ["test/pool/local/w-1"]] {
                let shown = try await fleet.muster(["worker", "show"] + name)
                #expect(shown.lines.first == "test/pool/local/w-1  requested", "\(name)")
                #expect(shown.lines.contains("config     big, launch l-1"))
            }
            let none = try await fleet.muster("worker", "show", "w-9")
            #expect(none.status == .code(1) && none.errors == "muster: there is no worker w-9\n")
            let nowhere = try await fleet.muster("worker", "list", "--pool", "no/pool")
            #expect(nowhere.errors == "muster: workerPoolId: there is no worker pool no/pool\n")
            let wrong = try await fleet.muster("worker", "show", "test/pool")
            #expect(wrong.status == .code(2))
        }

        @Test("An id that two workers have is not enough")
        func namesakes() async throws {
            let fleet = try await written()
            try await fleet.store { store in
                try await store.write(in: .store) { transaction in
                    guard let worker = try await transaction.worker(Self.key) else { return }
                    var twin = worker
                    twin.key.group = WorkerGroup(rawValue: "other")
                    try await transaction.save(twin, was: nil, lookAt: nil)
                }
            }
            let outcome = try await fleet.muster("worker", "retire", "w-1", "--now")
            #expect(outcome.status == .code(1))
            #expect(
                outcome.errors == "muster: several workers have the id w-1: test/pool local/w-1, "
                    + "test/pool other/w-1\n")
            #expect(try await fleet.muster("worker", "list", "--state", "stopping").lines.count == 1)
        }

        @Test("A worker is retired once, and the audit says by whom")
        func retire() async throws {
            let fleet = try await written()
            for _ in 0..<2 {
                let outcome = try await fleet.muster("worker", "retire", "w-1")
                #expect(outcome.status == .code(0))
                #expect(outcome.output == "test/pool/local/w-1 is draining: retired by an operator\n")
            }
            let ended = try await fleet.muster("worker", "retire", "w-1", "--now", "--json")
            let worker = try JSON.decode(WorkerDocument.self, from: Array(ended.output.utf8))
            #expect(worker.state == .stopping)
            let audit = try await fleet.muster("audit", "--subject", "worker/test/pool/local/w-1", "--json")
            let entries = try JSON.decode(AuditAnswer.self, from: Array(audit.output.utf8)).audit
            #expect(entries.map(\.detail.canonicalJSON) == [#"{"atOnce":true}"#, #"{"atOnce":false}"#])
            #expect(entries.allSatisfy { $0.actor.hasPrefix("local user ") })
            let table = try await fleet.muster("audit", "--since", "1h", "--limit", "2")
            let rows = words(table)
            #expect(rows[0] == "WHEN ACTOR ACTION SUBJECT DETAIL")
            #expect(rows[1].hasSuffix("retire worker/test/pool/local/w-1 atOnce: true"))
            #expect(table.errors == "there are more than these 2: --limit shows them\n")
            #expect(try await fleet.muster("audit", "--actor", "nobody").lines.count == 1)
        }

        @Test("A launch is shown with what it gave and why it gave no more; its call only to programs")
        func launches() async throws {
            let fleet = try await written()
            let rows = words(try await fleet.muster("launch", "list", "--pool", "test/pool"))
            #expect(
                rows[0] == "LAUNCH POOL LAUNCH CONFIG STATE OBTAINED INSTANCES REPEATS PLANNED ERROR")
            #expect(rows[1].hasPrefix("l-1 test/pool big settled 2 3 0 "))
            #expect(rows[1].hasSuffix("quota: too many processes"))
            #expect(try await fleet.muster("launch", "list", "--state", "planned").lines.count == 1)
            let shown = try await fleet.muster("launch", "show", "l-1")
            #expect(shown.lines.first == "l-1  settled")
            #expect(shown.lines.contains("instances  2 of 3, each for 2 tasks at once"))
            #expect(shown.lines.contains("error      quota (processes): too many processes"))
            #expect(shown.lines.contains { $0.contains("local/w-1") })
            #expect(!shown.output.contains("secretless"))
            let json = try await fleet.muster("launch", "show", "l-1", "--json")
            let launch = try JSON.decode(LaunchDocument.self, from: Array(json.output.utf8))
            #expect(launch.body == #"{"secretless":1}"# && launch.workers?.count == 2)
            let none = try await fleet.muster("launch", "show", "l-2", "--json")
            #expect(
                try JSON.decode(APIError.self, from: Array(none.errors.utf8)).code == "launch-not-found")
        }

        @Test("A launch config is paused and resumed", arguments: Answering.allCases)
        func launchConfigs(answering: Answering) async throws {
            let fleet = try await answering.fleet()
            try await defined(fleet)
            let paused = try await fleet.muster(
                "launch-config", "pause", "test/pool", "big", "--until", "2h", "--reason", "bad image")
            #expect(paused.status == .code(0))
            #expect(paused.lines.first?.hasPrefix("test/pool/big  paused, ends in 1 h") == true)
            #expect(paused.lines.contains("paused     bad image"))
            // A definition that is applied again does not undo it.
            try await defined(fleet)
            let rows = words(try await fleet.muster("launch-config", "list", "test/pool"))
            #expect(rows[0] == "POOL LAUNCH CONFIG STATE WEIGHT ERRORS REQUESTED RUNNING ENDING MAX")
            #expect(rows[1].hasPrefix("test/pool big paused, ends in 1 h 0.00 0.00 0 0 0"))
            #expect(rows[2].hasPrefix("test/pool small active 1.00 0.00 0 0 0"))
            let shown = try await fleet.muster("launch-config", "show", "test/pool", "big")
            #expect(shown.lines.contains { $0.hasPrefix("content    {") && $0.contains("nice") })
            let resumed = try await fleet.muster("launch-config", "resume", "test/pool", "big")
            #expect(resumed.lines.first == "test/pool/big  active")
            let none = try await fleet.muster("launch-config", "pause", "test/pool", "bog")
            #expect(none.status == .code(1) && none.errors.contains("there is no launch config bog"))
        }

        @Test("A plan is explained as it was stored, as it would be now, and in its history")
        func plan() async throws {
            let fleet = try await Answering.service.fleet()
            try await defined(fleet)
            _ = try await fleet.muster("launch-config", "pause", "test/pool", "big", "--until", "2h")
            _ = try await fleet.muster("freeze")
            _ = try await fleet.muster("task", "submit", "test/pool", "--id", "t1", "--", "true")
            try await fleet.until("a plan that is frozen") {
                try await fleet.muster("plan", "test/pool").output.contains("Everything is frozen")
            }
            let plan = try await fleet.muster("plan", "test/pool")
            #expect(plan.lines[0].hasPrefix("test/pool  plan of "))
            #expect(plan.lines[1] == "1 wanted, 0 there, 0 to launch")
            #expect(plan.lines.contains("  1 task waits and 0 are claimed."))
            let rows = words(plan)
            #expect(
                rows.contains(
                    "LAUNCH CONFIG WEIGHT ERRORS BALANCE INSTANCES CAPACITY NOTHING BECAUSE"))
            #expect(rows.contains { $0.hasPrefix("big 0.00 0.00 0.00 0 0 paused, ends in 1 h") })
            #expect(rows.contains { $0.hasPrefix("small 1.00 0.00 1.00 0 0") })
            let history = try await fleet.muster("plan", "test/pool", "--history", "50", "--json")
            let plans = try JSON.decode(PlansAnswer.self, from: Array(history.output.utf8)).plans
            #expect(plans.first?.plan.reasons.contains { $0.code == "frozen" } == true)
            let table = words(try await fleet.muster("plan", "test/pool", "--history", "50"))
            #expect(table[0] == "LAST FIRST TIMES WANTED THERE LAUNCH RETIRE BECAUSE")
            #expect(table[1].contains("frozen") && table.count == plans.count + 1)
            let json = try await fleet.muster("plan", "test/pool", "--fresh", "--json")
            let fresh = try JSON.decode(PlanDocument.self, from: Array(json.output.utf8))
            #expect(fresh.wanted == 1 && fresh.launches.isEmpty)
            #expect(await fleet.stop() == .code(0))
            // Nothing is launched by looking, and the database answers too.
            #expect(try await fleet.muster("launch", "list").lines.count == 1)
            let direct = try await fleet.muster("plan", "test/pool", "--fresh")
            #expect(direct.lines[0] == "test/pool  what a pass would decide now")
            let both = try await fleet.muster("plan", "test/pool", "--fresh", "--history", "2")
            #expect(both.status == .code(2))
        }

        @Test("Before the first pass there is no plan, and it is said how to get one")
        func noPlan() async throws {
            let fleet = try await Answering.database.fleet()
            try await defined(fleet)
            let none = try await fleet.muster("plan", "test/pool")
            #expect(none.status == .code(1) && none.errors.contains("muster plan test/pool --fresh"))
            let fresh = try await fleet.muster("plan", "test/pool", "--fresh")
            #expect(fresh.status == .code(0) && fresh.lines[1] == "0 wanted, 0 there, 0 to launch")
        }
    }
}
