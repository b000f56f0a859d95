import MusterCore
import MusterStore
import MusterTesting
import Testing

@Suite("How listings are read")
struct ListingIndexTests {
    typealias Question = @Sendable (any ReadTransaction) async throws -> Void

    /// Listings by what they filter; each with a page before it, as all but the first have.
    private static let questions: [String: Question] = {
        var questions: [String: Question] = [:]
        let key = WorkerKey(
            poolID: samplePool, group: WorkerGroup(rawValue: "local"), id: WorkerID(rawValue: "b"))
        for (name, filter) in [
            "living": WorkerFilter(), "of a pool": WorkerFilter(pool: samplePool),
            "in a bucket": WorkerFilter(bucket: .draining),
            "in a pool's bucket": WorkerFilter(pool: samplePool, bucket: .draining),
            "gone": WorkerFilter(bucket: .stopped),
            "gone of a pool": WorkerFilter(pool: samplePool, bucket: .stopped),
        ] {
            questions["workers \(name)"] = { _ = try await $0.workers(filter, after: key, limit: 2) }
        }
        for (name, pool, state) in [
            ("all", nil, nil), ("of a pool", samplePool, nil), ("in a state", nil, .planned),
            ("of a pool in a state", samplePool, .planned),
        ] as [(String, PoolID?, Launch.State?)] {
            questions["launches \(name)"] = {
                _ = try await $0.launches(of: pool, state: state, before: LaunchID(rawValue: "l3"), limit: 2)
            }
        }
        for (name, filter) in [
            "all": AuditFilter(), "since": AuditFilter(since: noon),
            "of one": AuditFilter(since: noon, actor: "Ada"), "about one": AuditFilter(subject: "fleet"),
        ] {
            questions["audit \(name)"] = {
                _ = try await $0.audit(filter, before: AuditMark(at: noon, sequence: 3), limit: 2)
            }
        }
        questions["launch configs"] = {
            let key = LaunchConfigKey(poolID: samplePool, id: sampleConfig)
            _ = try await $0.launchConfigs(of: nil, archived: true, after: key, limit: 2)
        }
        questions["plans"] = { _ = try await $0.plans(of: samplePool, before: 3, limit: 2) }
        questions["events after"] = { _ = try await $0.events(after: 0, EventFilter(), limit: 2) }
        questions["events before"] = {
            let filter = EventFilter(types: [.frozen], subject: "fleet", since: noon)
            _ = try await $0.events(before: nil, filter, limit: 2)
        }
        return questions
    }()

    private func steps(of question: @escaping Question) async throws -> [String] {
        try await StoreEngine.sqlite.withStore { store in
            try await store.write(in: .store) { transaction in
                for _ in 0..<3 {
                    try await transaction.publish(
                        Event(.frozen, subject: "fleet", poolID: nil, time: noon, data: .object([:])))
                }
            }
            return try await store.read { transaction in
                let explaining = ExplainingTransaction(transaction)
                try await question(explaining)
                return explaining.steps
            }
        }
    }

    @Test("No listing reads a whole table or sorts", arguments: questions.keys.sorted())
    func indexes(name: String) async throws {
        let steps = try await steps(of: try #require(Self.questions[name]))
        #expect(!steps.isEmpty)
        // The engine goes straight to the least and the greatest position, and calls that a search of the table.
        for step in steps where step != "SEARCH outbox" {
            #expect(step.hasPrefix("SEARCH") && step.contains("USING"), "\(steps)")
        }
    }

    @Test("A worker is found by its id alone")
    func named() async throws {
        let steps = try await steps(of: {
            _ = try await $0.workers(WorkerFilter(name: WorkerID(rawValue: "a")), after: nil, limit: 2)
        })
        // The few of one name may be sorted.
        #expect(steps.first?.contains("workers_named") == true, "\(steps)")
    }
}
