import MusterCore
import MusterStore
import MusterTesting
import Testing

@testable import MusterEngine

@Suite("The task desk")
struct TaskDeskTests {
    private func submission(_ id: String? = nil, command: [String] = ["true"]) -> TaskSubmission {
        TaskSubmission(
            id: id.map(TaskID.init(rawValue:)), poolID: EngineBench.pool,
            payload: TaskPayload(command: command))
    }

    @Test("gives a task a name, a day, five retries and the middle priority when the submitter says nothing")
    func defaults() async throws {
        let bench = try await EngineBench()
        try await bench.define()
        let tasks = try await bench.tasks.submit([submission(), submission()])
        #expect(tasks.count == 2 && tasks[0].id != tasks[1].id)
        let task = try #require(tasks.first)
        #expect(TaskID.accepts(task.id.rawValue))
        #expect(task.tenant == .unnamed && task.priority == .medium && task.retriesLeft == 5)
        #expect(task.submittedAt == bench.clock.now())
        #expect(task.deadlineAt == bench.clock.now() + .seconds(86_400))
        #expect(task.state == .pending && task.runID == 0)
        #expect(try await bench.store.read { try await $0.task(task.id) } == task)
    }

    @Test("takes a repeated submission for the first one, and refuses the same name with other content")
    func repeated() async throws {
        let bench = try await EngineBench()
        try await bench.define()
        let first = try await bench.tasks.submit([submission("t-1")])
        bench.clock.advance(by: .seconds(60))
        #expect(try await bench.tasks.submit([submission("t-1")]) == first)
        let problem = await #expect(throws: Problem.self) {
            try await bench.tasks.submit([submission("t-2"), submission("t-1", command: ["false"])])
        }
        #expect(problem?.code == .conflict)
        #expect(try await bench.store.read { try await $0.task(TaskID(rawValue: "t-2")) } == nil)
        #expect(try await bench.store.read { try await $0.pendingTasks(of: EngineBench.pool) } == 1)
    }

    @Test("refuses all tasks when one is for a pool that is not there")
    func unknownPool() async throws {
        let bench = try await EngineBench()
        try await bench.define()
        var stray = submission()
        stray.poolID = PoolID(rawValue: "demo/none")
        let problem = await #expect(throws: Problem.self) {
            try await bench.tasks.submit([submission(), stray])
        }
        #expect(problem?.code == .poolNotFound)
        #expect(try await bench.store.read { try await $0.pendingTasks(of: EngineBench.pool) } == 0)
        #expect(try await bench.events().allSatisfy { $0.type != .taskSubmitted })
    }

    @Test("prolongs a claim by the pool's claim timeout, for its holder only")
    func renew() async throws {
        let bench = try await EngineBench()
        let workers = try await bench.runningWorkers(2)
        try await bench.define(min: 2) { $0.lifecycle.claimTimeout = .seconds(90) }
        _ = try await bench.submit(1)
        let run = try #require(try await bench.ask(workers[0]).tasks.first).run
        bench.clock.advance(by: .seconds(50))
        #expect(
            try await bench.tasks.renew(run, by: workers[0]) == bench.clock.now() + .seconds(90))
        for (run, worker) in [
            (run, workers[1]), (RunReference(taskID: run.taskID, runID: 1), workers[0]),
            (RunReference(taskID: TaskID(rawValue: "t-none"), runID: 0), workers[0]),
        ] {
            let problem = await #expect(throws: Problem.self) {
                try await bench.tasks.renew(run, by: worker)
            }
            #expect(problem?.code == .claimLost)
        }
    }

    @Test("takes a report once, answers its repeat, and refuses those of others without any change")
    func report() async throws {
        let bench = try await EngineBench()
        let workers = try await bench.runningWorkers(2)
        _ = try await bench.submit(1)
        let run = try #require(try await bench.ask(workers[0]).tasks.first).run
        let done = RunEnd(.completed, because: .completed, exitCode: 0)
        await #expect(throws: Problem.self) { try await bench.tasks.report(run, by: workers[1], done) }
        #expect(try await bench.store.read { try await $0.task(run.taskID) }?.state == .running)
        #expect(try await bench.tasks.report(run, by: workers[0], done) == .completed)
        #expect(try await bench.tasks.report(run, by: workers[0], done) == .completed)
        let problem = await #expect(throws: Problem.self) {
            try await bench.tasks.report(run, by: workers[0], RunEnd(.failed, because: .failed, exitCode: 1))
        }
        #expect(problem?.code == .claimLost)
        #expect(try await bench.store.read { try await $0.task(run.taskID) }?.state == .completed)
        #expect(try await bench.events().count { $0.type == .taskCompleted } == 1)
        #expect(try await bench.worker(workers[0])?.claimed == 0)
    }

    @Test("cancels a task, tells its worker so with the next call, and writes down who did it")
    func cancel() async throws {
        let bench = try await EngineBench()
        let worker = try await bench.runningWorkers(1)[0]
        _ = try await bench.submit(1)
        let run = try #require(try await bench.ask(worker).tasks.first).run
        let task = try await bench.tasks.cancel(run.taskID, by: "Ada")
        #expect(task.state == .exception && task.reason == .cancelled)
        #expect(try await bench.worker(worker)?.claimed == 0)
        await #expect(throws: Problem.self) { try await bench.tasks.renew(run, by: worker) }
        await #expect(throws: Problem.self) {
            try await bench.tasks.report(run, by: worker, RunEnd(.completed, because: .completed))
        }
        #expect(try await bench.ask(worker, request: "next", holding: [run]).lost == [run])
        #expect(try await bench.tasks.cancel(run.taskID, by: "Bob").resolvedAt == task.resolvedAt)
        #expect(try await bench.audit().map(\.actor) == ["test", "Ada", "Bob"])
        #expect(try await bench.audit()[1].subject == "task/\(run.taskID)")
    }

    @Test("cannot cancel a task that is not there, and then writes nothing down")
    func cancelUnknown() async throws {
        let bench = try await EngineBench()
        let problem = await #expect(throws: Problem.self) {
            try await bench.tasks.cancel(TaskID(rawValue: "t-none"), by: "Ada")
        }
        #expect(problem?.code == .taskNotFound)
        #expect(try await bench.audit().isEmpty)
    }
}

/// A row of the audit.
struct AuditRow: Equatable, Sendable {
    let actor: String
    let action: String
    let subject: String
    let detail: String
}

extension EngineBench {
    /// What has been audited, first to last.
    func audit() async throws -> [AuditRow] {
        try await store.read { transaction in
            try await transaction.rows("SELECT * FROM audit ORDER BY sequence").map {
                AuditRow(
                    actor: try $0.text("actor"), action: try $0.text("action"),
                    subject: try $0.text("subject"), detail: try $0.text("detail"))
            }
        }
    }
}
