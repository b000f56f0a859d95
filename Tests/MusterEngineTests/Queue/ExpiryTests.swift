import MusterCore
import MusterStore
import MusterTesting
import Testing

@testable import MusterEngine

@Suite("Claims and deadlines that pass")
struct ExpiryTests {
    private func states(_ bench: EngineBench) async throws -> [QueuedTask.State: Int] {
        let tasks = try await bench.store.read {
            try await $0.tasks(of: EngineBench.pool, state: nil, tenant: nil, after: 0, limit: 1_000).tasks
        }
        return Dictionary(grouping: tasks, by: \.state).mapValues(\.count)
    }

    @Test("are looked for when the next is due")
    func nextIsDue() async throws {
        let bench = try await EngineBench()
        let worker = try await bench.runningWorkers(1)[0]
        #expect(try await bench.tasks.expire() == nil)
        bench.clock.advance(by: .seconds(60))
        let task = try await bench.submit(1)[0]
        #expect(try await bench.tasks.expire() == task.deadlineAt)
        let claimed = try #require(try await bench.ask(worker).tasks.first)
        #expect(try await bench.tasks.expire() == claimed.takenUntil)
    }

    @Test("A claim whose renewals a full disk refused lasts until its worker has tried again")
    func refusedRenewal() async throws {
        let bench = try await EngineBench()
        let worker = try await bench.runningWorkers(1)[0]
        let task = try await bench.submit(1)[0]
        _ = try await bench.ask(worker)
        bench.store.fail(Problem(.storeFull, "the disk is full"))
        for _ in 0..<30 {
            bench.clock.advance(by: .seconds(10))
            await #expect(throws: Problem.self) { try await bench.tasks.renew(task.run, by: worker) }
        }
        bench.store.fail(nil)
        bench.clock.advance(by: .seconds(10))
        let next = try #require(try await bench.tasks.expire())
        #expect(next <= bench.clock.now() + .seconds(20))
        #expect(try await states(bench) == [.running: 1])
        _ = try await bench.tasks.renew(task.run, by: worker)
        bench.clock.advance(by: .seconds(119))
        _ = try await bench.tasks.expire()
        #expect(try await states(bench) == [.running: 1])
        bench.clock.advance(by: .seconds(1))
        _ = try await bench.tasks.expire()
        #expect(try await states(bench) == [.pending: 1])
    }

    @Test("A claim that nobody renewed puts its task back; the late report is refused")
    func expired() async throws {
        let bench = try await EngineBench()
        let worker = try await bench.runningWorkers(1)[0]
        _ = try await bench.submit(1)
        let task = try #require(try await bench.ask(worker).tasks.first)
        bench.clock.advance(by: .milliseconds(119_999))
        _ = try await bench.tasks.expire()
        #expect(try await states(bench) == [.running: 1])
        bench.clock.advance(by: .milliseconds(1))
        _ = try await bench.tasks.expire()
        let again = try await bench.store.read { try await $0.task(task.id) }
        #expect(again?.state == .pending && again?.runID == 1 && again?.retriesLeft == 4)
        let problem = await #expect(throws: Problem.self) {
            try await bench.tasks.report(task.run, by: worker, RunEnd(.completed, because: .completed))
        }
        #expect(problem?.code == .claimLost)
        #expect(try await bench.bucketsAreTrue())
    }

    @Test("A claim that expired while Muster was away is kept for a grace in which its worker can renew it")
    func grace() async throws {
        let bench = try await EngineBench()
        let worker = try await bench.runningWorkers(1)[0]
        _ = try await bench.submit(2)
        let tasks = try await bench.ask(worker, tasks: 2).tasks
        bench.clock.advance(by: .seconds(3_600))
        let next = try await bench.restarted()
        let graceEnd = next.clock.now() + .seconds(30)
        // It looks again soon, and at the end of the grace at the latest.
        #expect(try await next.tasks.expire() == next.clock.now() + .seconds(1))
        next.clock.advance(by: .milliseconds(29_500))
        #expect(try await next.tasks.expire() == graceEnd)
        #expect(try await states(next) == [.running: 2])
        _ = try await next.tasks.renew(tasks[0].run, by: worker)
        next.clock.advance(by: .milliseconds(500))
        _ = try await next.tasks.expire()
        #expect(try await states(next) == [.running: 1, .pending: 1])
        #expect(try await next.store.read { try await $0.task(tasks[0].id) }?.state == .running)
    }

    @Test("A task whose deadline has passed is an exception, in the grace too, and whoever runs it")
    func overdue() async throws {
        let bench = try await EngineBench()
        let worker = try await bench.runningWorkers(1)[0]
        let deadline = bench.clock.now() + .seconds(20)
        _ = try await bench.tasks.submit(
            (0..<2).map { _ in
                TaskSubmission(
                    poolID: EngineBench.pool, payload: TaskPayload(command: ["true"]), deadlineAt: deadline)
            })
        let running = try #require(try await bench.ask(worker).tasks.first)
        bench.clock.advance(by: .seconds(20))
        #expect(try await bench.tasks.expire() == nil)
        #expect(try await states(bench) == [.exception: 2])
        #expect(
            try await bench.store.read { try await $0.task(running.id) }?.reason == .deadlineExceeded)
        #expect(try await bench.worker(worker)?.claimed == 0)
        #expect(try await bench.store.read { try await $0.pendingTasks(of: EngineBench.pool) } == 0)
        #expect(try await bench.bucketsAreTrue())
    }

    @Test("More than fit into one transaction end in several, all in one run")
    func bounded() async throws {
        var policy = EnginePolicy()
        policy.tasksPerExpiry = 3
        let bench = try await EngineBench(policy: policy)
        let worker = try await bench.runningWorkers(1)[0]
        _ = try await bench.submit(10)
        #expect(try await bench.ask(worker, tasks: 10).tasks.count == 10)
        bench.clock.advance(by: .seconds(200))
        let before = bench.store.writes
        _ = try await bench.tasks.expire()
        #expect(bench.store.writes == before + 4)
        #expect(try await states(bench) == [.pending: 10])
    }

    @Test("A task whose retries are used up is an exception")
    func retriesUsedUp() async throws {
        let bench = try await EngineBench()
        let worker = try await bench.runningWorkers(1)[0]
        var submission = TaskSubmission(
            poolID: EngineBench.pool, payload: TaskPayload(command: ["true"]))
        submission.retries = 1
        let id = try await bench.tasks.submit([submission])[0].id
        for round in 0..<2 {
            #expect(try await bench.ask(worker, request: "\(round)").tasks.count == 1)
            bench.clock.advance(by: .seconds(120))
            _ = try await bench.tasks.expire()
        }
        let task = try await bench.store.read { try await $0.task(id) }
        #expect(task?.state == .exception && task?.reason == .claimExpired && task?.runID == 1)
    }
}
