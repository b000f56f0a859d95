import MusterAPI
import MusterCore
import MusterEngine
import MusterHTTP
import MusterRuntime
import MusterStore
import Testing

@testable import MusterServer

@Suite("What operators call", .timeLimit(.minutes(1)))
struct PoolRouteTests {
    private let pools = "/api/muster/v1/worker-pools"
    private let pool = "/api/muster/v1/worker-pools/demo%2Fbuild"
    private let apply = "/api/muster/v1/apply"

    private func definition(_ id: String = "demo/build", config: String = #"{"image":"a"}"#) -> String {
        """
        {"workerPoolId":"\(id)","providerId":"scripted","description":"builds","owner":"ada@example.org",
        "config":{"maxCapacity":3,"launchConfigs":[\(config)]}}
        """
    }

    private func apply(_ served: ServedEngine, _ definitions: [String], _ rest: String = "") async throws
        -> HTTPResponse
    {
        try await served.call(
            .post, apply, body: #"{"workerPools":[\#(definitions.joined(separator: ","))]\#(rest)}"#)
    }

    private func state(_ served: ServedEngine) async throws -> String? {
        try await served.call(.get, pool).document["state"]?.text
    }

    @Test("definitions are applied, tried out and pruned")
    func applies() async throws {
        try await ServedEngine.with { served in
            let tried = try await apply(served, [definition()], #","dryRun":true"#)
            #expect(tried.status == 200)
            #expect(try tried.document["dryRun"]?.value == .boolean(true))
            #expect(try await served.call(.get, pool).status == 404)
            let applied = try await apply(served, [definition(), definition("demo/test")])
            let answer = try JSON.decode(ApplyAnswer.self, from: applied.body)
            #expect(!answer.dryRun)
            #expect(answer.changes.map(\.workerPoolId.rawValue) == ["demo/build", "demo/test"])
            #expect(answer.changes[0].changes[0] == .init("pool", "created", .added))
            let pruned = try await apply(served, [definition()], #","prune":true"#)
            #expect(try pruned.document["changes"]?.elements.first?["workerPoolId"]?.text == "demo/test")
            // An unnamed pool is only pruned when that is asked for.
            #expect(try await state(served) == "active")
        }
    }

    @Test("definitions that make no sense are refused with every problem and its place")
    func applyRefused() async throws {
        try await ServedEngine.with { served in
            let bad = definition("demo/test", config: #"{"invalid":1},{"workerManager":{"initialWeight":2}}"#)
            let response = try await apply(served, [definition(), bad])
            #expect(response.status == 400)
            #expect(
                try response.error.field
                    == "workerPools[1].config.launchConfigs[1].workerManager.initialWeight")
            let provider = try await apply(
                served, [definition(config: #"{"invalid":1},{"invalid":2}"#)])
            #expect(provider.status == 400)
            #expect(
                try provider.error.problems?.map(\.field) == [
                    "demo/build: config.launchConfigs[0].invalid",
                    "demo/build: config.launchConfigs[1].invalid",
                ])
            let stray = try await apply(
                served, [definition().replacing("scripted", with: "moon")])
            #expect(stray.status == 400)
            #expect(try stray.error.code == "provider-unknown")
            let missing = try await served.call(.post, apply, body: "{}")
            #expect(missing.status == 400)
            #expect(try missing.error.field == "workerPools")
            #expect(try await served.call(.get, pools).document["workerPools"]?.elements == [])
        }
    }

    @Test("a pool is shown with its definition, capacity, weights and last plan, whichever way it is named")
    func shown() async throws {
        try await ServedEngine.with { served in
            _ = try await served.runningWorkers(2)
            let answer = try await served.call(.get, pool).document
            #expect(answer["workerPoolId"]?.text == "demo/build")
            #expect(answer["config"]?["minCapacity"]?.value == .integer(2))
            #expect(answer["config"]?["launchConfigs"]?.elements.count == 1)
            #expect(
                answer["capacity"]?["running"]?.canonicalJSON == #"{"capacity":2,"claimed":0,"workers":2}"#)
            let config = try #require(answer["launchConfigs"]?.elements.first)
            #expect(config["launchConfigId"]?.text == "standard" && config["weight"]?.value != nil)
            #expect(answer["plan"]?["workerPoolId"]?.text == "demo/build")
            #expect(answer["pendingTasks"]?.value == .integer(0))
            #expect(
                try await served.call(.get, pools + "/demo/build").document["created"] == answer["created"])
            let list = try await served.call(.get, pools).document["workerPools"]?.elements
            #expect(list?.map { $0["workerPoolId"]?.text } == ["demo/build"])
            let nowhere = try await served.call(.get, pools + "/demo/none")
            #expect(nowhere.status == 404)
            #expect(try nowhere.error.code == "pool-not-found")
        }
    }

    @Test("a pool is paused, for a time or until it is resumed")
    func pause() async throws {
        try await ServedEngine.with { served in
            try await served.define()
            #expect(try await state(served) == "active")
            let forGood = try await served.call(.post, pool + "/pause")
            #expect(try forGood.document["state"]?.text == "paused")
            let until = served.engine.now + .seconds(3_600)
            let paused = try await served.call(
                .post, pools + "/demo/build/pause", body: #"{"until":"\#(until)","reason":"repairs"}"#)
            #expect(try paused.document["pausedUntil"]?.text == until.description)
            #expect(try paused.document["pauseReason"]?.text == "repairs")
            let resumed = try await served.call(.post, pool + "/resume")
            #expect(try resumed.document["state"]?.text == "active")
            let past = try await served.call(
                .post, pool + "/pause", body: #"{"until":"2026-01-01T00:00:00Z"}"#)
            #expect(past.status == 400)
            #expect(try past.error.field == "until")
            #expect(try await served.call(.post, pools + "/demo/none/pause").status == 404)
            #expect(try await served.call(.post, pools + "/demo/none/resume").status == 404)
            #expect(try await state(served) == "active")
        }
    }

    @Test("everything is frozen, and thawed again")
    func freeze() async throws {
        try await ServedEngine.with { served in
            try await served.define()
            let frozen = try await served.call(.post, "/api/muster/v1/freeze", body: #"{"reason":"fire"}"#)
            #expect(try frozen.document.canonicalJSON == #"{"frozen":true}"#)
            #expect(try await served.store.read { try await $0.setting("frozen") } == "fire")
            #expect(try await state(served) == "frozen")
            let thawed = try await served.call(.post, "/api/muster/v1/unfreeze")
            #expect(try thawed.document.canonicalJSON == #"{"frozen":false}"#)
            #expect(try await state(served) == "active")
            #expect(try await served.call(.post, "/api/muster/v1/freeze").status == 200)
            let unknown = try await served.call(.post, "/api/muster/v1/freeze", body: #"{"why":"x"}"#)
            #expect(unknown.status == 400)
            #expect(try unknown.error.field == "why")
        }
    }

    @Test("a pool is deleted once no task waits for it")
    func delete() async throws {
        try await ServedEngine.with { served in
            try await served.define(max: 0)
            let task = try await served.engine.tasks.submit([
                TaskSubmission(poolID: ServedEngine.pool, payload: TaskPayload(command: ["true"]))
            ])[0]
            let refused = try await served.call(.delete, pool)
            #expect(refused.status == 409)
            #expect(try refused.error.code == "conflict")
            _ = try await served.engine.tasks.cancel(task.id, by: "test")
            let deleted = try await served.call(.delete, pools + "/demo/build")
            #expect(deleted.status == 200)
            #expect(try deleted.document["state"]?.text == "deleted")
            #expect(try await served.call(.delete, pool).status == 404)
        }
    }

    @Test("the status shows every loop, with what it last did and when")
    func status() async throws {
        try await ServedEngine.with { served in
            // A worker that was asked for was asked for by a pass.
            _ = try await served.requestedWorkers(1)
            let answer = try await served.call(.get, "/api/muster/v1/status").document
            #expect(answer.names == ["now", "clock", "loops"])
            #expect(answer["clock"]?.names == ["steadySince", "timesSet"])
            let loops = try #require(answer["loops"]?.elements)
            #expect(
                Set(loops.compactMap { $0["name"]?.text }) == [
                    "workers", "tasks", "launches", "clock", "contacts", "retention", "limits",
                    "reconcile:scripted",
                    "pass:demo/build",
                ])
            for loop in loops {
                #expect(loop["runs"]?.value != nil && loop["error"] == nil)
                #expect(loop["begunAt"]?.text.flatMap { Timestamp($0) } != nil)
            }
        }
    }
}
