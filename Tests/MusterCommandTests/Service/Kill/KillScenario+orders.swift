import MusterAPI
import MusterCore

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

    /// Nothing runs while everything is frozen, so the task waits when it is cancelled.
    static let taskCancelled = KillScenario(
        prepare: { fleet in
            try await fleet.start()
            try await fleet.define()
            try await fleet.freeze()
            _ = try await fleet.submit(2)
            await fleet.stop()
        },
        provoke: { try await $0.cancel(0) },
        recover: { fleet in
            try await fleet.cancel(0)
            try await fleet.unfreeze()
            try await fleet.untilIdle(tasks: 2)
        },
        outcome: Outcome(
            completed: ["task-1": 0], withdrawn: ["task-0"], instances: 1...1, events: [.taskException: 1]))
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

    func cancel(_ index: Int) async throws {
        let id = TaskID(rawValue: "task-\(index)")
        _ = try await client().post(APIPath.cancel(id), [String: String](), Ignored.self)
    }
}
