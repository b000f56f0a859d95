import MusterAPI
import MusterCore
import MusterStore
import MusterTesting

@testable import MusterCommand

/// What a person orders: the answer is lost, so it is ordered again.
extension KillScenario {
    static let poolPaused = KillScenario(
        provoke: { fleet in
            try await fleet.define()
            try await fleet.pause()
        },
        recover: { fleet in
            try await fleet.pause()
            try await fleet.resume()
            try await endEveryday(fleet)
        },
        isRepeatable: false, outcome: Outcome(events: [.poolPaused: 1, .poolResumed: 1]))

    static let poolResumed = KillScenario(
        prepare: { fleet in
            try await fleet.start()
            try await fleet.define()
            try await fleet.pause()
            await fleet.stop()
        },
        provoke: { try await $0.resume() },
        recover: { fleet in
            try await fleet.resume()
            try await endEveryday(fleet)
        },
        outcome: Outcome(events: [.poolPaused: 1, .poolResumed: 1]))

    static let poolDeleted = KillScenario(
        prepare: { fleet in
            try await fleet.start()
            try await endEveryday(fleet)
            await fleet.stop()
        },
        provoke: { try await $0.delete() },
        recover: { fleet in
            do {
                try await fleet.delete()
            } catch let problems as Problems {
                // Whoever asks again hears that it is done.
                guard problems.all.map(\.code) == [.poolNotFound] else { throw problems }
            }
            try await fleet.untilIdle(tasks: 2)
        },
        outcome: Outcome(events: [.poolDeleted: 1, .launchConfigArchived: 1]))

    static let frozen = KillScenario(
        provoke: { fleet in
            try await fleet.define()
            try await fleet.freeze()
        },
        recover: { fleet in
            try await fleet.freeze()
            try await fleet.unfreeze()
            try await endEveryday(fleet)
        },
        isRepeatable: false, outcome: Outcome(events: [.frozen: 1, .unfrozen: 1]))

    static let unfrozen = KillScenario(
        prepare: { fleet in
            try await fleet.start()
            try await fleet.define()
            try await fleet.freeze()
            await fleet.stop()
        },
        provoke: { try await $0.unfreeze() },
        recover: { fleet in
            try await fleet.unfreeze()
            try await endEveryday(fleet)
        },
        outcome: Outcome(events: [.frozen: 1, .unfrozen: 1]))

    static let launchConfigPaused = KillScenario(
        provoke: { fleet in
            try await fleet.define()
            try await fleet.order("pause", of: launchConfig)
        },
        recover: { fleet in
            try await fleet.order("pause", of: launchConfig)
            try await fleet.order("resume", of: launchConfig)
            try await endEveryday(fleet)
        },
        isRepeatable: false, outcome: Outcome(events: [.launchConfigPaused: 1, .launchConfigResumed: 1]))

    static let launchConfigResumed = KillScenario(
        prepare: { fleet in
            try await fleet.start()
            try await fleet.define()
            try await fleet.order("pause", of: launchConfig)
            await fleet.stop()
        },
        provoke: { try await $0.order("resume", of: launchConfig) },
        recover: { fleet in
            try await fleet.order("resume", of: launchConfig)
            try await endEveryday(fleet)
        },
        outcome: Outcome(events: [.launchConfigPaused: 1, .launchConfigResumed: 1]))

    /// A worker is taken out of service while it has work.
    static let workerRetired = KillScenario(
        provoke: { fleet in
            try await fleet.define()
            _ = try await fleet.submit(1, work: fleet.gated)
            try await fleet.until("the run") { try await fleet.task(0).state == "running" }
            try await fleet.retireHolder(of: 0)
        },
        recover: { fleet in
            try await fleet.retireHolder(of: 0)
            try fleet.openGate()
            try await fleet.untilIdle(tasks: 1)
        },
        outcome: Outcome(completed: ["task-0": 0], instances: 1...1, events: [.workerDraining: 1]))

    /// A person makes a worker, and takes it away.
    static let workerMade = KillScenario(
        provoke: { try await $0.makeStaticWorker() },
        recover: { fleet in
            try await fleet.makeStaticWorker()
            for _ in 0..<2 {
                _ = try await fleet.client().delete(MusterFleet.staticWorker, WorkerDocument.self)
            }
            try await endEveryday(fleet)
        },
        isRepeatable: false,
        // Those of the two tasks, and the one that was made.
        outcome: Outcome(instances: 3...3))

    /// There is nothing to mend, whoever has died over whatever. What the pool launches is settled before the service
    /// dies: else the first of the two instances alone might have been started, and would do both tasks.
    static let countersRecounted = KillScenario(
        provoke: { fleet in
            try await beginEveryday(fleet)
            try await fleet.until("the launch is settled") {
                try await fleet.client().get(APIPath.launches + "?state=settled", LaunchesAnswer.self)
                    .launches.contains { $0.obtained == 2 }
            }
            try await fleet.recount()
        },
        recover: { fleet in
            try await endEveryday(fleet)
            try await fleet.recount()
        },
        outcome: Outcome(events: [.recounted: 0]))

    /// A backup is there whole or not at all.
    static let backup = KillScenario(
        provoke: { fleet in
            try await fleet.define()
            try await fleet.backUp()
        },
        recover: { fleet in
            try await endEveryday(fleet)
            try await fleet.backUp()
            let copy = try RawDatabase(path: fleet.backupFile)
            let integrity = try await copy.read { try await $0.row("PRAGMA integrity_check") }
            guard try integrity?.text("integrity_check") == "ok" else {
                throw Problem(.storeFailed, "the backup is damaged")
            }
        })

    private static let launchConfig = APIPath.launchConfig(
        LaunchConfigID(rawValue: "standard"), of: MusterFleet.pool)

    /// Nothing runs while everything is frozen, so the task waits when it is cancelled.
    static let taskCancelled = KillScenario(
        prepare: submitFrozen,
        provoke: { try await $0.cancel(0) },
        recover: { fleet in
            try await fleet.cancel(0)
            try await fleet.unfreeze()
            try await fleet.untilIdle(tasks: 2)
        },
        outcome: Outcome(
            completed: ["task-1": 0], withdrawn: ["task-0"], instances: 1...1, events: [.taskException: 1]))

    /// Both tasks are cancelled with one call.
    static func cancelled(_ request: CancelTasksRequest) -> KillScenario {
        KillScenario(
            prepare: submitFrozen,
            provoke: { try await $0.cancel(request) },
            recover: { fleet in
                try await fleet.cancel(request)
                try await fleet.untilIdle(tasks: 2)
            },
            outcome: Outcome(
                completed: [:], withdrawn: ["task-0", "task-1"], instances: 0...0,
                events: [.taskException: 2]))
    }

    private static let submitFrozen: Step = { fleet in
        try await fleet.start()
        try await fleet.define()
        try await fleet.freeze()
        _ = try await fleet.submit(2)
        await fleet.stop()
    }
}

extension MusterFleet {
    fileprivate struct Ignored: Decodable {}

    func pause(until: Timestamp? = nil) async throws {
        _ = try await client().post(
            APIPath.pause(Self.pool), PauseRequest(until: until, reason: "test"), Ignored.self)
    }

    func resume() async throws {
        _ = try await client().post(APIPath.resume(Self.pool), [String: String](), Ignored.self)
    }

    func delete() async throws { _ = try await client().delete(APIPath.pool(Self.pool), Ignored.self) }

    func freeze() async throws {
        _ = try await client().post(APIPath.freeze, ["reason": "test"], Ignored.self)
    }

    func unfreeze() async throws {
        _ = try await client().post(APIPath.unfreeze, [String: String](), Ignored.self)
    }

    /// Orders something that needs no words.
    func order(_ verb: String, of path: String) async throws {
        _ = try await client().post("\(path)/\(verb)", [String: String](), Ignored.self)
    }

    /// Takes the worker out of service that had the last run of a task.
    func retireHolder(of index: Int) async throws {
        guard let run = try await task(index).runs?.last else { throw Problem(.workerNotFound, "no run") }
        let worker = WorkerKey(poolID: Self.pool, group: run.workerGroup, id: run.workerId)
        try await order("retire", of: APIPath.worker(worker))
    }

    func recount() async throws {
        _ = try await client().post(APIPath.recount, [String: String](), Ignored.self)
    }

    var backupFile: String { folder.path + "/backup.db" }

    func backUp() async throws {
        let request = BackupRequest(path: backupFile, replacing: true)
        _ = try await client().post(APIPath.backup, request, Ignored.self)
    }

    func cancel(_ request: CancelTasksRequest) async throws {
        _ = try await client().post(APIPath.cancelTasks, request, CancelTasksAnswer.self)
    }

    func cancel(_ index: Int) async throws {
        let id = TaskID(rawValue: "task-\(index)")
        _ = try await client().post(APIPath.cancel(id), [String: String](), Ignored.self)
    }
}
