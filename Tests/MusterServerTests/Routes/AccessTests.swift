import MusterAPI
import MusterCore
import MusterEngine
import MusterHTTP
import MusterRuntime
import MusterStore
import Testing

@testable import MusterServer

@Suite("Who may call what", .timeLimit(.minutes(1)))
struct AccessTests {
    static let operatorCalls: [(HTTPMethod, String)] = [
        (.get, "/api/muster/v1/status"), (.post, "/api/muster/v1/freeze"),
        (.post, "/api/muster/v1/unfreeze"), (.get, "/api/muster/v1/worker-pools"),
        (.get, "/api/muster/v1/worker-pools/demo%2Fbuild"),
        (.delete, "/api/muster/v1/worker-pools/demo%2Fbuild"),
        (.post, "/api/muster/v1/worker-pools/demo%2Fbuild/pause"),
        (.post, "/api/muster/v1/worker-pools/demo/build/resume"),
        (.get, "/api/muster/v1/worker-pools/demo/build/tasks"), (.post, "/api/muster/v1/apply"),
        (.post, "/api/muster/v1/tasks"), (.get, "/api/muster/v1/tasks/t-1"),
        (.post, "/api/muster/v1/tasks/t-1/cancel"), (.post, "/api/muster/v1/tasks/cancel"),
        (.get, "/api/muster/v1/doctor"), (.post, "/api/muster/v1/recount"),
        (.post, "/api/muster/v1/backup"),
        (.get, "/api/muster/v1/worker-pools/demo/build/plan"),
        (.get, "/api/muster/v1/worker-pools/demo%2Fbuild/plans"), (.get, "/api/muster/v1/launch-configs"),
        (.get, "/api/muster/v1/worker-pools/demo/build/launch-configs/standard"),
        (.post, "/api/muster/v1/worker-pools/demo/build/launch-configs/standard/pause"),
        (.post, "/api/muster/v1/worker-pools/demo/build/launch-configs/standard/resume"),
        (.get, "/api/muster/v1/workers"), (.get, "/api/muster/v1/worker-pools/demo/build/workers/g/w"),
        (.post, "/api/muster/v1/worker-pools/demo/build/workers/g/w/retire"),
        (.put, "/api/muster/v1/worker-pools/demo/build/workers/g/w"),
        (.patch, "/api/muster/v1/worker-pools/demo/build/workers/g/w"),
        (.delete, "/api/muster/v1/worker-pools/demo%2Fbuild/workers/g/w"),
        (.get, "/api/muster/v1/providers"), (.post, "/api/muster/v1/providers/scripted/check"),
        (.post, "/api/muster/v1/providers/gone/forget"),
        (.post, "/api/muster/v1/launch-configs/validate"),
        (.get, "/api/muster/v1/launches"), (.get, "/api/muster/v1/launches/l-1"),
        (.get, "/api/muster/v1/events"), (.get, "/api/muster/v1/audit"),
        (.get, "/api/muster/v1/replicas"),
        (.get, "/api/muster/v1/limits"), (.post, "/api/muster/v1/limits"),
        (.get, "/api/muster/v1/limits/gpu"), (.patch, "/api/muster/v1/limits/pool%3Ademo%2Fbuild"),
        (.delete, "/api/muster/v1/limits/gpu"), (.get, "/api/muster/v1/limits/gpu/holders"),
        (.post, "/api/muster/v1/slots/acquire"), (.post, "/api/muster/v1/slots/renew"),
        (.post, "/api/muster/v1/slots/release"), (.head, "/api/muster/v1/status"),
    ]

    @Test("operators' calls are refused over the network, whatever they show, and change nothing")
    func network() async throws {
        try await ServedEngine.with { served in
            let token = try await served.runningWorkers(1)[0].token
            for (method, target) in Self.operatorCalls {
                let body = method == .post ? #"{"reason":"x","tasks":[],"workerPools":[]}"# : nil
                let response = try await served.call(method, target, body: body, token: token, by: .network)
                #expect(response.status == 403, "\(method) \(target)")
                if method != .head {
                    #expect(try response.error.code == "not-permitted", "\(method) \(target)")
                }
            }
            let pool = try await served.store.read { try await $0.pool(ServedEngine.pool) }
            #expect(pool?.isDeleted == false && pool?.pause == nil)
            #expect(try await served.store.read { try await $0.setting("frozen") } == nil)
        }
    }

    @Test("every route that asks for no credentials and no socket is on this list")
    func complete() async throws {
        try await ServedEngine.with { served in
            let routes = Router.routes(of: served.engine)
            #expect(
                routes.filter { $0.access == .anyone }.map(\.name) == ["registerWorker", "healthz", "readyz"])
            #expect(routes.count { $0.access == .localOperator } == Self.operatorCalls.count - 1)
            #expect(Set(routes.map(\.name)).count == routes.count)
        }
    }

    @Test("whether it lives and is ready is told to everybody", arguments: ServedEngine.Way.allCases)
    func health(way: ServedEngine.Way) async throws {
        try await ServedEngine.with { served in
            let lives = try await served.call(.get, "/healthz", by: way)
            #expect(lives.status == 200 && lives.text == "ok\n")
            let ready = try await served.call(.get, "/readyz", by: way)
            #expect(ready.status == 200 && ready.text == "ready\n")
            await served.store.close()
            #expect(try await served.call(.get, "/healthz", by: way).status == 200)
            let closed = try await served.call(.get, "/readyz", by: way)
            #expect(closed.status == 503)
            #expect(try closed.error.code == "shutting-down")
        }
    }

    @Test(
        "a path that is none is not found",
        arguments: [
            "/", "/api", "/healthz/", "/api/muster/v2/status", "/api/muster/v1/worker-pools/demo",
            "/api/muster/v1/worker-pools/demo/build/other", "/api/muster/v1/tasks/a/b/c",
            "/api/muster/v1/worker-pools/demo%2Fbuild/tasks/",
        ])
    func notFound(target: String) async throws {
        try await ServedEngine.with { served in
            for way in ServedEngine.Way.allCases {
                let response = try await served.call(.get, target, by: way)
                #expect(response.status == 404)
                #expect(try response.error.code == "route-not-found")
                #expect(try response.error.requestId?.hasPrefix("request-") == true)
            }
        }
    }

    @Test(
        "a method that is not possible is refused, and the others are named",
        arguments: [
            (HTTPMethod.put, "/healthz", "GET, HEAD"), (.get, "/api/muster/v1/freeze", "POST"),
            (.head, "/api/muster/v1/tasks", "POST"),
            (.post, "/api/muster/v1/worker-pools/demo/build", "GET, DELETE, HEAD"),
            (.get, "/api/worker-manager/v1/worker/register", "POST"),
        ])
    func wrongMethod(method: HTTPMethod, target: String, allowed: String) async throws {
        try await ServedEngine.with { served in
            let response = try await served.call(method, target)
            #expect(response.status == 405)
            #expect(response.header("Allow") == allowed)
            guard method != .head else { return }
            #expect(try response.error.code == "method-not-allowed")
            #expect(try response.error.message.contains(allowed))
        }
    }

    @Test("HEAD gives the head of GET and no body", arguments: ["/healthz", "/api/muster/v1/worker-pools"])
    func head(target: String) async throws {
        try await ServedEngine.with { served in
            let whole = try await served.call(.get, target)
            let head = try await served.call(.head, target)
            #expect(head.status == 200 && head.body.isEmpty)
            #expect(head.header("Content-Type") == whole.header("Content-Type"))
            #expect(head.header("Content-Length") == String(whole.body.count))
        }
    }

    @Test("every error has the request's id, and no two requests have the same")
    func requestIDs() async throws {
        try await ServedEngine.with { served in
            var ids: Set<String> = []
            for target in ["/x", "/api/muster/v1/tasks/none", "/api/muster/v1/worker-pools/demo/none"] {
                for _ in 0..<2 {
                    let id = try #require(try await served.call(.get, target).error.requestId)
                    #expect(ids.insert(id).inserted)
                }
            }
            // The transport's own refusals too.
            let large = String(repeating: " ", count: HTTPPolicy.bodyBytes + 1)
            let refused = try await served.call(.post, "/api/muster/v1/freeze", body: large)
            #expect(ids.insert(try #require(try refused.error.requestId)).inserted)
        }
    }
}
