import MusterClouds
import MusterCore
import MusterEngine
import MusterRuntime
import MusterStore
import MusterTesting

/// One pool with a long queue of many tenants' tasks, and a fleet of workers that have registered.
final class ClaimsScene: Sendable {
    let scene: Scene
    private let workers: [WorkerKey]
    private let served = Locked<[TaskID]>([])
    private let questions = Locked(0)

    private init(_ scene: Scene, workers: [WorkerKey]) {
        self.scene = scene
        self.workers = workers
    }

    private static let pool = Scene.pool(0)

    /// Starts the engine, lets it launch the fleet, and fills the queue.
    static func make(in database: String, seed: UInt64) async throws -> ClaimsScene {
        let scene = try Scene(database: database, seed: seed)
        let fleet = BenchPolicy.waitingWorkers.max() ?? 1
        try await scene.define([scene.definition(0, launchConfigs: 1, min: fleet, max: fleet)])
        scene.engine.start()
        let workers = try await registered(fleet, in: scene)
        try await submit(to: scene, seed: seed)
        return ClaimsScene(scene, workers: workers)
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
                worker.key, providerID: id, token: token, nonce: nil)
        }
        return workers.map(\.key)
    }

    private static func submit(to scene: Scene, seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        // Every tenant has as many tasks as any other, submitted in no order.
        let tenants = (0..<BenchPolicy.queuedTasks).map { $0 % BenchPolicy.tenants }
            .shuffled(using: &generator)
        for start in stride(from: 0, to: tenants.count, by: BenchPolicy.rowsPerWrite) {
            let part = tenants[start..<min(start + BenchPolicy.rowsPerWrite, tenants.count)]
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
    func rate(waiting count: Int) async throws -> Double {
        let each = BenchPolicy.cycles(waiting: count) / count
        let watch = Stopwatch()
        try await withThrowingTaskGroup(of: [TaskID].self) { group in
            for worker in workers.prefix(count) {
                group.addTask { try await self.work(worker, each) }
            }
            for try await tasks in group { served.withLock { $0 += tasks } }
        }
        return Double(each * count) / watch.seconds
    }

    private func work(_ worker: WorkerKey, _ count: Int) async throws -> [TaskID] {
        var done: [TaskID] = []
        while done.count < count {
            let question = ClaimQuestion(worker: worker, requestID: nextQuestion(), tasks: 1, holding: [])
            let reply = try await scene.engine.queue.claim(question, wait: BenchPolicy.claimWait)
            for task in reply.tasks {
                _ = try await scene.engine.tasks.report(
                    task.run, by: worker, RunEnd(.completed, because: .completed, exitCode: 0))
                done.append(task.id)
            }
        }
        return done
    }

    private func nextQuestion() -> String {
        questions.withLock { questions in
            questions += 1
            return "question-\(questions)"
        }
    }

    /// Makes sure that what was measured was right: no task twice, none lost, and every counter true.
    func check() async throws {
        let served = served.withLock { $0 }
        let pending = try await scene.store.read { try await $0.pendingTasks(of: Self.pool) }
        let isTrue = try await scene.store.read { try await $0.counterDifferences().isEmpty }
        guard Set(served).count == served.count, pending == BenchPolicy.queuedTasks - served.count, isTrue
        else {
            throw Problem(.internalError, "the queue did not serve each task once, or lost count")
        }
    }
}
