import MusterCore
import MusterStore
import MusterTesting
import Testing

@testable import MusterEngine

@Suite("A worker that asks for tasks", .timeLimit(.minutes(3)))
struct QueueServiceTests {
    @Test("and waits is answered at once when a task comes")
    func longPoll() async throws {
        let bench = try await EngineBench()
        let worker = try await bench.runningWorkers(1)[0]
        let claim = try await bench.waiting([worker])[0]
        let task = try await bench.submit(1)[0]
        await bench.queue.wake(EngineBench.pool)
        let reply = try await claim.value
        #expect(reply.tasks.map(\.run) == [task.run])
        #expect(reply.tasks.first?.takenUntil == bench.clock.now() + .seconds(120))
        #expect(try await bench.worker(worker)?.claimed == 1)
    }

    @Test("gets what waits already without waiting, as much as it has room for and no more than the bound")
    func pending() async throws {
        var policy = EnginePolicy()
        policy.tasksPerClaim = 4
        let bench = try await EngineBench(policy: policy)
        let workers = try await bench.runningWorkers(2)
        _ = try await bench.submit(7)
        #expect(try await bench.ask(workers[0], tasks: 2).tasks.count == 2)
        #expect(try await bench.ask(workers[1], tasks: 1_000).tasks.count == 4)
    }

    @Test("and would not wait gets what waits, or nothing, without any time going by")
    func noWait() async throws {
        let bench = try await EngineBench()
        let workers = try await bench.runningWorkers(2)
        let task = try await bench.submit(1)[0]
        #expect(try await bench.ask(workers[0], wait: .zero).tasks.map(\.run) == [task.run])
        #expect(try await bench.ask(workers[1], wait: .zero).tasks == [])
        #expect(try await bench.ask(workers[1], wait: .seconds(-5)).tasks == [])
    }

    @Test("in vain gets an empty answer when its wait is over, and not before")
    func waitEnds() async throws {
        let bench = try await EngineBench()
        let worker = try await bench.runningWorkers(1)[0]
        let claim = try await bench.waiting([worker], wait: .seconds(20))[0]
        bench.clock.advance(by: .milliseconds(19_999))
        #expect(bench.clock.sleepers == 1)
        bench.clock.advance(by: .milliseconds(1))
        let reply = try await claim.value
        #expect(reply.tasks == [] && reply.lost == [])
        // It is nobody any more for whom tasks are claimed.
        let task = try await bench.submit(1)[0]
        await bench.queue.wake(EngineBench.pool)
        #expect(try await bench.ask(worker, request: "next").tasks.map(\.run) == [task.run])
    }

    @Test("waits for half a minute at most")
    func longestWait() async throws {
        let bench = try await EngineBench()
        let worker = try await bench.runningWorkers(1)[0]
        let claim = try await bench.waiting([worker], wait: .seconds(3_600))[0]
        await bench.clock.untilSleeping(for: .seconds(30))
        bench.clock.advance(by: .seconds(30))
        #expect(try await claim.value.tasks == [])
    }

    @Test("and whose time ends while the store is asked for it gets the store's answer")
    func waitEndsWhileAsked() async throws {
        let bench = try await EngineBench()
        let worker = try await bench.runningWorkers(1)[0]
        let task = try await bench.submit(1)[0]
        let before = bench.store.writes
        bench.store.hold()
        let claim = Task { try await bench.ask(worker, wait: .seconds(5)) }
        await bench.store.begun(before + 1)
        bench.clock.advance(by: .seconds(5))
        bench.store.letGo()
        #expect(try await claim.value.tasks.map(\.run) == [task.run])
    }

    @Test("again has its first question released, and gets the task once")
    func asksAgain() async throws {
        let bench = try await EngineBench()
        let worker = try await bench.runningWorkers(1)[0]
        let first = try await bench.waiting([worker])[0]
        let second = try await bench.waiting([worker], request: "second")[0]
        #expect(try await first.value.tasks == [])
        let task = try await bench.submit(1)[0]
        await bench.queue.wake(EngineBench.pool)
        #expect(try await second.value.tasks.map(\.run) == [task.run])
        #expect(try await bench.worker(worker)?.claimed == 1)
    }

    @Test("again while the store is asked for it hears of the same task with both questions")
    func asksAgainWhileAsked() async throws {
        let bench = try await EngineBench()
        let worker = try await bench.runningWorkers(1)[0]
        let task = try await bench.submit(1)[0]
        let before = bench.store.writes
        bench.store.hold()
        let first = Task { try await bench.ask(worker, request: "first") }
        await bench.store.begun(before + 1)
        let second = Task { try await bench.ask(worker, request: "second") }
        await bench.clock.hasSleepers(2)
        bench.store.letGo()
        #expect(try await first.value.tasks.map(\.run) == [task.run])
        #expect(try await second.value.tasks.map(\.run) == [task.run])
        #expect(try await bench.worker(worker)?.claimed == 1)
    }

    @Test("and holds what is not its any more is told so at once")
    func lost() async throws {
        let bench = try await EngineBench()
        let worker = try await bench.runningWorkers(1)[0]
        let stranger = RunReference(taskID: TaskID(rawValue: "t-gone"), runID: 0)
        #expect(try await bench.ask(worker, holding: [stranger]).lost == [stranger])
    }

    @Test("and drains, or is unknown, is answered at once")
    func notForWork() async throws {
        let bench = try await EngineBench()
        let worker = try await bench.runningWorkers(1)[0]
        _ = try await bench.submit(1)
        try await bench.drain(worker)
        let reply = try await bench.ask(worker)
        #expect(reply.tasks == [] && reply.worker?.drain == "test")
        var unknown = worker
        unknown.id = WorkerID(rawValue: "nobody")
        let none = try await bench.ask(unknown)
        #expect(none.tasks == [] && none.worker == nil)
    }

    @Test("while the store fails is told of it, and served when it works again")
    func storeFails() async throws {
        let bench = try await EngineBench()
        let worker = try await bench.runningWorkers(1)[0]
        bench.store.fail(Problem(.storeFull, "the disk is full"))
        let problem = await #expect(throws: Problem.self) { try await bench.ask(worker) }
        #expect(problem?.code == .storeFull)
        bench.store.fail(nil)
        _ = try await bench.submit(1)
        #expect(try await bench.ask(worker).tasks.count == 1)
    }
}

/// How workers ask.
extension EngineBench {
    func ask(
        _ worker: WorkerKey, tasks: Int = 1, request: String = "first", holding: [RunReference] = [],
        wait: Duration = .seconds(30)
    ) async throws -> ClaimReply {
        let question = ClaimQuestion(worker: worker, requestID: request, tasks: tasks, holding: holding)
        return try await queue.claim(question, wait: wait)
    }

    /// Lets workers ask one after another, until each of them waits because there is nothing for it.
    func waiting(_ workers: [WorkerKey], request: String = "first", wait: Duration = .seconds(30))
        async throws -> [Task<ClaimReply, any Error>]
    {
        var claims: [Task<ClaimReply, any Error>] = []
        for worker in workers {
            let before = store.writes
            claims.append(Task { try await self.ask(worker, request: request, wait: wait) })
            await store.ended(before + 1)
        }
        return claims
    }

    /// Tells a worker to finish.
    func drain(_ key: WorkerKey) async throws {
        let now = clock.now()
        try await store.write(in: .store) { transaction in
            guard let worker = try await transaction.worker(key) else { return }
            _ = try await transaction.drain(worker, because: "test", at: now)
        }
    }
}
