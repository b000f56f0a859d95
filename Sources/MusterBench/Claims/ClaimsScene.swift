import MusterClouds
import MusterCore
import MusterEngine
import MusterRuntime
import MusterStore
import MusterTesting

/// One pool with a long queue of many tenants' tasks, and a fleet of workers that have registered.
final class ClaimsScene: Sendable {
    private let scene: Scene
    private let tasks: Int
    private let workers: [WorkerKey]
    private let served = Locked<[TaskID]>([])
    private let questions = Locked(0)

    private init(_ scene: Scene, tasks: Int, workers: [WorkerKey]) {
        self.scene = scene
        self.tasks = tasks
        self.workers = workers
    }

    private static let pool = Scene.pool(0)

    /// Starts the engine, lets it launch the fleet, and fills the queue.
    static func make(in scene: Scene, tasks: Int, tenants: Int, seed: UInt64) async throws -> ClaimsScene {
        let fleet = BenchPolicy.waitingWorkers.max() ?? 1
        try await scene.define([scene.definition(0, launchConfigs: 1, min: fleet, max: fleet)])
        scene.engine.start()
        let workers = try await registered(fleet, in: scene)
        try await submit(tasks, of: tenants, to: scene, seed: seed)
        return ClaimsScene(scene, tasks: tasks, workers: workers)
    }

    /// Waits until the launched workers are known, and registers each with the proof that its call carried.
    private static func registered(_ count: Int, in scene: Scene) async throws -> [WorkerKey] {
        let id = scene.provider.id
        var workers: [Worker] = []
        while workers.count < count {
            try await Task.sleep(for: .milliseconds(10))
            workers = try await scene.store.read {
                try await $0.livingWorkers(of: id, after: nil, limit: count)
            }
        }
        let calls = Dictionary(scene.provider.calls.map { ($0.launchID, $0) }, uniquingKeysWith: { $1 })
        for worker in workers {
            guard let call = calls[worker.launchID] else {
                throw Problem(.internalError, "a worker of the scene came from no call")
            }
            let token = call.registrationToken(worker.key.id).reveal()
            _ = try await scene.engine.registrar.register(
                worker.key, providerID: id, proof: .object(["token": .string(token)]))
        }
        return workers.map(\.key)
    }

    private static func submit(_ count: Int, of tenants: Int, to scene: Scene, seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        // Every tenant has as many tasks as any other, submitted in no order.
        let owners = (0..<count).map { $0 % tenants }.shuffled(using: &generator)
        for start in stride(from: 0, to: count, by: BenchPolicy.rowsPerWrite) {
            let part = owners[start..<min(start + BenchPolicy.rowsPerWrite, count)]
            _ = try await scene.engine.tasks.submit(
                part.map { tenant in
                    TaskSubmission(
                        poolID: pool, tenant: Tenant(rawValue: "tenant-\(tenant)"),
                        payload: TaskPayload(
                            command: ["/usr/bin/make", "--directory", "/build/project", "all"],
                            environment: ["BUILD_NUMBER": "\(tenant)"]))
                })
        }
    }

    /// Has so many workers claim and finish, each one task after another; tasks a second.
    func cycleRate(waiting count: Int) async throws -> Double {
        let each = BenchPolicy.cycles(waiting: count)
        let watch = Stopwatch()
        try await together(count) { worker in
            for _ in 0..<each { try await self.finish(try await self.claim(for: worker), by: worker) }
        }
        return Double(each * count) / watch.seconds
    }

    /// Has so many workers claim at once, again and again; tasks a second, the time aside in which they are
    /// finished in between.
    func claimRate(waiting count: Int) async throws -> Double {
        let rounds = BenchPolicy.claimRounds(waiting: count)
        var time = 0.0
        for _ in 0..<rounds {
            let watch = Stopwatch()
            let claimed = try await together(count) { worker in
                (worker, try await self.claim(for: worker))
            }
            time += watch.seconds
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (worker, task) in claimed { group.addTask { try await self.finish(task, by: worker) } }
                try await group.waitForAll()
            }
        }
        return Double(rounds * count) / time
    }

    /// Has some workers do something at once; what each came to.
    @discardableResult
    private func together<Result: Sendable>(
        _ count: Int, _ body: @escaping @Sendable (WorkerKey) async throws -> Result
    ) async throws -> [Result] {
        try await withThrowingTaskGroup(of: Result.self) { group in
            for worker in workers.prefix(count) { group.addTask { try await body(worker) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    /// Waits for a task.
    private func claim(for worker: WorkerKey) async throws -> QueuedTask {
        while true {
            let question = ClaimQuestion(worker: worker, requestID: nextQuestion(), tasks: 1, holding: [])
            let reply = try await scene.engine.queue.claim(question, wait: BenchPolicy.claimWait)
            if let task = reply.tasks.first { return task }
        }
    }

    private func finish(_ task: QueuedTask, by worker: WorkerKey) async throws {
        _ = try await scene.engine.tasks.report(
            task.run, by: worker, RunEnd(.completed, because: .completed, exitCode: 0))
        served.withLock { $0.append(task.id) }
    }

    private func nextQuestion() -> String {
        questions.withLock { questions in
            questions += 1
            return "question-\(questions)"
        }
    }

    /// Stops, and makes sure that what was measured was right: no task twice, none lost, and every counter true.
    func close() async throws {
        let served = served.withLock { $0 }
        let pending = try await scene.store.read { try await $0.pendingTasks(of: Self.pool) }
        let isTrue = try await scene.store.upkeep.read { try await $0.counterDifferences().isEmpty }
        guard Set(served).count == served.count, pending == tasks - served.count, isTrue else {
            throw Problem(.internalError, "the queue did not serve each task once, or lost count")
        }
        await scene.close()
    }
}
