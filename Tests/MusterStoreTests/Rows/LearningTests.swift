import MusterCore
import MusterStore
import MusterTesting
import Testing

@Suite("What is learned, in the store")
struct LearningTests {
    @Test(
        "A pool's statistics come back as they were kept, and the last word counts",
        arguments: StoreEngine.allCases)
    func statistics(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await definePool(store)
            #expect(try await store.read { try await $0.demandStatistics(of: samplePool) } == nil)
            var statistics = DemandStatistics(at: noon)
            for round in 0..<2 {
                for second in 0..<600 {
                    statistics.observe(
                        tasks: second % 100, isWaiting: second % 7 == 0, running: 9, requested: 2,
                        lead: .seconds(20),
                        at: noon + .seconds(Int64(600 * round + second)))
                }
                let kept = statistics
                try await store.write(in: .pool(samplePool)) { try await $0.save(kept, of: samplePool) }
            }
            let now = noon + .seconds(1_200)
            let read = try await store.read { try await $0.demandStatistics(of: samplePool) }
            let outlook = read?.outlook(for: Anticipation(), at: now)
            #expect(outlook == statistics.outlook(for: Anticipation(), at: now) && outlook?.rise != 0)
        }
    }

    @Test("What cannot be understood is as if nothing had been learned", arguments: StoreEngine.allCases)
    func unreadable(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await definePool(store)
            _ = try await store.write(in: .pool(samplePool)) {
                try await $0.run(
                    "INSERT INTO demand_statistics (pool_id, learned) VALUES ($1, $2)", samplePool,
                    #"{"v":2}"#)
            }
            #expect(try await store.read { try await $0.demandStatistics(of: samplePool) } == nil)
        }
    }

    @Test(
        "Boot times are kept for each launch config, and stay when it is defined again",
        arguments: StoreEngine.allCases)
    func boots(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await definePool(store)
            try await store.write(in: .pool(samplePool)) {
                for seconds in [100, 140] {
                    try await $0.addBoot(.seconds(seconds), of: sampleConfig, in: samplePool)
                }
                try await $0.addBoot(.seconds(9), of: LaunchConfigID(rawValue: "none"), in: samplePool)
            }
            try await definePool(store)
            let config = try await store.read { try await $0.launchConfig(sampleConfig, of: samplePool) }
            #expect(config?.boots == BootStatistics(mean: 120, count: 2))
        }
    }

    @Test("A pool that is removed takes what was learned of it along", arguments: StoreEngine.allCases)
    func removed(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await definePool(store)
            try await store.write(in: .store) {
                try await $0.save(DemandStatistics(at: noon), of: samplePool)
                _ = try await $0.run("DELETE FROM launch_configs WHERE pool_id = $1", samplePool)
                try await $0.removePool(samplePool)
            }
            #expect(try await store.read { try await $0.demandStatistics(of: samplePool) } == nil)
        }
    }
}
