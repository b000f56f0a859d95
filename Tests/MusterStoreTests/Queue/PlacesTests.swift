import MusterCore
import MusterStore
import MusterTesting
import Testing

@Suite struct PlacesTests {
    @Test(
        "The places of all tasks are the order in which they are then claimed",
        arguments: StoreEngine.allCases, [false, true])
    func placesAreTurns(engine: StoreEngine, acrossTenants: Bool) async throws {
        for seed in 0..<UInt64(6) {
            try await engine.withStore { store in
                try await definePool(store)
                if acrossTenants { try await setPriorityAcrossTenants(true, store) }
                let worker = try await runWorker(store, "w", capacity: 1_000)
                var generator = SeededGenerator(seed: seed)
                var tasks: [QueuedTask] = []
                for index in 0..<60 {
                    let tenant = ["a", "b", "c", "d", "e"][min(Int.random(in: 0..<8, using: &generator), 4)]
                    let priority = Priority.allCases.randomElement(using: &generator) ?? .medium
                    tasks.append(sampleTask("t\(index)", tenant: tenant, priority: priority))
                }
                let submitted = tasks
                _ = try await store.write(in: .store) { try await $0.submit(submitted) }
                // Some turns are taken before anybody asks for places.
                let taken = try await store.claim(
                    worker, Int.random(in: 0..<20, using: &generator), request: "0"
                ).tasks
                let waiting = Set(tasks.map(\.id)).subtracting(taken.map(\.id))
                var places: [TaskID: QueuePlaces] = [:]
                for task in tasks where waiting.contains(task.id) {
                    places[task.id] = try await store.read { try await $0.places(of: task.id) }
                }
                let rest = try await store.claim(worker, 256, request: "1", holding: taken.map(\.run)).tasks
                #expect(rest.count == waiting.count)
                #expect(
                    rest.map { places[$0.id]?.inQueue } == (1...max(1, rest.count)).map(Optional.some),
                    "seed \(seed)")
                for tenant in Set(rest.map(\.tenant)) {
                    let own = rest.filter { $0.tenant == tenant }
                    #expect(
                        own.map { places[$0.id]?.inTenantQueue } == (1...own.count).map(Optional.some),
                        "seed \(seed)")
                }
            }
        }
    }

    @Test(
        "Another tenant's submissions do not move a task within its tenant's queue",
        arguments: StoreEngine.allCases)
    func stable(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await definePool(store)
            let task = sampleTask("mine", tenant: "z")
            _ = try await store.write(in: .store) { try await $0.submit([task]) }
            #expect(
                try await store.read { try await $0.places(of: task.id) }
                    == QueuePlaces(inTenantQueue: 1, inQueue: 1))
            _ = try await store.write(in: .store) {
                try await $0.submit((0..<9).map { sampleTask("o\($0)", tenant: "a") })
            }
            #expect(
                try await store.read { try await $0.places(of: task.id) }
                    == QueuePlaces(inTenantQueue: 1, inQueue: 2))
        }
    }

    private func setPriorityAcrossTenants(_ flag: Bool, _ store: any Store) async throws {
        try await store.write(in: .store) { transaction in
            guard var pool = try await transaction.pool(samplePool) else { return }
            pool.definition.priorityAcrossTenants = flag
            try await transaction.save(pool)
        }
    }

    @Test(
        "The order can change while tasks wait, and nothing is lost or miscounted",
        arguments: StoreEngine.allCases)
    func orderChanges(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await definePool(store)
            let worker = try await runWorker(store, "w", capacity: 100)
            let tasks = (0..<12).map {
                sampleTask("t\($0)", tenant: ["a", "b"][$0 % 2], priority: $0 < 8 ? .low : .high)
            }
            _ = try await store.write(in: .store) { try await $0.submit(tasks) }
            var claimed: [QueuedTask] = []
            for (index, flag) in [false, true, false].enumerated() {
                try await setPriorityAcrossTenants(flag, store)
                #expect(try await store.read { try await $0.counterDifferences() }.isEmpty)
                claimed += try await store.claim(
                    worker, 4, request: "r\(index)", holding: claimed.map(\.run)
                ).tasks
            }
            #expect(Set(claimed.map(\.id)).count == 12)
        }
    }

    @Test("Places are exact beyond one block, and no queue is read for them", arguments: StoreEngine.allCases)
    func deep(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await definePool(store)
            var generator = SeededGenerator(seed: 3)
            for start in stride(from: 0, to: 10_000, by: 2_500) {
                let tasks = (start..<start + 2_500).map {
                    sampleTask(
                        "t\($0)", tenant: $0 % 3 == 0 ? "b" : "a", priority: $0 % 5 == 0 ? .high : .low)
                }
                _ = try await store.write(in: .store) { try await $0.submit(tasks) }
            }
            let ranked =
                (0..<10_000).filter { $0 % 3 != 0 && $0 % 5 == 0 }
                + (0..<10_000).filter { $0 % 3 != 0 && $0 % 5 != 0 }
            for _ in 0..<20 {
                let place = Int.random(in: ranked.indices, using: &generator)
                let id = TaskID(rawValue: "t\(ranked[place])")
                let found = try await store.read { try await $0.places(of: id) }
                #expect(found?.inTenantQueue == place + 1)
                #expect(found?.inQueue == place + 1 + min(3_334, place))
            }
            // The embedded engine says how it goes about it.
            guard engine == .sqlite else { return }
            let steps = try await store.read { transaction in
                let explaining = ExplainingTransaction(transaction)
                _ = try await explaining.places(of: TaskID(rawValue: "t9999"))
                return explaining.steps
            }
            #expect(steps.contains { $0.contains("tasks_head") })
            #expect(!steps.contains { $0.contains("SCAN tasks") })
        }
    }

    @Test("A task that does not wait has no place", arguments: StoreEngine.allCases)
    func notPending(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await definePool(store)
            let worker = try await runWorker(store, "w")
            _ = try await store.write(in: .store) { try await $0.submit([sampleTask("t")]) }
            let task = try await store.claim(worker, request: "r").tasks[0]
            #expect(try await store.read { try await $0.places(of: task.id) } == nil)
        }
    }
}
