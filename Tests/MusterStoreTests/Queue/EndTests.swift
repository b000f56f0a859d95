import MusterCore
import MusterStore
import MusterTesting
import Testing

@Suite struct EndTests {
    private func claimed(_ store: any Store, retries: Int = 5) async throws -> (RunReference, WorkerKey) {
        try await definePool(store)
        let worker = try await runWorker(store, "w")
        _ = try await store.write(in: .store) { try await $0.submit([sampleTask("t", retries: retries)]) }
        return (try await store.claim(worker, request: "r").tasks[0].run, worker)
    }

    private func report(_ store: any Store, _ run: RunReference, _ worker: WorkerKey, _ end: RunEnd)
        async throws -> ReportOutcome
    {
        try await store.write(in: .store) {
            try await $0.report(run, by: worker, end, at: noon + .seconds(1))
        }
    }

    private func task(_ store: any Store) async throws -> QueuedTask? {
        try await store.read { try await $0.task(TaskID(rawValue: "t")) }
    }

    @Test(
        "A report is taken once; its repeat is answered alike and changes nothing",
        arguments: StoreEngine.allCases)
    func idempotent(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            let (run, worker) = try await claimed(store)
            let end = RunEnd(.completed, because: .completed, exitCode: 0, tail: "done", output: "/tmp/x")
            #expect(try await report(store, run, worker, end) == .accepted(.completed))
            let events = try await store.read { try await $0.eventCount() }
            #expect(try await report(store, run, worker, end) == .accepted(.completed))
            #expect(try await store.read { try await $0.eventCount() } == events)
            #expect(try await report(store, run, worker, RunEnd(.failed, because: .failed)) == .claimLost)
            let record = try await store.read { try await $0.endedRun(run) }
            #expect(record?.exitCode == 0 && record?.tail == "done" && record?.output == "/tmp/x")
        }
    }

    @Test(
        "A worker that is gone gives its task to the next, and its late report is refused without harm",
        arguments: StoreEngine.allCases)
    func goneWorker(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            let (run, worker) = try await claimed(store)
            try await store.write(in: .store) {
                _ = try await $0.endClaims(of: worker, because: .workerShutdown, at: noon)
            }
            let other = try await runWorker(store, "other")
            let next = try await store.claim(other, request: "r").tasks[0].run
            #expect(next == RunReference(taskID: run.taskID, runID: 1))
            #expect(
                try await report(store, run, worker, RunEnd(.completed, because: .completed)) == .claimLost)
            #expect(
                try await task(store)?.isHeld(run: 1, by: TaskHolder(group: other.group, workerID: other.id))
                    == true)
            #expect(
                try await report(store, next, other, RunEnd(.completed, because: .completed))
                    == .accepted(.completed))
            #expect(try await task(store)?.retriesLeft == 4)
        }
    }

    @Test(
        "A task is tried again until its retries are used up, then it is an exception",
        arguments: StoreEngine.allCases)
    func retries(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            let (first, worker) = try await claimed(store, retries: 1)
            let back = RunEnd(.exception, because: .workerShutdown)
            #expect(try await report(store, first, worker, back) == .accepted(.pending))
            let second = try await store.claim(worker, request: "r2").tasks[0].run
            #expect(try await report(store, second, worker, back) == .accepted(.exception))
            #expect(try await task(store)?.reason == .workerShutdown)
            let runs = try await store.read { try await $0.runs(of: TaskID(rawValue: "t")) }
            #expect(runs.map(\.reason) == [.workerShutdown, .workerShutdown])
        }
    }

    @Test("A payload that cannot run is not tried again", arguments: StoreEngine.allCases)
    func malformed(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            let (run, worker) = try await claimed(store)
            #expect(
                try await report(store, run, worker, RunEnd(.exception, because: .malformedPayload))
                    == .accepted(.exception))
        }
    }

    @Test("A claim that nobody renews expires; one that is renewed does not", arguments: StoreEngine.allCases)
    func expiry(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            let (run, worker) = try await claimed(store)
            let renewed = try await store.write(in: .store) {
                try await $0.renew(run, by: worker, lease: .seconds(60), at: noon + .seconds(50))
            }
            #expect(renewed == noon + .seconds(110))
            #expect(
                try await store.write(in: .store) {
                    try await $0.expireClaims(of: [samplePool], by: noon + .seconds(109), limit: 10)
                } == 0)
            #expect(
                try await store.write(in: .store) {
                    try await $0.expireClaims(of: [samplePool], by: noon + .seconds(110), limit: 10)
                } == 1)
            #expect(try await task(store)?.state == .pending)
            #expect(
                try await store.write(in: .store) {
                    try await $0.renew(run, by: worker, lease: .seconds(60), at: noon + .seconds(111))
                } == nil)
            let (counted, recounted) = try await store.counters()
            #expect(counted == recounted)
        }
    }

    @Test(
        "Cancelling ends a pending task and a running one, and never one that is over",
        arguments: StoreEngine.allCases)
    func cancel(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            let (run, worker) = try await claimed(store)
            _ = try await store.write(in: .store) { try await $0.submit([sampleTask("waiting")]) }
            for id in ["waiting", "t", "t"] {
                let task = try await store.write(in: .store) {
                    try await $0.cancel(TaskID(rawValue: id), at: noon + .seconds(1))
                }
                #expect(task.state == .exception && task.reason == .cancelled)
            }
            #expect(try await store.read { try await $0.pendingTasks(of: samplePool) } == 0)
            #expect(
                try await report(store, run, worker, RunEnd(.completed, because: .completed)) == .claimLost)
            #expect(try await store.read { try await $0.worker(worker)?.claimed } == 0)
            await #expect(throws: Problem.self) {
                try await store.write(in: .store) {
                    _ = try await $0.cancel(TaskID(rawValue: "none"), at: noon)
                }
            }
        }
    }

    @Test(
        "Tasks whose deadline passes are resolved, whether they wait or run", arguments: StoreEngine.allCases)
    func deadlines(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await definePool(store)
            let worker = try await runWorker(store, "w")
            let tasks = [
                sampleTask("running", deadline: noon + .seconds(10)),
                sampleTask("waiting", deadline: noon + .seconds(20)),
            ]
            _ = try await store.write(in: .store) { try await $0.submit(tasks) }
            _ = try await store.claim(worker, request: "r")
            #expect(try await store.read { try await $0.nextTaskDeadline() } == noon + .seconds(10))
            #expect(
                try await store.write(in: .store) {
                    try await $0.resolveOverdueTasks(of: [samplePool], by: noon + .seconds(20), limit: 10)
                }
                    == 2)
            #expect(try await store.read { try await $0.nextTaskDeadline() } == nil)
            #expect(try await store.read { try await $0.worker(worker)?.claimed } == 0)
            #expect(try await store.read { try await $0.pendingTasks(of: samplePool) } == 0)
        }
    }

    @Test(
        "A worker that has run out of work is looked at soon, one that drains at once, and never later than before",
        arguments: StoreEngine.allCases)
    func nextLook(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await definePool(store)
            let end = RunEnd(.completed, because: .completed)
            let cases: [(String, drains: Bool, lookAt: Duration?, expected: ClosedRange<Duration>)] = [
                ("busy", false, nil, .milliseconds(1_001)...(.seconds(2))),
                ("due", false, .milliseconds(1_200), .milliseconds(1_200)...(.milliseconds(1_200))),
                ("later", false, .seconds(3_600), .milliseconds(1_001)...(.seconds(2))),
                ("draining", true, .seconds(3_600), .seconds(1)...(.seconds(1))),
            ]
            for (name, drains, lookAt, expected) in cases {
                let key = try await runWorker(store, name)
                _ = try await store.write(in: .store) { try await $0.submit([sampleTask(name)]) }
                let run = try await store.claim(key, request: "r").tasks[0].run
                try await store.write(in: .store) { transaction in
                    guard let old = try await transaction.worker(key) else { return }
                    var worker = old
                    if drains { _ = worker.drain(because: "test") }
                    try await transaction.save(worker, was: old, lookAt: lookAt.map { noon + $0 })
                }
                #expect(try await report(store, run, key, end) == .accepted(.completed))
                let next = try await store.read { try await $0.nextWorkerLook() }
                #expect(next.map { expected.contains($0 - noon) } == true, "\(name)")
                try await store.write(in: .store) { try await $0.setNextLook(at: nil, for: key) }
            }
        }
    }
}
