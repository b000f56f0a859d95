import MusterCore
import MusterStore
import MusterTesting
import Testing

@Suite("Tasks and limits")
struct LimitedClaimTests {
    private func ids(_ reply: ClaimReply) -> [String] { reply.tasks.map(\.id.rawValue) }

    @Test("A task that its limit holds back hides nothing behind it", arguments: StoreEngine.allCases)
    func nothingHidden(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await definePool(store)
            let gpu = try await defineLimit(store, "gpu", 1)
            let worker = try await runWorker(store, "w", capacity: 10)
            try await store.submit([
                limitedTask("a0", ["gpu"], tenant: "a"), limitedTask("a1", ["gpu"], tenant: "a"),
                limitedTask("a2", [], tenant: "a"), limitedTask("b0", ["gpu"], tenant: "b"),
            ])
            let first = try await store.claim(worker, 10, request: "1")
            #expect(ids(first) == ["a0", "a2"])
            #expect(try await store.held(gpu) == 1)
            try await store.finish(first.tasks[0].run, worker)
            let second = try await store.claim(worker, 10, request: "2", holding: [first.tasks[1].run])
            // It is b's turn: a has been served twice.
            #expect(ids(second) == ["b0"])
            #expect(try await store.read { try await $0.counterDifferences() }.isEmpty)
        }
    }

    @Test(
        "Several limits are taken all or none, and come back with the task's end",
        arguments: StoreEngine.allCases)
    func allOrNone(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await definePool(store)
            let (gpu, db) = (try await defineLimit(store, "gpu", 1), try await defineLimit(store, "db", 1))
            let worker = try await runWorker(store, "w", capacity: 10)
            try await store.submit([limitedTask("both", ["gpu", "db"])])
            _ = try await store.acquire("x", [db])
            #expect(try await store.claim(worker, 10, request: "1").tasks.isEmpty)
            #expect(try await store.held(gpu) == 0)
            try await store.release("x")
            #expect(ids(try await store.claim(worker, 10, request: "2")) == ["both"])
            #expect(try await store.held(gpu) == 1)
            #expect(try await store.held(db) == 1)
            _ = try await store.write(in: .store) {
                try await $0.cancel(TaskID(rawValue: "both"), at: noon)
            }
            #expect(try await store.held(gpu) == 0)
            #expect(try await store.held(db) == 0)
        }
    }

    @Test(
        "A pool's limit holds for all its tasks, also those submitted before it",
        arguments: StoreEngine.allCases)
    func ofPool(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await definePool(store)
            let worker = try await runWorker(store, "w", capacity: 10)
            try await store.submit((0..<5).map { sampleTask("t\($0)") })
            let gpu = try await defineLimit(store, "gpu", 2)
            try await store.write(in: .store) { try await $0.setLimit(gpu, of: samplePool) }
            let waiting = try await store.read { try await $0.waitingTasks(of: samplePool, at: noon) }
            #expect(waiting.startable == 2)
            #expect(waiting.heldBack == [HeldBackTasks(limit: LimitName(rawValue: "gpu"), tasks: 3)])
            #expect(ids(try await store.claim(worker, 10, request: "1")) == ["t0", "t1"])
            let after = try await store.read { try await $0.waitingTasks(of: samplePool, at: noon) }
            #expect(after.startable == 0 && after.pending == 3)
            // Switched off it holds nobody back, and goes on to record.
            try await store.change(gpu) { $0.isActive = false }
            #expect(try await store.claim(worker, 10, request: "2").tasks.count == 5)
            #expect(try await store.held(gpu) == 5)
        }
    }

    @Test(
        "cancel-new takes the slot at the submission, or refuses it with what to do",
        arguments: StoreEngine.allCases)
    func cancelNew(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await definePool(store)
            let gpu = try await defineLimit(store, "gpu", 1, whenFull: .cancelNew)
            let worker = try await runWorker(store, "w", capacity: 10)
            try await store.submit([limitedTask("first", ["gpu"])])
            #expect(try await store.held(gpu) == 1)
            do {
                try await store.submit([limitedTask("second", ["gpu"])])
                Issue.record("it was taken")
            } catch let problem as Problem {
                #expect(problem.code == .limitReached && problem.field == "limits")
                #expect(problem.message.contains("muster limit holders gpu"))
            }
            // A repeat of what was taken takes nothing more.
            try await store.submit([limitedTask("first", ["gpu"])])
            let run = try await store.claim(worker, 10, request: "1").tasks[0].run
            #expect(try await store.held(gpu) == 1)
            // Another try keeps the slot: the task is the holder.
            _ = try await store.write(in: .store) {
                try await $0.report(run, by: worker, RunEnd(.exception, because: .workerShutdown), at: noon)
            }
            #expect(try await store.held(gpu) == 1)
            let again = try await store.claim(worker, 10, request: "2").tasks[0].run
            try await store.finish(again, worker)
            #expect(try await store.held(gpu) == 0)
            try await store.submit([limitedTask("second", ["gpu"])])
            #expect(try await store.held(gpu) == 1)
        }
    }

    @Test(
        "Slots that come back with time are taken by claims, and by nothing else",
        arguments: StoreEngine.allCases)
    func rate(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await definePool(store)
            let mails = try await defineLimit(store, "mails", 2, perSecond: 1)
            let worker = try await runWorker(store, "w", capacity: 10)
            try await store.submit((0..<5).map { limitedTask("t\($0)", ["mails"]) })
            #expect(try await store.claim(worker, 10, request: "1").tasks.count == 2)
            for index in 0..<9 {
                let now = noon + .milliseconds(100 * Int64(index))
                #expect(try await store.claim(worker, 10, request: "p\(index)", at: now).tasks.count == 2)
            }
            #expect(
                try await store.read { try await $0.nextTokens(at: noon) } == [mails: noon + .seconds(1)])
            let later = noon + .seconds(1)
            #expect(try await store.claim(worker, 10, request: "2", at: later).tasks.count == 3)
            #expect(try await store.held(mails) == 0)
        }
    }

    @Test(
        "A task that several limits keep missing reserves, and what comes free is kept for it",
        arguments: StoreEngine.allCases)
    func reservation(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await definePool(store)
            let (gpu, db) = (try await defineLimit(store, "gpu", 1), try await defineLimit(store, "db", 1))
            let worker = try await runWorker(store, "w", capacity: 10)
            _ = try await store.acquire("x", [db], lease: .seconds(1_000))
            try await store.submit([limitedTask("both", ["gpu", "db"])])
            let later = noon + LimitPolicy.patience
            #expect(try await store.claim(worker, 10, request: "1", at: later).tasks.isEmpty)
            let task = try await store.read { try await $0.task(TaskID(rawValue: "both")) }
            #expect(task?.reservedAt == later)
            // gpu is free, and kept for it: others that want it wait.
            try await store.submit([limitedTask("one", ["gpu"], tenant: "a")])
            #expect(try await store.claim(worker, 10, request: "2", at: later).tasks.isEmpty)
            #expect(try await store.acquire("y", [gpu], at: later) == .waiting(ahead: 1))
            try await store.release("x", at: later)
            #expect(ids(try await store.claim(worker, 10, request: "3", at: later)) == ["both"])
            #expect(try await store.read { try await $0.limitWaiters(at: later) }.isEmpty)
            #expect(try await store.held(db, at: later) == 1)
        }
    }

    @Test("Between a waiter and the queue a slot goes to who asked first", arguments: StoreEngine.allCases)
    func whoAskedFirst(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await definePool(store)
            let gpu = try await defineLimit(store, "gpu", 1)
            let worker = try await runWorker(store, "w", capacity: 10)
            _ = try await store.acquire("x", [gpu], lease: .seconds(1_000))
            try await store.submit([limitedTask("early", ["gpu"])])
            let later = noon + .seconds(1)
            #expect(try await store.acquire("y", [gpu], waits: true, at: later) == .waiting(ahead: 0))
            var late = limitedTask("late", ["gpu"], tenant: "z")
            late.submittedAt = noon + .seconds(2)
            try await store.submit([late])
            try await store.release("x", at: later)
            let now = noon + .seconds(3)
            // The early task comes first, then the waiter, then the late task.
            #expect(try await store.acquire("y", [gpu], waits: true, at: now) == .yielding)
            let run = try await store.claim(worker, 10, request: "1", at: now).tasks
            #expect(run.map(\.id.rawValue) == ["early"])
            for task in run { try await store.finish(task.run, worker, at: now) }
            #expect(try await store.claim(worker, 10, request: "2", at: now).tasks.isEmpty)
            #expect(
                try await store.acquire("y", [gpu], waits: true, at: now)
                    == .acquired(until: now + .seconds(60)))
            try await store.release("y", at: now)
            #expect(ids(try await store.claim(worker, 10, request: "3", at: now)) == ["late"])
        }
    }

    @Test(
        "A waiter that stops asking loses its place, and one that goes on keeps it",
        arguments: StoreEngine.allCases)
    func places(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            let gpu = try await defineLimit(store, "gpu", 1)
            _ = try await store.acquire("x", [gpu], lease: .seconds(1_000))
            for (index, holder) in ["a", "b"].enumerated() {
                #expect(try await store.acquire(holder, [gpu], waits: true) == .waiting(ahead: index))
            }
            try await store.release("x")
            #expect(try await store.acquire("b", [gpu], waits: true) == .waiting(ahead: 1))
            #expect(try await store.acquire("c", [gpu]) == .waiting(ahead: 2))
            let later = noon + LimitPolicy.waiterLease
            #expect(
                try await store.acquire("b", [gpu], at: later) == .acquired(until: later + .seconds(60)))
        }
    }

    @Test(
        "A tenant has the same turn in all its lanes, and places pass limits over",
        arguments: StoreEngine.allCases)
    func lanes(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await definePool(store)
            try await defineLimit(store, "gpu", 100)
            let worker = try await runWorker(store, "w", capacity: 100)
            var tasks: [QueuedTask] = []
            for index in 0..<24 {
                tasks.append(
                    limitedTask("t\(index)", index % 3 == 0 ? ["gpu"] : [], tenant: "u\(index % 4)"))
            }
            try await store.submit(tasks)
            var order: [String: Int] = [:]
            for task in tasks {
                order[task.id.rawValue] = try await store.read { try await $0.places(of: task.id) }?.inQueue
            }
            var claimed: [QueuedTask] = []
            for index in 0..<24 {
                claimed += try await store.claim(
                    worker, 1, request: "r\(index)", holding: claimed.map(\.run)
                ).tasks
            }
            #expect(claimed.map { order[$0.id.rawValue] } == (1...24).map(Optional.some))
            #expect(try await store.read { try await $0.counterDifferences() }.isEmpty)
        }
    }
}
