import MusterCore
import MusterStore
import MusterTesting
import Testing

@Suite struct LeaseTests {
    @Test(
        "A lease is one replica's until that one's time is over, and each change of holder raises the epoch",
        arguments: StoreEngine.allCases)
    func epochs(engine: StoreEngine) async throws {
        let clock = ManualClock()
        try await engine.withStore(clock: clock) { store in
            try await store.announce("one")
            try await store.announce("two", for: .seconds(3_600))
            let first = try await store.hold("pool:a/b", as: "one")
            #expect(first.holder == "one" && first.holderName == "one" && first.takenAt == clock.now())
            #expect(first.pool == PoolID(rawValue: "a/b"))
            #expect(try await store.hold("pool:a/b", as: "two") == first)
            clock.advance(by: .seconds(30))
            // One renewal prolongs whatever it holds.
            _ = try await store.write(in: .store) { try await $0.renew(replica: "one", for: .seconds(60)) }
            let renewed = try await store.hold("pool:a/b", as: "one")
            #expect(renewed.epoch == first.epoch && renewed.expiresAt == clock.now() + .seconds(60))
            clock.advance(by: .seconds(60))
            let second = try await store.hold("pool:a/b", as: "two")
            #expect(second.holder == "two" && second.epoch == first.epoch + 1)
            // The first one wakes up late: whatever it wants to write is refused.
            let problem = await #expect(throws: Problem.self) {
                try await store.write(in: .store) { transaction in
                    try await transaction.require(renewed)
                    try await transaction.set("written", to: "by a ghost")
                }
            }
            #expect(problem?.code == .leaseLost)
            #expect(try await store.read { try await $0.setting("written") } == nil)
        }
    }

    @Test(
        "Nothing is written under a lease whose replica's time is over, though nobody else has taken it",
        arguments: StoreEngine.allCases)
    func overdue(engine: StoreEngine) async throws {
        let clock = ManualClock()
        try await engine.withStore(clock: clock) { store in
            try await store.announce("one")
            let lease = try await store.hold("x", as: "one")
            clock.advance(by: .seconds(59))
            _ = try await store.write(in: .store) { try await $0.require(lease) }
            clock.advance(by: .seconds(1))
            for attempt in ["require", "renew", "acquire", "pools"] {
                let problem = await #expect(throws: Problem.self) {
                    try await store.write(in: .store) { transaction in
                        switch attempt {
                        case "require": try await transaction.require(lease)
                        case "acquire": _ = try await transaction.acquireLease("y", for: "one")
                        case "pools":
                            let now = try await transaction.now()
                            _ = try await transaction.pools([samplePool], heldBy: "one", at: now)
                        default:
                            // Its time cannot be prolonged any more: it has to come anew.
                            if try await transaction.renew(replica: "one", for: .seconds(60)) == nil {
                                throw Problem(.leaseLost, "")
                            }
                        }
                    }
                }
                #expect(problem?.code == .leaseLost, "\(attempt)")
            }
            // The same process that announces itself anew gets a new epoch: others could have worked meanwhile.
            try await store.announce("one again")
            #expect(try await store.hold("x", as: "one again").epoch == lease.epoch + 1)
        }
    }

    @Test("A lease that must hold for a while is refused when less is left", arguments: StoreEngine.allCases)
    func lasting(engine: StoreEngine) async throws {
        let clock = ManualClock()
        try await engine.withStore(clock: clock) { store in
            try await store.announce("one")
            let lease = try await store.hold("x", as: "one")
            clock.advance(by: .seconds(35))
            _ = try await store.write(in: .store) { try await $0.require(lease, lasting: .seconds(24)) }
            await #expect(throws: Problem.self) {
                try await store.write(in: .store) { try await $0.require(lease, lasting: .seconds(25)) }
            }
        }
    }

    @Test(
        "A lease that was given back is free at once, and so is everything of a replica that has left",
        arguments: StoreEngine.allCases)
    func release(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            for name in ["one", "two"] { try await store.announce(name) }
            let lease = try await store.hold("x", as: "one")
            let other = try await store.hold("y", as: "one")
            try await store.write(in: .store) { try await $0.release(lease) }
            #expect(try await store.hold("x", as: "two").epoch == lease.epoch + 1)
            // A lease that is another's by now is not given back.
            try await store.write(in: .store) { try await $0.release(lease) }
            #expect(try await store.hold("x", as: "one").holder == "two")
            try await store.write(in: .store) { try await $0.leave(replica: "one") }
            #expect(try await store.hold("y", as: "two").epoch == other.epoch + 1)
        }
    }

    @Test("What is due is found among the pools of one replica alone", arguments: StoreEngine.allCases)
    func dueOfHolder(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            let pools = ["a/one", "a/two"].map(PoolID.init(rawValue:))
            for (pool, name) in zip(pools, ["one", "two"]) {
                try await definePool(store, pool)
                try await store.announce(name, for: .seconds(3_600))
                try await store.hold(Lease.name(ofPool: pool), as: name)
                let worker = try await runWorker(store, "w-\(name)", pool: pool)
                let at = noon + .seconds(name == "one" ? 10 : 20)
                try await store.write(in: .store) { transaction in
                    try await transaction.setNextLook(at: at, for: worker)
                    _ = try await transaction.submit([sampleTask("t-\(name)", pool: pool, deadline: at)])
                }
            }
            let later = noon + .seconds(60)
            try await store.read { transaction in
                for (pool, name) in zip(pools, ["one", "two"]) {
                    let at = noon + .seconds(name == "one" ? 10 : 20)
                    let workers = try await transaction.workersToLookAt(by: later, of: name, limit: 1)
                    #expect(workers.map(\.key.poolID) == [pool])
                    #expect(
                        try await transaction.poolsOfTasksDue(by: later, of: name, claimsToo: true, limit: 1)
                            == [pool])
                    #expect(try await transaction.nextWorkerLook(of: name, before: later) == at)
                    #expect(try await transaction.nextTaskDeadline(of: name, before: later) == at)
                }
                // What others have to do soon says nothing of what there is later.
                #expect(try await transaction.nextWorkerLook(of: "three", before: later) == later)
                #expect(try await transaction.nextTaskDeadline(of: "three", before: later) == later)
            }
        }
    }
}
