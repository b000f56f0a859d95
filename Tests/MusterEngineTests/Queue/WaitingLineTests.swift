import MusterCore
import MusterStore
import MusterTesting
import Testing

@testable import MusterEngine

@Suite("Workers that wait for tasks of one pool", .timeLimit(.minutes(3)))
struct WaitingLineTests {
    @Test("are served together, in one transaction")
    func together() async throws {
        let bench = try await EngineBench()
        let workers = try await bench.runningWorkers(5)
        let claims = try await bench.waiting(workers)
        let tasks = try await bench.submit(5)
        let before = bench.store.writes
        await bench.queue.wake(EngineBench.pool)
        var runs: [RunReference] = []
        for claim in claims { runs += try await claim.value.tasks.map(\.run) }
        #expect(Set(runs) == Set(tasks.map(\.run)) && runs.count == 5)
        #expect(bench.store.writes == before + 1)
    }

    @Test("that come while a transaction is on its way share the next one")
    func gathered() async throws {
        let bench = try await EngineBench()
        let workers = try await bench.runningWorkers(6)
        _ = try await bench.submit(6)
        let before = bench.store.writes
        bench.store.hold()
        let first = Task { try await bench.ask(workers[0]) }
        await bench.store.begun(before + 1)
        let others = workers.dropFirst().map { worker in Task { try await bench.ask(worker) } }
        await bench.clock.hasSleepers(6)
        bench.store.letGo()
        #expect(try await first.value.tasks.count == 1)
        for claim in others { #expect(try await claim.value.tasks.count == 1) }
        #expect(bench.store.writes == before + 2)
    }

    @Test("are not asked for when there is nothing for them")
    func quiet() async throws {
        let bench = try await EngineBench()
        let workers = try await bench.runningWorkers(3)
        let claims = try await bench.waiting(workers)
        let before = bench.store.writes
        for _ in 0..<3 { await bench.queue.wake(EngineBench.pool) }
        // One task is claimed in one transaction, the one for the last of them to come.
        _ = try await bench.submit(1)
        await bench.queue.wake(EngineBench.pool)
        #expect(try await claims[2].value.tasks.count == 1)
        #expect(bench.store.writes == before + 2)
        await bench.queue.close()
        for claim in claims { _ = try await claim.value }
    }

    @Test("do not miss a task because the one asked for first has begun to drain")
    func drainedMeanwhile() async throws {
        let bench = try await EngineBench()
        let workers = try await bench.runningWorkers(3)
        let claims = try await bench.waiting(workers)
        try await bench.drain(workers[1])
        try await bench.drain(workers[2])
        let task = try await bench.submit(1)[0]
        await bench.queue.wake(EngineBench.pool)
        #expect(try await claims[0].value.tasks.map(\.run) == [task.run])
        #expect(try await claims[2].value.tasks == [])
    }

    @Test("do not miss a task because one that has no room came last")
    func noRoom() async throws {
        let bench = try await EngineBench()
        let workers = try await bench.runningWorkers(2)
        let claim = try await bench.waiting([workers[0]])[0]
        let before = bench.store.writes
        let full = Task { try await bench.ask(workers[1], tasks: 0) }
        await bench.store.ended(before + 1)
        let task = try await bench.submit(1)[0]
        await bench.queue.wake(EngineBench.pool)
        #expect(try await claim.value.tasks.map(\.run) == [task.run])
        full.cancel()
        await #expect(throws: CancellationError.self) { try await full.value }
    }

    @Test("of two hundred get exactly one task each of two hundred that come one by one")
    func twoHundred() async throws {
        let bench = try await EngineBench()
        let workers = try await bench.runningWorkers(200)
        let before = bench.store.writes
        let claims = workers.map { worker in Task { try await bench.ask(worker) } }
        await bench.clock.hasSleepers(200)
        await bench.store.ended(before + 1)
        let submitted = try await withThrowingTaskGroup(of: [QueuedTask].self) { group in
            for _ in 0..<200 {
                group.addTask {
                    let tasks = try await bench.submit(1)
                    await bench.queue.wake(EngineBench.pool)
                    return tasks
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        var runs: [RunReference] = []
        for claim in claims {
            let tasks = try await claim.value.tasks
            #expect(tasks.count == 1)
            runs += tasks.map(\.run)
        }
        #expect(Set(runs) == Set(submitted.map(\.run)))
        #expect(try await bench.capacity()[.running].claimed == 200)
        #expect(try await bench.bucketsAreTrue())
    }

    @Test("never get a task twice, however many ask at once")
    func burst() async throws {
        let bench = try await EngineBench()
        let workers = try await bench.runningWorkers(64)
        let submitted = try await bench.submit(150)
        let claims = try await withThrowingTaskGroup(of: [RunReference].self) { group in
            for worker in workers {
                group.addTask {
                    var runs: [RunReference] = []
                    for round in 0..<3 {
                        let reply = try await bench.ask(
                            worker, request: "\(round)", holding: runs, wait: .zero)
                        #expect(reply.lost == [])
                        runs += reply.tasks.map(\.run)
                    }
                    return runs
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let runs = claims.flatMap(\.self)
        #expect(runs.count == 150)
        #expect(Set(runs) == Set(submitted.map(\.run)))
        #expect(try await bench.bucketsAreTrue())
    }

    @Test("leave when their call is cancelled, and no task is claimed for them")
    func cancelled() async throws {
        let bench = try await EngineBench()
        let workers = try await bench.runningWorkers(2)
        let claims = try await bench.waiting(workers)
        claims[1].cancel()
        await #expect(throws: CancellationError.self) { try await claims[1].value }
        let task = try await bench.submit(1)[0]
        await bench.queue.wake(EngineBench.pool)
        #expect(try await claims[0].value.tasks.map(\.run) == [task.run])
        #expect(try await bench.worker(workers[1])?.claimed == 0)
    }

    @Test("do not even begin to wait when their call is cancelled already")
    func cancelledBefore() async throws {
        let bench = try await EngineBench()
        let worker = try await bench.runningWorkers(1)[0]
        let (begin, begun) = AsyncStream.makeStream(of: Void.self)
        let claim = Task {
            for await _ in begin {}
            return try await bench.ask(worker)
        }
        claim.cancel()
        begun.finish()
        await #expect(throws: CancellationError.self) { try await claim.value }
        _ = try await bench.submit(1)
        await bench.queue.wake(EngineBench.pool)
        #expect(try await bench.ask(worker, request: "next").tasks.count == 1)
    }

    @Test("and are cancelled while the store is asked get what was claimed for them when they come back")
    func cancelledWhileAsked() async throws {
        let bench = try await EngineBench()
        let worker = try await bench.runningWorkers(1)[0]
        let task = try await bench.submit(1)[0]
        let before = bench.store.writes
        bench.store.hold()
        let claim = Task { try await bench.ask(worker) }
        await bench.store.begun(before + 1)
        claim.cancel()
        await #expect(throws: CancellationError.self) { try await claim.value }
        bench.store.letGo()
        await bench.store.ended(before + 1)
        #expect(try await bench.worker(worker)?.claimed == 1)
        #expect(try await bench.ask(worker, request: "next").tasks.map(\.run) == [task.run])
    }

    @Test("are all let go by a close, those for whom the store is asked with its answer, and nobody comes in")
    func close() async throws {
        let bench = try await EngineBench()
        let workers = try await bench.runningWorkers(4)
        let claims = try await bench.waiting(Array(workers.prefix(3)))
        let task = try await bench.submit(1)[0]
        let before = bench.store.writes
        bench.store.hold()
        let asked = Task { try await bench.ask(workers[3]) }
        await bench.store.begun(before + 1)
        await bench.queue.close()
        for claim in claims { #expect(try await claim.value.tasks == []) }
        bench.store.letGo()
        #expect(try await asked.value.tasks.map(\.run) == [task.run])
        let problem = await #expect(throws: Problem.self) { try await bench.ask(workers[0]) }
        #expect(problem?.code == .shuttingDown)
    }
}
