import Glibc
import MusterAPI
import MusterCore
import MusterEngine
import MusterHTTP
import MusterRuntime
import MusterStore
import MusterTesting
import Testing

@testable import MusterServer

@Suite("Launch configs, plans and the audit", .timeLimit(.minutes(1)))
struct LaunchConfigRouteTests {
    private let config = "/api/muster/v1/worker-pools/demo%2Fbuild/launch-configs/standard"

    @Test("a launch config is listed, shown, paused and resumed")
    func pause() async throws {
        try await ServedEngine.with { served in
            _ = try await served.requestedWorkers(1)
            let list = try JSON.decode(
                LaunchConfigsAnswer.self,
                from: try await served.call(.get, "/api/muster/v1/launch-configs").body)
            #expect(list.launchConfigs.map(\.launchConfigId.rawValue) == ["standard"])
            #expect(list.launchConfigs[0].capacity["requested"]?.workers == 1)
            #expect(list.launchConfigs[0].content == nil && list.launchConfigs[0].weight == 1)
            let shown = try await served.call(.get, config).document
            #expect(shown["content"]?["workerConfig"]?["colour"]?.text == "blue")
            let until = served.engine.now + .seconds(3_600)
            let paused = try await served.call(
                .post, config + "/pause", body: #"{"until":"\#(until)","reason":"bad image"}"#)
            let document = try JSON.decode(LaunchConfigDocument.self, from: paused.body)
            #expect(document.isPaused && document.pausedUntil == until && document.weight == 0)
            #expect(document.pauseReason == "bad image" && document.excluded == "paused")
            let resumed = try await served.call(.post, config + "/resume").document
            #expect(resumed["isPaused"]?.value == .boolean(false) && resumed["pausedUntil"] == nil)
            let past = try await served.call(
                .post, config + "/pause", body: #"{"until":"2020-01-01T00:00:00Z"}"#)
            #expect(past.status == 400)
            #expect(try past.error.field == "until")
            for (method, target) in [
                (HTTPMethod.get, "standar"), (.post, "standar/pause"), (.post, "standar/resume"),
            ] {
                let response = try await served.call(
                    method, "/api/muster/v1/worker-pools/demo/build/launch-configs/" + target)
                #expect(response.status == 404)
                #expect(try response.error.code == "launch-config-not-found")
            }
        }
    }

    @Test("one that nothing can be had for says until when")
    func unavailable() async throws {
        try await ServedEngine.with { served in
            let noRoom = CloudError(.capacity(offering: "spot/a"), cloudCode: "ICE", message: "none is left")
            served.provider.sell(["one": [Offering(name: "spot/a")]])
            served.provider.behave(.refuses(noRoom))
            let definition = PoolDefinition(
                id: PoolID(rawValue: "demo/marked"), providerID: served.provider.id,
                scale: PoolScale(minCapacity: 1, maxCapacity: 1),
                launchConfigs: [
                    LaunchConfigDefinition(
                        id: LaunchConfigID(rawValue: "one"), content: .object(["name": .string("one")]),
                        settings: LaunchConfigSettings())
                ])
            _ = try await served.engine.control.apply([definition], prune: false, dryRun: false, by: "test")
            let (id, now) = (served.provider.id, served.engine.now)
            while try await served.engine.store.read({
                try await $0.offeringMarks(of: id, named: ["spot/a"], at: now).isEmpty
            }) {
                await Task.yield()
            }
            let shown = try await served.call(
                .get, "/api/muster/v1/worker-pools/demo%2Fmarked/launch-configs/one")
            let document = try JSON.decode(LaunchConfigDocument.self, from: shown.body)
            // Two minutes after the mark at the latest: there is nothing else to launch from.
            let until = try #require(document.unavailableUntil)
            #expect((now + .seconds(120)...served.engine.now + .seconds(120)).contains(until))
            #expect(document.weight > 0)
        }
    }

    @Test("launch configs of several pools come page by page, archived ones only if asked for")
    func pages() async throws {
        try await ServedEngine.with { served in
            func apply(_ configs: [String]) async throws {
                _ = try await served.engine.control.apply(
                    ["demo/a", "demo/b"].map { pool in
                        PoolDefinition(
                            id: PoolID(rawValue: pool), providerID: served.provider.id,
                            scale: PoolScale(maxCapacity: 1),
                            launchConfigs: configs.map {
                                LaunchConfigDefinition(
                                    id: LaunchConfigID(rawValue: $0), content: .object(["n": .string($0)]),
                                    settings: LaunchConfigSettings())
                            })
                    }, prune: false, dryRun: false, by: "test")
            }
            try await apply(["x", "y"])
            try await apply(["y"])
            func names(_ query: String) async throws -> [String] {
                var names: [String] = []
                var token: String?
                repeat {
                    let page = token.map { "&continuationToken=\(APIPath.segment($0))" } ?? ""
                    let answer = try JSON.decode(
                        LaunchConfigsAnswer.self,
                        from: try await served.call(.get, "/api/muster/v1/launch-configs?\(query)\(page)")
                            .body)
                    names += answer.launchConfigs.map { "\($0.workerPoolId)/\($0.launchConfigId)" }
                    token = answer.continuationToken
                } while token != nil
                return names
            }
            // At once: a pass forgets those of which nothing is left.
            #expect(
                try await names("archived=true&limit=3")
                    == ["demo/a/x", "demo/a/y", "demo/b/x", "demo/b/y"])
            #expect(try await names("limit=1") == ["demo/a/y", "demo/b/y"])
            #expect(try await names("workerPoolId=demo%2Fb") == ["demo/b/y"])
        }
    }

    @Test("a plan can be made without being carried out, and those that were are kept")
    func plans() async throws {
        try await ServedEngine.with { served in
            _ = try await served.requestedWorkers(2)
            let path = "/api/muster/v1/worker-pools/demo%2Fbuild"
            let fresh = try JSON.decode(
                PlanDocument.self, from: try await served.call(.get, path + "/plan").body)
            #expect(fresh.wanted == 2 && fresh.supply == 2 && fresh.toLaunch == 0)
            let plans = try JSON.decode(
                PlansAnswer.self, from: try await served.call(.get, path + "/plans").body
            ).plans
            #expect(plans.contains { $0.plan.toLaunch == 2 && $0.repeats == 1 })
            #expect(plans.map(\.last) == plans.map(\.last).sorted(by: >))
            for target in ["plan", "plans"] {
                let none = try await served.call(.get, "/api/muster/v1/worker-pools/no/pool/\(target)")
                #expect(none.status == 404)
                #expect(try none.error.code == "pool-not-found")
            }
        }
    }

    @Test("every order is in the audit, with the user that the kernel says gave it")
    func audit() async throws {
        try await ServedEngine.with { served in
            try await served.define(max: 0)
            let pool = "/api/muster/v1/worker-pools/demo%2Fbuild"
            _ = try await served.engine.tasks.submit([
                TaskSubmission(
                    id: TaskID(rawValue: "t-1"), poolID: ServedEngine.pool,
                    payload: TaskPayload(command: ["true"]))
            ])
            for (method, target) in [
                (HTTPMethod.post, pool + "/pause"), (.post, pool + "/resume"), (.post, config + "/pause"),
                (.post, config + "/resume"), (.post, "/api/muster/v1/freeze"),
                (.post, "/api/muster/v1/unfreeze"), (.post, "/api/muster/v1/tasks/t-1/cancel"),
                (.delete, pool),
            ] {
                #expect(try await served.call(method, target).status == 200, "\(target)")
            }
            let answer = try JSON.decode(
                AuditAnswer.self, from: try await served.call(.get, "/api/muster/v1/audit").body)
            #expect(
                answer.audit.reversed().map { "\($0.action) \($0.subject)" } == [
                    "apply pool/demo/build", "pause pool/demo/build", "resume pool/demo/build",
                    "pause launch-config/demo/build/standard", "resume launch-config/demo/build/standard",
                    "freeze fleet", "unfreeze fleet", "cancel task/t-1", "delete pool/demo/build",
                ])
            let user = "local user \(LocalUser.name(of: geteuid()))"
            #expect(answer.audit.dropLast().allSatisfy { $0.actor == user })
            let mine = try await served.call(
                .get, "/api/muster/v1/audit?limit=1&subject=fleet&actor=\(APIPath.segment(user))")
            let page = try JSON.decode(AuditAnswer.self, from: mine.body)
            #expect(page.audit.map(\.action) == ["unfreeze"])
            let next = try await served.call(
                .get,
                "/api/muster/v1/audit?subject=fleet&continuationToken=\(page.continuationToken ?? "")")
            #expect(try JSON.decode(AuditAnswer.self, from: next.body).audit.map(\.action) == ["freeze"])
        }
    }

    @Test("a user without a name is told by its number, and root by its name")
    func users() {
        #expect(LocalUser.name(of: 0) == "root")
        #expect(LocalUser.name(of: 3_987_654_321) == "3987654321")
    }
}
