import MusterCore
import MusterStore
import MusterTesting
import Testing

@Suite struct IdlenessTests {
    private let provider = ProviderID(rawValue: "local")

    private func idle(_ store: any Store, _ workers: [WorkerKey]) async throws -> [Timestamp?] {
        try await store.read { transaction in
            var idle: [Timestamp?] = []
            for worker in workers { idle.append(try await transaction.worker(worker)?.idleSince) }
            return idle
        }
    }

    private func mark(
        _ store: any Store, _ instances: Set<String>, _ pool: PoolID = samplePool, at now: Timestamp
    ) async throws {
        let provider = provider
        try await store.write(in: .store) {
            try await $0.markIdle(instances, of: pool, at: provider, now: now)
        }
    }

    @Test(
        "Those that are named idle from the first time on, the others do not", arguments: StoreEngine.allCases
    )
    func marks(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await definePool(store)
            var workers: [WorkerKey] = []
            for name in ["w0", "w1", "w2"] { workers.append(try await runWorker(store, name)) }
            try await mark(store, ["w0", "w1", "elsewhere"], at: noon + .seconds(10))
            // Those that registered idle since noon; the time goes on for those that stay idle.
            #expect(try await idle(store, workers) == [noon, noon, nil])
            try await mark(store, ["w1", "w2"], at: noon + .seconds(20))
            #expect(try await idle(store, workers) == [nil, noon, noon + .seconds(20)])
            try await mark(store, [], at: noon + .seconds(30))
            #expect(try await idle(store, workers) == [nil, nil, nil])
        }
    }

    @Test("A source says nothing of another pool's workers", arguments: StoreEngine.allCases)
    func otherPool(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            let other = PoolID(rawValue: "demo/other")
            try await definePool(store)
            try await definePool(store, other)
            let worker = try await runWorker(store, "w0")
            try await mark(store, [], at: noon + .seconds(1))
            try await mark(store, ["w0"], other, at: noon + .seconds(2))
            #expect(try await idle(store, [worker]) == [nil])
        }
    }

    @Test("A worker that drains and is named idle is looked at at once", arguments: StoreEngine.allCases)
    func draining(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await definePool(store)
            let key = try await runWorker(store, "w0")
            try await mark(store, [], at: noon)
            try await store.write(in: .store) { transaction in
                guard let old = try await transaction.worker(key) else { return }
                var worker = old
                _ = worker.drain(because: "archived")
                try await transaction.save(worker, was: old, lookAt: nil)
            }
            let later = noon + .seconds(9)
            try await mark(store, ["w0"], at: later)
            #expect(try await store.read { try await $0.nextWorkerLook() } == later)
        }
    }
}
