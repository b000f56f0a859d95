import Glibc
import MusterCore
import MusterStore
import MusterTesting
import Testing

/// `MUSTER_LONG_QUEUE` says with how many tasks: 200,000, or a million for those who have a minute.
@Suite("A long queue of a hundred thousand tenants", .timeLimit(.minutes(10)))
struct LongQueueTests {
    private static let tenants = 100_000
    private static let tasks =
        getenv("MUSTER_LONG_QUEUE").flatMap { Int(String(cString: $0)) }.map { max($0, tenants) } ?? 200_000

    @Test(
        "is served in exact turns, and tells exact places also at its end", arguments: StoreEngine.allCases)
    func exact(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await definePool(store)
            try await Self.fill(store)
            let differences = try await store.upkeep.read { try await $0.counterDifferences() }
            #expect(differences.isEmpty)

            let each = Self.tasks / Self.tenants
            for (turn, tenant) in [(1, 1), (1, Self.tenants), (2, 1), (each, Self.tenants)] {
                let task = Self.task((turn - 1) * Self.tenants + tenant)
                let places = try await store.read { try await $0.places(of: task) }
                #expect(
                    places
                        == QueuePlaces(inTenantQueue: turn, inQueue: (turn - 1) * Self.tenants + tenant))
            }

            let worker = try await runWorker(store, "w", capacity: 200)
            var held: [RunReference] = []
            for round in 0..<3 {
                let claimed = try await store.claim(worker, 64, request: "\(round)", holding: held).tasks
                #expect(claimed.map(\.id) == (1...64).map { Self.task(round * 64 + $0) })
                held += claimed.map(\.run)
            }
            // One more of the first tenant's has become the last but for those of the others' second turn.
            let next = try await store.read { try await $0.places(of: Self.task(Self.tenants + 1)) }
            #expect(next == QueuePlaces(inTenantQueue: 1, inQueue: Self.tenants - held.count + 1))
            let counted = try await store.upkeep.read { try await $0.counterDifferences() }
            #expect(counted.isEmpty)
        }
    }

    /// The tenants take turns in the order of their names; so do their tasks, turn after turn.
    private static func task(_ number: Int) -> TaskID { TaskID(rawValue: "t\(number)") }

    private static let payload = #"{"command":["true"],"environment":{}}"#

    /// Queues all tasks as submissions would, in the engine's own words, which takes seconds rather than minutes.
    private static func fill(_ store: any Store) async throws {
        let step = 50_000
        for first in stride(from: 1, through: tasks, by: step) {
            let last = min(first + step - 1, tasks)
            _ = try await store.write(in: .store) { transaction in
                try await transaction.run(
                    """
                    WITH RECURSIVE numbers (n) AS (
                        SELECT \(first) UNION ALL SELECT n + 1 FROM numbers WHERE n < \(last))
                    INSERT INTO tasks (id, pool_id, tenant, priority, state, payload, run_id, retries_left,
                        submitted_at, deadline_at)
                    SELECT 't' || n, '\(samplePool)', 'x' || (1000000 + (n - 1) % \(tenants)),
                        \(Priority.medium.rank), 'pending', '\(payload)', 0, 5,
                        \(noon.milliseconds), \((noon + .seconds(86_400)).milliseconds)
                    FROM numbers
                    """, [])
            }
        }
        try await store.write(in: .store) { transaction in
            try await transaction.run(
                """
                INSERT INTO tenants (pool_id, tenant, limit_set, level, turn, pending, active_at)
                SELECT pool_id, tenant, limit_set, 0, 0, count(*), max(submitted_at) FROM tasks
                GROUP BY pool_id, tenant, limit_set
                """, [])
            try await transaction.run(
                """
                INSERT INTO tenant_counts (pool_id, tenant, priority, block, pending)
                SELECT pool_id, tenant, priority, sequence / 8192, count(*) FROM tasks
                GROUP BY pool_id, tenant, priority, sequence / 8192
                """, [])
            try await transaction.run(
                """
                INSERT INTO demand (pool_id, limit_set, pending)
                SELECT pool_id, limit_set, count(*) FROM tasks GROUP BY pool_id, limit_set
                """, [])
        }
    }
}
