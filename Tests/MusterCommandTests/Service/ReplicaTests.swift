import Glibc
import MusterAPI
import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterCommand

extension ServiceSuites {
    /// The real program, several times, on one real PostgreSQL database.
    ///
    /// `MUSTER_REPLICA_SECONDS` makes the random kills longer, `MUSTER_KILL_SEED` repeats their choices.
    @Suite("Several services on one database", .timeLimit(.minutes(6)))
    struct ReplicaTests {
        private static let seconds =
            getenv("MUSTER_REPLICA_SECONDS").flatMap { Int64(String(cString: $0)) } ?? 10
        private static let seed =
            getenv("MUSTER_KILL_SEED").flatMap { UInt64(String(cString: $0)) } ?? .random(in: 0...999_999)
        private static let limits = ["one": 1, "five": 5, "fifty": 50]
        private static let lanes = [[], ["one"], ["five"], ["fifty"], ["one", "five"], ["five", "fifty"]]

        @Test(
            "Eight of them, killed at random with their connections: no limit exceeded, nothing lost or doubled"
        )
        func random() async throws {
            print("random kills: MUSTER_KILL_SEED=\(Self.seed) MUSTER_REPLICA_SECONDS=\(Self.seconds)")
            let replicas = try await Replicas(8)
            for (name, slots) in Self.limits {
                _ = try await replicas.first.client().post(
                    APIPath.limits, LimitRequest(name: LimitName(rawValue: name), slots: slots),
                    LimitDocument.self)
            }
            // As many tasks at once as may ask for slots: eight workers with room for eight.
            try await replicas.first.define(
                configs: "[{workerManager: {launchConfigId: eight, capacityPerInstance: 8}}]", max: 64)
            let end = SystemClock().uptime() + .seconds(Self.seconds)
            async let submitted = Self.submit(to: replicas, until: end)
            async let watched: Void = Self.watchLimits(of: replicas, until: end)
            try await Self.strike(replicas, until: end)
            let tasks = try await submitted
            try await watched
            try await replicas.first.untilIdle(tasks, within: .seconds(180))
            #expect(try await replicas.query("SELECT holder FROM limit_holders").isEmpty)
            await replicas.stop()
            try await FleetInvariants.checkAfterRandomKills(replicas.first, tasks: tasks)
        }

        @Test("One that was halted for longer than its lease writes nothing when it goes on, and says so")
        func halted() async throws {
            let replicas = try await Replicas(2)
            try await replicas.first.define()
            try await replicas.first.until("a holder of the pool") { try await replicas.holder() != nil }
            let holder = try #require(try await replicas.holder())
            let (halted, other) = (replicas.fleets[holder], replicas.fleets[1 - holder])
            halted.signal(SIGSTOP)
            try await other.until("the other's turn") { try await replicas.holder() == 1 - holder }
            try await other.submit(["task-0"], work: "true")
            try await other.untilIdle(["task-0"])
            halted.signal(SIGCONT)
            try await other.until("the notice") { halted.log.contains("was away for longer than its lease") }
            try await halted.submit(["task-1"], work: "true")
            try await halted.untilIdle(["task-0", "task-1"])
            #expect(halted.ledger() == ["task-0 0", "task-1 0"])
            let doctor = try await halted.muster("doctor", "--recount")
            #expect(doctor.status == .code(0), "\(doctor.output)")
            await replicas.stop()
        }

        @Test("Two whose clocks are an hour apart go by the database's", arguments: [3_600_000, -3_600_000])
        func clocks(offset: Int) async throws {
            let replicas = try await Replicas(2, clocksAhead: [1: "\(offset)\n"])
            let (first, second) = (replicas.fleets[0], replicas.fleets[1])
            try await first.define()
            try await second.submit(["task-0"], work: "sleep 2")
            try await first.submit(["task-1"], work: "true")
            try await second.untilIdle(["task-0", "task-1"])
            #expect(first.ledger() == ["task-0 0", "task-1 0"])
            // Each counts as there for the other, and what it wrote down is of now.
            let answer = try await first.client().get(APIPath.replicas, ReplicasAnswer.self)
            #expect(answer.replicas.map(\.state) == ["there", "there"])
            let ages = try await replicas.query(
                "SELECT max(abs(extract(epoch FROM now()) * 1000 - time)) < 60000 FROM outbox")
            #expect(ages == ["t"])
            await replicas.stop()
        }

        /// Work of several tenants in batches, each until it is accepted; the names of the tasks.
        private static func submit(to replicas: Replicas, until end: Duration) async throws -> Set<String> {
            var generator = SeededGenerator(seed: seed)
            var names: Set<String> = []
            var batch = 0
            while SystemClock().uptime() < end {
                batch += 1
                let tenant = ["red", "green", "blue"].randomElement(using: &generator) ?? "red"
                let lane = lanes.randomElement(using: &generator) ?? []
                let seconds = Double.random(in: 0...0.3, using: &generator)
                let tasks = (0..<Int.random(in: 1...6, using: &generator)).map { "\(tenant)-\(batch)-\($0)" }
                try await replicas.submit(
                    tasks, of: tenant, work: "sleep \(seconds)", limits: lane.map(LimitName.init(rawValue:)),
                    using: &generator)
                names.formUnion(tasks)
                try await pause(400, using: &generator)
            }
            return names
        }

        /// Nobody ever sees more slots held than there are.
        private static func watchLimits(of replicas: Replicas, until end: Duration) async throws {
            while SystemClock().uptime() < end {
                let exceeded = try await replicas.query(
                    """
                    SELECT l.name FROM limits AS l JOIN limit_holders AS h ON h.limit_id = l.id
                    GROUP BY l.name, l.slots HAVING sum(h.slots) > l.slots
                    """)
                #expect(exceeded.isEmpty)
                try await SystemClock().sleep(for: .milliseconds(50))
            }
        }

        /// Kills services, workers and connections, and starts the services again.
        private static func strike(_ replicas: Replicas, until end: Duration) async throws {
            var generator = SeededGenerator(seed: seed &+ 1)
            while SystemClock().uptime() < end {
                try await pause(900, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0, 1:
                    let index = Int.random(in: 0..<replicas.fleets.count, using: &generator)
                    await replicas.fleets[index].stop(SIGKILL)
                    try await pause(300, using: &generator)
                    try await replicas.start(index)
                case 2:
                    try await replicas.query(
                        """
                        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                        WHERE datname = current_database() AND application_name = 'muster'
                        ORDER BY random() LIMIT 3
                        """)
                default:
                    let worker = try replicas.first.workerProcesses().randomElement(using: &generator)
                    if let worker { kill(worker.pid, SIGKILL) }
                }
            }
        }

        private static func pause(_ longest: Int64, using generator: inout SeededGenerator) async throws {
            let time = Duration.milliseconds(Int64.random(in: 0...longest, using: &generator))
            try await SystemClock().sleep(for: time)
        }
    }
}
