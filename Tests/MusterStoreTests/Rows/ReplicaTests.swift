import MusterCore
import MusterStore
import MusterTesting
import Testing

@Suite struct ReplicaTests {
    @Test(
        "A replica is there with all that it says of itself until its time is over",
        arguments: StoreEngine.allCases)
    func announce(engine: StoreEngine) async throws {
        let clock = ManualClock()
        try await engine.withStore(clock: clock) { store in
            let replica = try await store.announce("one", providers: ["a", "b"], version: "1.2")
            #expect(try await store.read { try await $0.replicas() } == [replica])
            #expect(replica.seenAt == clock.now() && replica.isLiving(at: clock.now() + .seconds(59)))
            #expect(!replica.isLiving(at: clock.now() + .seconds(60)))
            try await store.write(in: .store) { try await $0.deleteReplicas(goneBefore: replica.expiresAt) }
            #expect(try await store.read { try await $0.replicas() }.count == 1)
            let later = replica.expiresAt + .milliseconds(1)
            try await store.write(in: .store) { try await $0.deleteReplicas(goneBefore: later) }
            #expect(try await store.read { try await $0.replicas() }.isEmpty)
        }
    }

    @Test(
        "Workers are attended for as long as somebody was there without a gap, whoever came and went",
        arguments: StoreEngine.allCases)
    func attendance(engine: StoreEngine) async throws {
        let clock = ManualClock()
        try await engine.withStore(clock: clock) { store in
            let start = clock.now()
            #expect(try await store.announce("one").attendedSince == start)
            clock.advance(by: .seconds(30))
            #expect(try await store.announce("two").attendedSince == start)
            // Nobody has heard of the first one for long, and the second one hands it on.
            clock.advance(by: .seconds(40))
            #expect(try await store.announce("three").attendedSince == start)
            // A scheduled run answers nobody.
            clock.advance(by: .seconds(59))
            try await store.announce("run", role: .run)
            clock.advance(by: .seconds(1))
            #expect(try await store.announce("four").attendedSince == clock.now())
        }
    }
}
