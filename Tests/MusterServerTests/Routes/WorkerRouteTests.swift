import MusterAPI
import MusterCore
import MusterEngine
import MusterHTTP
import MusterRuntime
import MusterStore
import MusterTesting
import Testing

@testable import MusterServer

@Suite("What workers call", .timeLimit(.minutes(1)))
struct WorkerRouteTests {
    private func claims(_ pool: String = "demo%2Fbuild") -> String {
        "/api/muster/v1/worker-pools/\(pool)/claims"
    }

    private func claim(
        _ key: WorkerKey, request: String = "r", tasks: Int = 1, holding: String = "", wait: Double = 0
    ) -> String {
        """
        {"workerGroup":"\(key.group)","workerId":"\(key.id)","requestId":"\(request)","tasks":\(tasks),
        "holding":[\(holding)],"waitSeconds":\(wait)}
        """
    }

    private func shouldTerminate(_ key: WorkerKey, pool: String = "demo%2Fbuild") -> String {
        "/api/worker-manager/v1/workers/\(pool)/\(key.group)/\(key.id)/should-terminate"
    }

    private func submit(_ served: ServedEngine, _ count: Int = 1) async throws -> [QueuedTask] {
        try await served.engine.tasks.submit(
            (0..<count).map { _ in
                TaskSubmission(
                    poolID: ServedEngine.pool, tenant: Tenant(rawValue: "ada"), priority: .high,
                    payload: TaskPayload(command: ["echo", "hello"], environment: ["A": "b"], maxRunTime: 9))
            })
    }

    @Test(
        "should-terminate answers {terminate, reason}, whichever way the pool's id is written",
        arguments: ["demo%2Fbuild", "demo/build"])
    func shouldTerminate(pool: String) async throws {
        try await ServedEngine.with { served in
            let (key, token) = try await served.runningWorkers(1)[0]
            let before = try await served.call(
                .get, shouldTerminate(key, pool: pool), token: token, by: .network)
            #expect(before.status == 200)
            #expect(try before.document.canonicalJSON == #"{"reason":"none","terminate":false}"#)
            try await drain(key, served)
            let after = try await served.call(
                .get, shouldTerminate(key, pool: pool), token: token, by: .network)
            #expect(
                try after.document.canonicalJSON
                    == #"{"reason":"launch config archived","terminate":true}"#)
        }
    }

    @Test("a task is claimed, renewed and reported", arguments: ServedEngine.Way.allCases)
    func wholeWay(way: ServedEngine.Way) async throws {
        try await ServedEngine.with { served in
            let (key, token) = try await served.runningWorkers(1)[0]
            let task = try await submit(served)[0]
            let claimed = try await served.call(
                .post, claims(), body: claim(key), token: token, by: way)
            #expect(claimed.status == 200)
            let answer = try claimed.document
            #expect(answer.names == ["tasks", "lost", "terminate"])
            #expect(answer["lost"]?.elements == [])
            #expect(answer["terminate"]?.canonicalJSON == #"{"reason":"none","terminate":false}"#)
            let given = try #require(answer["tasks"]?.elements.first)
            #expect(
                given.names == ["taskId", "runId", "takenUntil", "tenant", "priority", "payload"])
            #expect(given["taskId"]?.text == task.id.rawValue && given["runId"]?.value == .integer(0))
            #expect(given["tenant"]?.text == "ada" && given["priority"]?.text == "high")
            #expect(
                given["payload"]?.canonicalJSON
                    == #"{"command":["echo","hello"],"environment":{"A":"b"},"maxRunTime":9}"#)
            let until = try #require(given["takenUntil"]?.text.flatMap { Timestamp($0) })
            #expect(until > served.engine.now)

            let run = "/api/muster/v1/tasks/\(task.id)/runs/0"
            let renewed = try await served.call(.post, run + "/renew", token: token, by: way)
            #expect(renewed.status == 200)
            #expect(try renewed.document.names == ["takenUntil"])

            let body = #"{"resolution":"failed","reason":"failed","exitCode":3,"tail":"no\n","output":"/o"}"#
            for _ in 0..<2 {
                let reported = try await served.call(
                    .post, run + "/report", body: body, token: token, by: way)
                #expect(reported.status == 200)
                #expect(try reported.document.canonicalJSON == #"{"state":"failed"}"#)
            }
            let record = try await served.store.read {
                try await $0.endedRun(RunReference(taskID: task.id, runID: 0))
            }
            #expect(record?.exitCode == 3 && record?.tail == "no\n" && record?.output == "/o")

            let late = try await served.call(.post, run + "/renew", token: token, by: way)
            #expect(late.status == 409)
            #expect(try late.error.code == "claim-lost")
        }
    }

    @Test("a claim waits for a task, and names what is lost")
    func waits() async throws {
        try await ServedEngine.with { served in
            let (key, token) = try await served.runningWorkers(1)[0]
            async let waiting = served.call(
                .post, claims("demo/build"), body: claim(key, wait: 30), token: token, by: .network)
            let task = try await submit(served)[0]
            #expect(
                try await waiting.document["tasks"]?.elements.first?["taskId"]?.text == task.id.rawValue)
            let lost = try await served.call(
                .post, claims(), body: claim(key, request: "s", holding: #"{"taskId":"t-0","runId":4}"#),
                token: token)
            let answer = try lost.document
            #expect(answer["lost"]?.canonicalJSON == #"[{"runId":4,"taskId":"t-0"}]"#)
            // What it holds and did not name comes again.
            #expect(answer["tasks"]?.elements.count == 1)
        }
    }

    @Test("a draining worker's claim is answered at once, with the reason and no task")
    func draining() async throws {
        try await ServedEngine.with { served in
            let (key, token) = try await served.runningWorkers(1)[0]
            _ = try await submit(served)
            try await drain(key, served)
            let response = try await served.call(
                .post, claims(), body: claim(key, wait: 30), token: token)
            let answer = try response.document
            #expect(answer["tasks"]?.elements == [])
            #expect(
                answer["terminate"]?.canonicalJSON
                    == #"{"reason":"launch config archived","terminate":true}"#)
        }
    }

    @Test("the hang-up of a waiting claim frees its place: a task goes to somebody else")
    func hangUp() async throws {
        try await ServedEngine.with { served in
            let workers = try await served.runningWorkers(2)
            while !served.answered.left.isEmpty { try await served.answered.next() }
            let client = try RawClient(port: served.server.port)
            client.send(
                post(
                    claims(), claim(workers[0].key, wait: 30), "Authorization: Bearer \(workers[0].token)\r\n"
                ))
            // It is known to wait once its worker's call has been noted.
            let first = workers[0].key
            try await served.until { try await $0.worker(first)?.credentialsUsedAt != nil }
            client.hangUp()
            let given = try await served.answered.next()
            #expect(given == ServedEngine.Answered(target: claims(), status: 499))
            let task = try await submit(served)[0]
            let other = try await served.call(
                .post, claims(), body: claim(workers[1].key, wait: 30), token: workers[1].token)
            #expect(try other.document["tasks"]?.elements.first?["taskId"]?.text == task.id.rawValue)
            #expect(try await served.store.read { try await $0.worker(first) }?.claimed == 0)
        }
    }

    @Test("credentials that are missing, malformed or wrong are refused, on the unix socket too")
    func notAuthenticated() async throws {
        try await ServedEngine.with { served in
            let (key, token) = try await served.runningWorkers(1)[0]
            for (method, target) in calls(of: key) {
                for authorization in [
                    nil, "", "Bearer", "Bearer ", "Bearer x", "bearer", "Basic \(token)", token,
                    "Bearer \(token)x", "Bearer \(token.dropLast())", "Bearer  \(token)",
                ] {
                    for way in ServedEngine.Way.allCases {
                        let response = try await served.call(
                            method, target, body: method == .post ? claim(key) : nil,
                            authorization: authorization, by: way)
                        #expect(response.status == 401, "\(target) \(authorization ?? "none")")
                        #expect(try response.error.code == "not-authenticated")
                        #expect(response.header("WWW-Authenticate") == "Bearer")
                        #expect(!response.text.contains(token))
                    }
                }
            }
        }
    }

    @Test("the credentials of another worker reach nothing of this one's")
    func notPermitted() async throws {
        try await ServedEngine.with { served in
            let workers = try await served.runningWorkers(2)
            let (key, own) = workers[0]
            let other = workers[1].token
            let task = try await submit(served)[0]
            for (method, target) in calls(of: key).prefix(2) {
                let response = try await served.call(
                    method, target, body: method == .post ? claim(key) : nil, token: other)
                #expect(response.status == 403)
                #expect(try response.error.code == "not-permitted")
            }
            #expect(
                try await served.call(.post, claims(), body: claim(key), token: own).status == 200)
            let run = "/api/muster/v1/tasks/\(task.id)/runs/0"
            for (target, body) in [
                (run + "/renew", nil),
                (run + "/report", #"{"resolution":"completed","reason":"completed","tail":""}"#),
            ] {
                let response = try await served.call(.post, target, body: body, token: other)
                #expect(response.status == 409)
                #expect(try response.error.code == "claim-lost")
            }
            #expect(try await served.store.read { try await $0.task(task.id) }?.state == .running)
        }
    }

    @Test("credentials end with their worker")
    func ended() async throws {
        try await ServedEngine.with { served in
            let (key, token) = try await served.runningWorkers(1)[0]
            served.provider.change(key.id.rawValue, to: .gone)
            try await served.until { try await $0.worker(key)?.state == .stopped }
            let response = try await served.call(.get, shouldTerminate(key), token: token)
            #expect(response.status == 401)
        }
    }

    @Test("bodies that make no sense are refused with the field")
    func invalid() async throws {
        try await ServedEngine.with { served in
            let (key, token) = try await served.runningWorkers(1)[0]
            let good = claim(key)
            let report = "/api/muster/v1/tasks/t-1/runs/0/report"
            let tail = String(repeating: "x", count: 8_193)
            let cases: [(String, String, String?)] = [
                (claims(), claim(key, request: ""), "requestId"),
                (claims(), claim(key, request: String(repeating: "r", count: 65)), "requestId"),
                (claims(), claim(key, tasks: -1), "tasks, waitSeconds"),
                (claims(), claim(key, wait: -0.5), "tasks, waitSeconds"),
                (claims(), good.replacing(#""tasks":1"#, with: #""tasks":"1""#), "tasks"),
                (claims(), good.replacing(#""tasks":1"#, with: #""tasks":1e30"#), nil),
                (claims(), good.replacing(#""tasks":1"#, with: #""tasks":1.5"#), nil),
                (claims(), good.replacing(#""holding":[],"#, with: ""), "holding"),
                (claims(), claim(key, holding: #"{"taskId":"a b","runId":0}"#), "holding[0].taskId"),
                (claims("demo%2FBuild"), good, "workerPoolId"),
                ("/api/muster/v1/tasks/t-1/runs/x/renew", "", "runId"),
                ("/api/muster/v1/tasks/t-1/runs/-1/renew", "", "runId"),
                ("/api/muster/v1/tasks/a%20b/runs/0/renew", "", "taskId"),
                (report, #"{"resolution":"done","reason":"completed","tail":""}"#, "resolution"),
                (report, #"{"resolution":"completed","reason":"completed","tail":"\#(tail)"}"#, "tail"),
            ]
            for (target, body, field) in cases {
                let response = try await served.call(.post, target, body: body, token: token)
                #expect(response.status == 400, "\(target) \(body.prefix(200))")
                #expect(try response.error.field == field, "\(response.text)")
                #expect(try response.error.code == "input-invalid")
            }
        }
    }

    /// A call of each route for workers.
    private func calls(of key: WorkerKey) -> [(HTTPMethod, String)] {
        [
            (.get, shouldTerminate(key)), (.post, claims()),
            (.post, "/api/muster/v1/tasks/t-1/runs/0/renew"),
            (.post, "/api/muster/v1/tasks/t-1/runs/0/report"),
        ]
    }

    /// Takes a worker's launch config out of use.
    private func drain(_ key: WorkerKey, _ served: ServedEngine) async throws {
        _ = try await served.engine.control.apply(
            [
                PoolDefinition(
                    id: key.poolID, providerID: served.provider.id, scale: PoolScale(maxCapacity: 20),
                    launchConfigs: [
                        LaunchConfigDefinition(
                            id: LaunchConfigID(rawValue: "other"), content: .object([:]),
                            settings: LaunchConfigSettings())
                    ])
            ], prune: false, dryRun: false, by: "test")
    }
}
