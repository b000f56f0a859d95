import MusterClouds
import MusterCore
import MusterRuntime
import MusterStore
import MusterTesting
import Testing

@testable import MusterEngine

@Suite("The running engine", .timeLimit(.minutes(1)))
struct EngineTests {
    /// A whole engine on the machine's own clock, with a provider that does as told.
    private struct LiveEngine {
        private let database: OpenDatabase
        let provider: ScriptedProvider
        let sink = RecordingSink()
        let engine: Engine

        var store: any Store { database.store }

        init(_ change: (inout EnginePolicy) -> Void = { _ in }) async throws {
            database = try await OpenDatabase()
            let clock = SystemClock()
            provider = ScriptedProvider(clock: clock)
            var policy = EnginePolicy()
            policy.contactInterval = .milliseconds(20)
            change(&policy)
            engine = Engine(
                EngineContext(
                    store: database.store, providers: [provider], clock: clock, log: .silent, policy: policy,
                    holder: "test",
                    masterKey: MasterKey(Secret(Array("0123456789abcdef0123456789abcdef".utf8))), seed: 11,
                    serviceURL: { "http://127.0.0.1:1" }), fleet: "fleet-1", sinks: [sink])
        }

        func define(idleTimeout: Duration = .zero) async throws {
            var lifecycle = Lifecycle()
            lifecycle.idleTimeout = idleTimeout
            _ = try await engine.control.apply(
                [
                    PoolDefinition(
                        id: EngineBench.pool, providerID: provider.id, scale: PoolScale(maxCapacity: 3),
                        lifecycle: lifecycle,
                        launchConfigs: [
                            LaunchConfigDefinition(
                                id: LaunchConfigID(rawValue: "standard"), content: .object([:]),
                                settings: LaunchConfigSettings())
                        ])
                ], prune: false, dryRun: false, by: "test")
        }

        func submit() async throws -> QueuedTask {
            try await engine.tasks.submit([
                TaskSubmission(poolID: EngineBench.pool, payload: TaskPayload(command: ["true"]))
            ])[0]
        }
    }

    @Test("takes a task from its submission to its end, and a worker for it from its launch to its removal")
    func wholeWay() async throws {
        let live = try await LiveEngine()
        live.provider.behave(.boots)
        live.engine.start()
        try await live.define()
        let task = try await live.submit()

        _ = await live.sink.first(.workerRequested)
        let instance = try #require(live.provider.living.first)
        live.provider.change(instance.id, to: .running)
        let key = WorkerKey(poolID: EngineBench.pool, group: instance.group, id: instance.workerID)
        let call = try #require(live.provider.calls.first)
        let admission = try await live.engine.registrar.register(
            key, providerID: live.provider.id,
            proof: EngineBench.proof(call.registrationToken(key.id).reveal(), nonce: "n"))
        let grant = try await live.engine.registrar.grant(of: admission.accessToken.reveal())
        #expect(grant?.worker == key)

        let question = ClaimQuestion(worker: key, requestID: "r", tasks: 1, holding: [])
        let reply = try await live.engine.queue.claim(question, wait: .seconds(30))
        #expect(reply.tasks.map(\.run) == [task.run])
        let end = RunEnd(.completed, because: .completed, exitCode: 0)
        #expect(try await live.engine.tasks.report(task.run, by: key, end) == .completed)

        // Nothing justifies the worker any more.
        _ = await live.sink.first(.workerStopping)
        await live.provider.terminated(1)
        #expect(try await live.engine.registrar.shouldTerminate(key) == StopReason.idle)
        live.provider.change(instance.id, to: .gone, detail: "exit code 0")
        _ = await live.sink.first(.workerRemoved)
        await live.engine.stop(within: .seconds(5))

        #expect(live.provider.started == 1 && live.provider.calls.count == 1)
        #expect(Set(live.provider.terminated) == [instance.id])
        let worker = try await live.store.read { try await $0.worker(key) }
        #expect(worker?.state == .stopped)
        let (counted, recounted) = try await live.store.read {
            (try await $0.capacityOfAllPools(), try await $0.recountedCapacity())
        }
        #expect(counted == recounted)
        try checkEvents(live, task, key, launch: call.launchID)
        await live.store.close()
    }

    /// Every event was delivered once, and those of each subject tell its whole story in order.
    private func checkEvents(
        _ live: LiveEngine, _ task: QueuedTask, _ worker: WorkerKey, launch: LaunchID
    ) throws {
        let ids = live.sink.ids
        #expect(ids == (1...ids.count).map(String.init))
        let stories = Dictionary(grouping: live.sink.events, by: \.subject).mapValues { $0.map(\.type) }
        #expect(
            stories == [
                "pool/demo/build": [.poolCreated],
                "launch-config/demo/build/standard": [.launchConfigCreated],
                "task/\(task.id)": [.taskSubmitted, .taskClaimed, .taskCompleted],
                "launch/\(launch)": [.launchPlanned, .launchSettled],
                "worker/\(worker)": [
                    .workerRequested, .workerRunning, .workerStopping, .workerStopped, .workerRemoved,
                ],
            ])
    }

    @Test("has a loop for each thing to do, each of which says that it has run")
    func loops() async throws {
        let live = try await LiveEngine()
        try await live.define()
        live.engine.start()
        let wanted: Set = [
            "workers", "tasks", "launches", "clock", "contacts", "retention", "reconcile:scripted",
            "publish:recording", "pass:demo/build", "replica", "lines", "limits",
        ]
        // No event tells of it: the loops begin by themselves.
        while Set(live.engine.statuses.filter { $0.succeededAt != nil }.map(\.name)) != wanted {
            try await Task.sleep(for: .milliseconds(5))
        }
        await live.engine.stop(within: .seconds(5))
        await live.store.close()
    }

    @Test("stops within its bound although a launch hangs, which the next process finds as it was intended")
    func stopsWithHangingLaunch() async throws {
        let live = try await LiveEngine()
        live.provider.behave(.hangs)
        live.engine.start()
        try await live.define()
        _ = try await live.submit()
        await live.provider.called(1)
        await live.engine.stop(within: .milliseconds(50))
        let planned = try await live.store.read { try await $0.plannedLaunches(limit: 10) }
        #expect(planned.map(\.id) == live.provider.calls.map(\.launchID))
        #expect(live.sink.events.last?.type == .launchPlanned)
        await live.store.close()
    }

    @Test("takes no new questions once it stops, and lets those who wait go")
    func stopLetsGo() async throws {
        let live = try await LiveEngine()
        live.engine.start()
        // Nobody of that name is there, but nobody looks before the answer.
        let key = WorkerKey(
            poolID: EngineBench.pool, group: WorkerGroup(rawValue: "here"), id: WorkerID(rawValue: "w"))
        let question = ClaimQuestion(worker: key, requestID: "r", tasks: 1, holding: [])
        #expect(try await live.engine.queue.claim(question, wait: .seconds(30)).worker == nil)
        await live.engine.stop(within: .seconds(5))
        let problem = await #expect(throws: Problem.self) {
            try await live.engine.queue.claim(question, wait: .seconds(30))
        }
        #expect(problem?.code == .shuttingDown)
        await live.store.close()
    }
}
