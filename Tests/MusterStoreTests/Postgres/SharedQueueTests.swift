import Glibc
import MusterCore
import MusterRuntime
import MusterStore
import MusterTesting
import Testing

/// Many claimers of many processes on one database, whose connections are cut at random while they work.
///
/// `MUSTER_SHARED_QUEUE_SECONDS` makes it longer.
@Suite("A queue that many processes share", .timeLimit(.minutes(10)))
struct SharedQueueTests {
    private static let seconds =
        getenv("MUSTER_SHARED_QUEUE_SECONDS").flatMap { Int64(String(cString: $0)) } ?? 10
    private static let slots = ["one": 1, "five": 5, "fifty": 50]
    private static let lanes: [[String]] = [
        [], [], ["one"], ["five"], ["fifty"], ["five", "fifty"], ["one", "five"],
    ]

    @Test("never exceeds a limit, loses nothing, does nothing twice, and serves tenants in turn")
    func exact() async throws {
        let server = try await PostgresServer.shared.value
        let address = try await server.database()
        var stores: [PostgresStore] = []
        for _ in 1...8 { stores.append(try await PostgresStore.open(PostgresAddress(address))) }
        try await prepare(stores[0])
        let scene = Scene(server: server, address: address, stores: stores, seconds: Self.seconds)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await scene.cutConnections() }
            group.addTask { try await scene.watchLimits() }
            for index in 0..<64 { group.addTask { try await scene.claim(index) } }
            try await group.waitForAll()
        }
        try await scene.finish()
        try await check(stores[0])
        for store in stores { await store.close() }
        try await server.remove(address)
    }

    private func prepare(_ store: PostgresStore) async throws {
        try await definePool(store)
        for index in 0..<64 { try await runWorker(store, "w\(index)", capacity: 1) }
        let now = store.clock.now()
        try await store.write(in: .store) { transaction in
            for (name, slots) in Self.slots {
                try await transaction.save(
                    ConcurrencyLimit(
                        id: LimitID(rawValue: name), name: LimitName(rawValue: name), slots: slots,
                        createdAt: now,
                        modifiedAt: now))
            }
        }
        for tenant in ["ada", "bob", "cyd", "dan"] {
            try await store.write(in: .pool(samplePool)) { transaction in
                let tasks = (0..<Int(Self.seconds) * 20).map { index in
                    var task = QueuedTask(
                        id: TaskID(rawValue: "\(tenant)-\(index)"), poolID: samplePool,
                        tenant: Tenant(rawValue: tenant), priority: .medium,
                        payload: TaskPayload(command: ["true"]), submittedAt: now,
                        deadlineAt: now + .seconds(86_400), retriesLeft: 1_000)
                    task.limits = LimitSet(needing: Self.lanes[index % 7].map(LimitID.init(rawValue:)))
                    return task
                }
                _ = try await transaction.submit(tasks)
            }
        }
    }

    private func check(_ store: PostgresStore) async throws {
        let (unfinished, completions, holders) = try await store.read { transaction in
            (
                try await transaction.rows("SELECT id, state FROM tasks WHERE state <> 'completed'"),
                try await transaction.rows(
                    """
                    SELECT task_id, count(*) AS count FROM runs WHERE resolution = 'completed'
                    GROUP BY task_id HAVING count(*) <> 1
                    """),
                try await transaction.rows("SELECT * FROM limit_holders")
            )
        }
        #expect(unfinished.isEmpty && completions.isEmpty && holders.isEmpty)
        let differences = try await store.read { try await $0.counterDifferences() }
        #expect(differences.isEmpty)
        try await checkTurns(store)
    }

    /// As long as each tenant has tasks that could start, none is served more than once more than another.
    private func checkTurns(_ store: PostgresStore) async throws {
        var free: [String: Int] = [:]
        var served: [String: Int] = [:]
        var position: Int64 = 0
        while true {
            let from = position
            let events = try await store.readOutbox { try await $0.events(after: from, limit: 1_000) }
            guard let last = events.last else { break }
            position = last.position
            for entry in events {
                let words = entry.event.subject.dropFirst("task/".count).split(separator: "-")
                guard words.count == 2, let index = Int(words[1]) else { continue }
                let tenant = String(words[0])
                let isFree = Self.lanes[index % 7].isEmpty
                switch entry.event.type {
                case .taskSubmitted: free[tenant, default: 0] += isFree ? 1 : 0
                case .taskRetried: free[tenant, default: 0] += isFree ? 1 : 0
                case .taskClaimed:
                    served[tenant, default: 0] += 1
                    free[tenant, default: 0] -= isFree ? 1 : 0
                    let counts = free.keys.map { served[$0] ?? 0 }
                    guard let most = counts.max(), let least = counts.min(), most - least <= 1 else {
                        Issue.record("after \(served.values.reduce(0, +)) turns: \(served)")
                        return
                    }
                    // From here on somebody may have nothing that could start.
                    if free.values.contains(0) {
                        #expect(served.values.reduce(0, +) > 150)
                        return
                    }
                default: break
                }
            }
        }
        Issue.record("the tasks that anybody could start have never come to an end")
    }
}

/// What happens at the same time.
private struct Scene: Sendable {
    let server: PostgresServer
    let address: String
    let stores: [PostgresStore]
    private let end: Duration

    init(server: PostgresServer, address: String, stores: [PostgresStore], seconds: Int64) {
        (self.server, self.address, self.stores) = (server, address, stores)
        end = SystemClock().uptime() + .seconds(seconds)
    }

    private var isOver: Bool { SystemClock().uptime() >= end }

    /// Claims, works a moment, reports; now and then dies instead, which somebody notices.
    func claim(_ index: Int) async throws {
        let store = stores[index % stores.count]
        var generator = SeededGenerator(seed: UInt64(index))
        var question = 0
        while !isOver {
            question += 1
            try await work(
                index, on: store, "q\(question)", dies: Int.random(in: 0..<10, using: &generator) == 0)
        }
    }

    private func work(_ index: Int, on store: PostgresStore, _ request: String, dies: Bool) async throws {
        let worker = WorkerKey(
            poolID: samplePool, group: WorkerGroup(rawValue: "local"), id: WorkerID(rawValue: "w\(index)"))
        let question = ClaimQuestion(worker: worker, requestID: request, tasks: 1, holding: [])
        let reply = try await patiently {
            try await store.write(in: .pool(samplePool)) { transaction in
                try await transaction.claim(
                    [question], in: samplePool, lease: .seconds(600), at: store.clock.now())[0]
            }
        }
        guard let task = reply.tasks.first else {
            return try await SystemClock().sleep(for: .milliseconds(60))
        }
        if dies {
            // Noticed by another process, which may hear of it twice.
            for other in [stores[(index + 1) % stores.count], stores[(index + 3) % stores.count]] {
                try await patiently {
                    try await other.write(in: .pool(samplePool)) { transaction in
                        _ = try await transaction.endClaims(
                            of: worker, because: .workerShutdown, at: other.clock.now())
                    }
                }
            }
            return
        }
        let outcomes = try await patiently {
            try await store.write(in: .pool(samplePool)) { transaction in
                try await transaction.report(
                    [RunStatement(task.run, by: worker, RunEnd(.completed, because: .completed))],
                    at: store.clock.now())
            }
        }
        #expect(outcomes == [.accepted(.completed)])
    }

    /// A call whose connection was cut says so only when it cannot know the outcome: its repeat is harmless.
    private func patiently<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
        while true {
            do {
                return try await body()
            } catch let problem as Problem {
                guard [.storeFailed, .unavailable].contains(problem.code) else { throw problem }
            }
        }
    }

    /// Ends some connections, whatever they are at.
    func cutConnections() async throws {
        var generator = SeededGenerator(seed: 1)
        while !isOver {
            _ = try await server.execute(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND application_name = 'muster' ORDER BY random() LIMIT 2
                """, in: address)
            try await SystemClock().sleep(for: .milliseconds(Int64.random(in: 20...400, using: &generator)))
        }
    }

    /// Nobody ever sees more slots held than there are.
    func watchLimits() async throws {
        while !isOver {
            let exceeded = try await server.execute(
                """
                SELECT l.name FROM limits AS l JOIN limit_holders AS h ON h.limit_id = l.id
                GROUP BY l.name, l.slots HAVING sum(h.slots) > l.slots
                """, in: address)
            #expect(exceeded.isEmpty)
            try await SystemClock().sleep(for: .milliseconds(60))
        }
    }

    /// One worker of each process does what is left, undisturbed.
    ///
    /// Two of seven tasks can only run one after the other, and each report waits for the calls before it: where all
    /// sixty-four went on asking, a busy machine would spend minutes on telling them that there is nothing to start.
    func finish() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<stores.count {
                group.addTask {
                    var question = 0
                    while try await isLeft() {
                        question += 1
                        try await work(
                            index, on: stores[index % stores.count], "last\(question)", dies: false)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private func isLeft() async throws -> Bool {
        try await stores[0].read { transaction in
            try await !transaction.rows("SELECT 1 FROM tasks WHERE resolved_at IS NULL LIMIT 1").isEmpty
        }
    }
}
