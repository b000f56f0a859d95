import MusterCore
import MusterStore
import MusterTesting
import Testing

@Suite struct ClaimTests {
    private func claimAll(_ store: any Store, _ worker: WorkerKey, _ count: Int) async throws -> [String] {
        try await store.claim(worker, count, request: "all").tasks.map(\.id.rawValue)
    }

    @Test(
        "Tenants are served in turn, ties by name, whatever the order and size of their submissions",
        arguments: StoreEngine.allCases)
    func turns(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await definePool(store)
            let worker = try await runWorker(store, "w", capacity: 10)
            let tasks =
                (0..<4).map { sampleTask("c\($0)", tenant: "carol") }
                + (0..<2).map { sampleTask("b\($0)", tenant: "bob") } + [sampleTask("a0", tenant: "alice")]
            _ = try await store.write(in: .store) { try await $0.submit(tasks) }
            #expect(try await claimAll(store, worker, 10) == ["a0", "b0", "c0", "b1", "c1", "c2", "c3"])
        }
    }

    @Test(
        "A tenant that comes later is served before those that were served already",
        arguments: StoreEngine.allCases)
    func newcomer(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await definePool(store)
            let worker = try await runWorker(store, "w", capacity: 10)
            _ = try await store.write(in: .store) {
                try await $0.submit((0..<3).map { sampleTask("a\($0)", tenant: "a") })
            }
            #expect(try await store.claim(worker, 1, request: "1").tasks.map(\.id.rawValue) == ["a0"])
            _ = try await store.write(in: .store) { try await $0.submit([sampleTask("z0", tenant: "z")]) }
            #expect(
                try await store.claim(
                    worker, 1, request: "2", holding: [.init(taskID: TaskID(rawValue: "a0"), runID: 0)]
                ).tasks.map(\.id.rawValue) == ["z0"])
        }
    }

    @Test(
        "Within a tenant the higher priority comes first, then the earlier task",
        arguments: StoreEngine.allCases)
    func priorities(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await definePool(store)
            let worker = try await runWorker(store, "w", capacity: 10)
            let tasks = Priority.allCases.reversed().flatMap {
                [sampleTask("\($0.rawValue)-1", priority: $0), sampleTask("\($0.rawValue)-2", priority: $0)]
            }
            _ = try await store.write(in: .store) { try await $0.submit(tasks) }
            let expected = Priority.allCases.flatMap { ["\($0.rawValue)-1", "\($0.rawValue)-2"] }
            #expect(try await claimAll(store, worker, 20) == expected)
        }
    }

    @Test("The same request gets the same tasks again, and no others", arguments: StoreEngine.allCases)
    func repeated(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await definePool(store)
            let worker = try await runWorker(store, "w", capacity: 2)
            _ = try await store.write(in: .store) {
                try await $0.submit((0..<5).map { sampleTask("t\($0)") })
            }
            let first = try await store.claim(worker, 2, request: "r")
            // The answer was lost: the worker does not know that it holds anything.
            let again = try await store.claim(worker, 2, request: "r")
            #expect(again.tasks == first.tasks)
            #expect(try await store.read { try await $0.pendingTasks(of: samplePool) } == 3)
        }
    }

    @Test(
        "What a worker holds but does not name is sent again, what it names but does not hold is called lost",
        arguments: StoreEngine.allCases)
    func holding(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await definePool(store)
            let worker = try await runWorker(store, "w", capacity: 3)
            _ = try await store.write(in: .store) {
                try await $0.submit((0..<3).map { sampleTask("t\($0)") })
            }
            let held = try await store.claim(worker, 2, request: "1").tasks.map(\.run)
            let stranger = RunReference(taskID: TaskID(rawValue: "other"), runID: 4)
            let reply = try await store.claim(worker, 2, request: "2", holding: [held[0], stranger])
            #expect(reply.tasks.map(\.run).first == held[1])
            #expect(reply.tasks.count == 2)
            #expect(reply.lost == [stranger])
        }
    }

    @Test("Of waiting workers the one that was busy last is served first", arguments: StoreEngine.allCases)
    func busyLast(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await definePool(store)
            var keys: [WorkerKey] = []
            for id in ["rested", "busy"] { keys.append(try await runWorker(store, id)) }
            _ = try await store.write(in: .store) { try await $0.submit([sampleTask("first")]) }
            let run = try await store.claim(keys[1], request: "0").tasks[0].run
            let later = noon + .seconds(5)
            let busy = keys[1]
            _ = try await store.write(in: .store) { transaction in
                try await transaction.report(
                    run, by: busy, RunEnd(.completed, because: .completed), at: later)
            }
            _ = try await store.write(in: .store) { try await $0.submit([sampleTask("second")]) }
            let questions = keys.map { ClaimQuestion(worker: $0, requestID: "q", tasks: 1, holding: []) }
            let replies = try await store.write(in: .store) {
                try await $0.claim(questions, in: samplePool, lease: .seconds(60), at: later)
            }
            #expect(replies.map(\.tasks.count) == [0, 1])
        }
    }

    @Test("A worker that drains, is gone or was never there gets nothing", arguments: StoreEngine.allCases)
    func notForEveryone(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await definePool(store)
            let draining = try await runWorker(store, "draining")
            let gone = try await runWorker(store, "gone")
            try await store.write(in: .store) { transaction in
                let old = try #require(try await transaction.worker(draining))
                var worker = old
                _ = worker.drain(because: "test")
                try await transaction.save(worker, was: old, lookAt: nil)
                let other = try #require(try await transaction.worker(gone))
                var ended = other
                _ = ended.gone(at: noon, because: "test")
                try await transaction.save(ended, was: other, lookAt: nil)
            }
            _ = try await store.write(in: .store) { try await $0.submit([sampleTask("t")]) }
            let nobody = WorkerKey(
                poolID: samplePool, group: WorkerGroup(rawValue: "local"), id: WorkerID(rawValue: "nobody"))
            for key in [draining, gone, nobody] {
                #expect(try await store.claim(key, request: "r").tasks.isEmpty)
            }
        }
    }

    @Test("A task past its deadline is not handed out, but resolved", arguments: StoreEngine.allCases)
    func pastDeadline(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await definePool(store)
            let worker = try await runWorker(store, "w", capacity: 5)
            let tasks = [sampleTask("late", deadline: noon + .seconds(10)), sampleTask("fine")]
            _ = try await store.write(in: .store) { try await $0.submit(tasks) }
            let reply = try await store.claim(worker, 5, request: "r", at: noon + .seconds(11))
            #expect(reply.tasks.map(\.id.rawValue) == ["fine"])
            let late = try await store.read { try await $0.task(TaskID(rawValue: "late")) }
            #expect(late?.state == .exception)
            #expect(late?.reason == .deadlineExceeded)
            #expect(try await store.read { try await $0.pendingTasks(of: samplePool) } == 0)
        }
    }

    @Test(
        "However many claim at once, no task is given twice and no turn is skipped",
        arguments: StoreEngine.allCases)
    func concurrent(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await definePool(store)
            let tenants = ["a", "b", "c", "d"]
            _ = try await store.write(in: .store) {
                try await $0.submit((0..<200).map { sampleTask("t\($0)", tenant: tenants[$0 % 4]) })
            }
            for index in 0..<16 { try await runWorker(store, "w\(index)", capacity: 200) }
            let claimed = try await withThrowingTaskGroup(of: [QueuedTask].self) { group in
                for index in 0..<16 {
                    group.addTask {
                        let key = WorkerKey(
                            poolID: samplePool, group: WorkerGroup(rawValue: "local"),
                            id: WorkerID(rawValue: "w\(index)"))
                        var mine: [QueuedTask] = []
                        while case let reply = try await store.claim(
                            key, 3, request: "\(mine.count)", holding: mine.map(\.run)), !reply.tasks.isEmpty
                        {
                            mine += reply.tasks
                        }
                        return mine
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(claimed.count == 200)
            #expect(Set(claimed.map(\.id)).count == 200)
            let order = try await store.readOutbox { try await $0.events(after: 0, limit: 10_000) }
                .filter { $0.event.type == .taskClaimed }.compactMap { $0.event.data["tenant"]?.value }
            // With all four waiting from the start, every four turns serve four tenants.
            for start in stride(from: 0, to: 200, by: 4) { #expect(Set(order[start..<start + 4]).count == 4) }
            let (counted, recounted) = try await store.counters()
            #expect(counted == recounted)
        }
    }
}
