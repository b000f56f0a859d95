import MusterCore
import MusterStore
import MusterTesting
import Testing

@Suite struct CapacityTests {
    @Test(
        "After any sequence of events the buckets say what a full recount says",
        arguments: StoreEngine.allCases)
    func equalsRecount(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await definePool(store)
            for seed in 0..<UInt64(8) {
                try await store.write(in: .store) { try await Self.live(seed, in: $0) }
                let (counted, recounted) = try await store.counters()
                #expect(counted == recounted, "seed \(seed)")
            }
        }
    }

    /// Lets a few workers and launches go through random events.
    private static func live(_ seed: UInt64, in transaction: any WriteTransaction) async throws {
        var generator = SeededGenerator(seed: seed)
        var workers: [Worker] = []
        var launches: [Launch] = []
        for step in 0..<120 {
            switch Int.random(in: 0..<10, using: &generator) {
            case 0, 1:
                let worker = sampleWorker(
                    "s\(seed)-\(step)", capacity: Int.random(in: 1...4, using: &generator))
                try await transaction.save(worker, was: nil, lookAt: nil)
                workers.append(worker)
            case 2:
                let launch = Launch(
                    id: LaunchID(rawValue: "s\(seed)-\(step)"), poolID: samplePool,
                    launchConfigID: sampleConfig,
                    providerID: ProviderID(rawValue: "local"), count: 3, capacityPerInstance: 2, body: "",
                    epoch: 1,
                    plannedAt: noon)
                try await transaction.save(launch, was: nil)
                launches.append(launch)
            case 3:
                guard let index = launches.indices.randomElement(using: &generator) else { continue }
                let old = launches[index]
                _ = launches[index].settle(obtained: 1, error: nil, at: noon)
                try await transaction.save(launches[index], was: old)
            default:
                guard let index = workers.indices.randomElement(using: &generator) else { continue }
                let old = workers[index]
                change(&workers[index], &generator)
                try await transaction.save(workers[index], was: old, lookAt: nil)
            }
        }
    }

    private static func change(_ worker: inout Worker, _ generator: inout SeededGenerator) {
        switch Int.random(in: 0..<7, using: &generator) {
        case 0, 1: _ = worker.register(at: noon, nonce: nil, expiresAt: noon)
        case 2: _ = worker.suspect(at: noon)
        case 3: _ = worker.contact(at: noon)
        case 4: _ = worker.drain(because: "test")
        case 5: _ = worker.retire(because: "test", at: noon)
        default:
            _ =
                Bool.random(using: &generator)
                ? worker.becomeOverdue() : worker.gone(at: noon, because: "test")
        }
    }

    @Test("Claims are counted in the bucket that their worker is in", arguments: StoreEngine.allCases)
    func claims(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await definePool(store)
            let worker = try await runWorker(store, "w", capacity: 3)
            _ = try await store.write(in: .store) {
                try await $0.submit((0..<3).map { sampleTask("t\($0)") })
            }
            let reply = try await store.claim(worker, 3, request: "r1")
            #expect(reply.tasks.count == 3)
            #expect(
                try await store.read {
                    try await $0.capacity(of: samplePool)[sampleConfig]?[.running].claimed
                } == 3)
            let (counted, recounted) = try await store.counters()
            #expect(counted == recounted)
        }
    }
}
