import MusterCore
import MusterStore
import MusterTesting
import Testing

@Suite("Reading the outbox")
struct EventListingTests {
    private func publish(
        _ store: any Store, _ count: Int, _ type: EventType = .taskSubmitted, pool: PoolID? = samplePool,
        subject: String = "task/t", at time: Timestamp = noon
    ) async throws {
        try await store.write(in: .store) { transaction in
            for _ in 0..<count {
                try await transaction.publish(
                    Event(type, subject: subject, poolID: pool, time: time, data: .object([:])))
            }
        }
    }

    private func forward(
        _ store: any Store, after: Int64, _ filter: EventFilter = EventFilter(), limit: Int = 2
    ) async throws -> (positions: [Int64], reached: Int64, isAtEnd: Bool) {
        let page = try await store.readOutbox { try await $0.events(after: after, filter, limit: limit) }
        return (page.entries.map(\.position), page.position, page.isAtEnd)
    }

    private func back(
        _ store: any Store, before: Int64?, _ filter: EventFilter = EventFilter(), limit: Int = 2
    ) async throws -> (positions: [Int64], reached: Int64, isAtEnd: Bool) {
        let page = try await store.readOutbox { try await $0.events(before: before, filter, limit: limit) }
        return (page.entries.map(\.position), page.position, page.isAtEnd)
    }

    @Test(
        "Events are read forward from a position and back from the end, a page at a time",
        arguments: StoreEngine.allCases)
    func pages(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            #expect(try await forward(store, after: 0) == ([], 0, true))
            #expect(try await back(store, before: nil) == ([], 0, true))
            try await publish(store, 5)
            #expect(try await forward(store, after: 0) == ([1, 2], 2, false))
            #expect(try await forward(store, after: 2) == ([3, 4], 4, false))
            #expect(try await forward(store, after: 3) == ([4, 5], 5, true))
            #expect(try await forward(store, after: 5) == ([], 5, true))
            #expect(try await back(store, before: nil) == ([4, 5], 4, false))
            #expect(try await back(store, before: 4) == ([2, 3], 2, false))
            #expect(try await back(store, before: 2) == ([1], 1, true))
            #expect(try await back(store, before: 1) == ([], 1, true))
        }
    }

    @Test(
        "Only events that fit are given, and the others are passed over for good",
        arguments: StoreEngine.allCases)
    func filters(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            let other = PoolID(rawValue: "demo/other")
            try await publish(store, 2)
            try await publish(store, 1, .workerStopped, subject: "worker/w")
            try await publish(store, 1, .frozen, pool: nil, subject: "fleet")
            try await publish(store, 2, pool: other, at: noon + .seconds(9))
            for (filter, fitting) in [
                (EventFilter(types: [.workerStopped, .frozen]), [3, 4]), (EventFilter(pool: other), [5, 6]),
                (EventFilter(subject: "fleet"), [4]), (EventFilter(since: noon + .seconds(9)), [5, 6]),
                (EventFilter(types: [.frozen], pool: other), []),
            ] as [(EventFilter, [Int64])] {
                let ahead = try await forward(store, after: 0, filter, limit: 10)
                #expect(ahead == (fitting, 6, true))
                #expect(try await back(store, before: nil, filter, limit: 10).positions == fitting)
            }
        }
    }

    @Test(
        "A look passes over a bounded number of events and says how far it came",
        arguments: StoreEngine.allCases)
    func bounded(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await publish(store, 1, .frozen)
            try await publish(store, 20_000)
            try await publish(store, 1, .frozen)
            let filter = EventFilter(types: [.frozen])
            // A busy server may leave some out.
            let all = try await store.readOutbox { transaction in
                try await transaction.rows("SELECT position FROM outbox ORDER BY position").map {
                    try $0.integer("position")
                }
            }
            try #require(all.count == 20_002)
            let (first, last) = (all[0], all[20_001])
            #expect(try await forward(store, after: 0, filter) == ([first], all[19_999], false))
            #expect(try await forward(store, after: all[19_999], filter) == ([last], last, true))
            #expect(try await back(store, before: nil, filter) == ([last], all[2], false))
            #expect(try await back(store, before: all[2], filter) == ([first], first, true))
        }
    }

    @Test(
        "Reading back ends where everything is older than what was asked for",
        arguments: StoreEngine.allCases)
    func since(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await publish(store, 20_000, at: noon - .seconds(3 * 3_600))
            try await publish(store, 20_000)
            let filter = EventFilter(types: [.frozen], since: noon)
            let first = try await back(store, before: nil, filter)
            #expect(first == ([], 20_001, false))
            // The clock may have been set back, but not by hours: older ones still are not looked at.
            try await publish(store, 1)
            let second = try await back(store, before: nil, filter)
            #expect(second == ([], 20_002, false))
            let third = try await back(store, before: 20_002, filter)
            #expect(third == ([], 2, true))
        }
    }

    @Test(
        "What retention has deleted shows as a first position that is not 1",
        arguments: StoreEngine.allCases)
    func deleted(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            #expect(try await store.read { try await $0.eventRange() } == nil)
            try await publish(store, 3, at: noon - .seconds(10))
            try await publish(store, 2)
            // Only what has a position has been seen by anybody.
            #expect(try await store.readOutbox { try await $0.eventRange() }?.newest == 5)
            _ = try await store.write(in: .store) { try await $0.deleteEvents(before: noon, limit: 10) }
            let range = try await store.readOutbox { try await $0.eventRange() }
            #expect(range?.oldest == 4 && range?.newest == 5)
            #expect(try await forward(store, after: 0) == ([4, 5], 5, true))
            #expect(try await back(store, before: nil) == ([4, 5], 4, true))
        }
    }
}
