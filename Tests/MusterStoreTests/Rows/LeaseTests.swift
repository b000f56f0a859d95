import MusterCore
import MusterStore
import MusterTesting
import Testing

@Suite struct LeaseTests {
    @Test(
        "A lease is one holder's until it expires, and each change of holder raises the epoch",
        arguments: StoreEngine.allCases)
    func epochs(engine: StoreEngine) async throws {
        let clock = ManualClock()
        try await engine.withStore(clock: clock) { store in
            func acquire(_ holder: String) async throws -> Lease? {
                try await store.write(in: .store) {
                    try await $0.acquireLease("pool:a/b", holder: holder, for: .seconds(60))
                }
            }
            let first = try #require(try await acquire("one"))
            #expect(try await acquire("two") == nil)
            clock.advance(by: .seconds(30))
            let renewed = try #require(try await acquire("one"))
            #expect(renewed.epoch == first.epoch)
            clock.advance(by: .seconds(61))
            let second = try #require(try await acquire("two"))
            #expect(second.epoch == first.epoch + 1)
            // The first one wakes up late: whatever it wants to write is refused.
            let problem = await #expect(throws: Problem.self) {
                try await store.write(in: .store) { transaction in
                    try await transaction.require(renewed)
                    try await transaction.set("written", to: "by a ghost")
                }
            }
            #expect(problem?.code == .leaseLost)
            #expect(try await store.read { try await $0.setting("written") } == nil)
            // Even the same holder gets a new epoch after a gap in which others could have worked.
            clock.advance(by: .seconds(61))
            #expect(try await acquire("two")?.epoch == second.epoch + 1)
        }
    }

    @Test("A lease that was given back is free at once", arguments: StoreEngine.allCases)
    func release(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            let lease = try #require(
                try await store.write(in: .store) {
                    try await $0.acquireLease("x", holder: "one", for: .seconds(60))
                })
            try await store.write(in: .store) { try await $0.release(lease) }
            let next = try await store.write(in: .store) {
                try await $0.acquireLease("x", holder: "two", for: .seconds(60))
            }
            #expect(next?.epoch == lease.epoch + 1)
        }
    }
}
