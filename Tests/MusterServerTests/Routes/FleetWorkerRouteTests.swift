import MusterAPI
import MusterClouds
import MusterCore
import MusterEngine
import MusterHTTP
import MusterRuntime
import MusterStore
import MusterTesting
import Testing

@testable import MusterServer

@Suite("Workers and launches as operators see them", .timeLimit(.minutes(1)))
struct FleetWorkerRouteTests {
    private func list(_ served: ServedEngine, _ query: String = "") async throws -> WorkersAnswer {
        let response = try await served.call(.get, "/api/muster/v1/workers" + query)
        #expect(response.status == 200, "\(query): \(response.text)")
        return try JSON.decode(WorkersAnswer.self, from: response.body)
    }

    @Test("workers are listed by name, page by page and filtered")
    func list() async throws {
        try await ServedEngine.with { served in
            let keys = try await served.requestedWorkers(3).sorted()
            #expect(try await list(served).workers.map(\.key) == keys)
            let page = try await list(served, "?limit=2")
            #expect(page.workers.map(\.key) == Array(keys.prefix(2)))
            let token = APIPath.segment(page.continuationToken ?? "")
            let rest = try await list(served, "?limit=2&continuationToken=\(token)")
            #expect(rest.workers.map(\.key) == [keys[2]] && rest.continuationToken == nil)
            #expect(try await list(served, "?state=requested&workerPoolId=demo%2Fbuild").workers.count == 3)
            #expect(try await list(served, "?state=running").workers.isEmpty)
            #expect(try await list(served, "?launchConfigId=other").workers.isEmpty)
            #expect(try await list(served, "?workerId=\(keys[1].id)").workers.map(\.key) == [keys[1]])
            let nowhere = try await served.call(.get, "/api/muster/v1/workers?workerPoolId=no%2Fpool")
            #expect(nowhere.status == 404)
            #expect(try nowhere.error.code == "pool-not-found")
        }
    }

    @Test("a worker is shown with what it runs, and never with what it proves itself with")
    func show() async throws {
        try await ServedEngine.with { served in
            let (key, token) = try await served.runningWorkers(1)[0]
            _ = try await served.engine.tasks.submit([
                TaskSubmission(
                    id: TaskID(rawValue: "t-1"), poolID: key.poolID, payload: TaskPayload(command: ["true"]))
            ])
            _ = try await served.engine.queue.claim(
                ClaimQuestion(worker: key, requestID: "r", tasks: 1, holding: []), wait: .seconds(30))
            let response = try await served.call(.get, APIPath.worker(key))
            let worker = try JSON.decode(WorkerDocument.self, from: response.body)
            #expect(worker.key == key && worker.state == .running && worker.claimed == 1)
            #expect(worker.runs?.map(\.taskId.rawValue) == ["t-1"] && worker.runs?.first?.runId == 0)
            #expect(!response.text.contains(token) && !response.text.contains("nonce"))
            let listed = try await served.call(.get, "/api/muster/v1/workers").document
            #expect(listed["workers"]?.elements.first?["runs"] == nil)
            let none = try await served.call(.get, "/api/muster/v1/worker-pools/demo/build/workers/g/none")
            #expect(none.status == 404)
            #expect(try none.error.code == "worker-not-found")
        }
    }

    @Test("a worker is retired, at once or once it is done, and a repeat changes nothing")
    func retire() async throws {
        try await ServedEngine.with { served in
            let keys = try await served.requestedWorkers(2)
            for (key, body) in [(keys[0], nil), (keys[1], #"{"atOnce":true}"#)] {
                for _ in 0..<2 {
                    let response = try await served.call(.post, APIPath.worker(key) + "/retire", body: body)
                    #expect(response.status == 200)
                    #expect(try response.document["reason"]?.text == StopReason.retired)
                }
            }
            let audit = try await served.call(.get, "/api/muster/v1/audit").document["audit"]?.elements
            #expect(
                audit?.prefix(2).map { $0["subject"]?.text }
                    == ["worker/\(keys[1])", "worker/\(keys[0])"])
            let none = try await served.call(
                .post, "/api/muster/v1/worker-pools/demo/build/workers/g/none/retire")
            #expect(none.status == 404)
        }
    }

    @Test("launches are listed, newest first, and shown with their instances and their call")
    func launches() async throws {
        try await ServedEngine.with { served in
            let keys = try await served.requestedWorkers(2)
            let launches = try JSON.decode(
                LaunchesAnswer.self,
                from: try await served.call(.get, "/api/muster/v1/launches?workerPoolId=demo%2Fbuild").body
            ).launches
            let launch = try #require(launches.first)
            #expect(launches.map(\.obtained).reduce(0, +) == 2 && launch.state == .settled)
            #expect(launch.body == nil && launch.workers == nil)
            let shown = try await served.call(.get, APIPath.launch(launch.launchId))
            let document = try JSON.decode(LaunchDocument.self, from: shown.body)
            let given = document.workers ?? []
            #expect(given.allSatisfy { keys.contains($0.key) && $0.launchId == launch.launchId })
            #expect(document.workers?.count == launch.obtained)
            #expect(document.body == served.provider.calls.first { $0.launchID == launch.launchId }?.body)
            let planned = try await served.call(.get, "/api/muster/v1/launches?state=planned").document
            #expect(planned["launches"]?.elements == [])
            let none = try await served.call(.get, "/api/muster/v1/launches/none")
            #expect(none.status == 404)
            #expect(try none.error.code == "launch-not-found")
        }
    }

    @Test(
        "a query that makes no sense is refused with the parameter",
        arguments: [
            ("workers?state=asleep", "state"), ("workers?continuationToken=x", "continuationToken"),
            ("workers?continuationToken=a%2Fb%2Fc%2Fd%2Fe", "continuationToken"),
            ("workers?continuationToken=a%2Fb%2Fc%2F%25", "continuationToken"), ("workers?limit=0", "limit"),
            ("workers?workerPoolId=x", "workerPoolId"), ("workers?pool=a%2Fb", "pool"),
            ("launches?state=lost", "state"), ("launches?continuationToken=%2F", "continuationToken"),
            ("launches?limit=1001", "limit"), ("launch-configs?archived=yes", "archived"),
            ("launch-configs?continuationToken=a", "continuationToken"), ("audit?since=today", "since"),
            ("audit?continuationToken=1", "continuationToken"), ("audit?who=me", "who"),
            ("worker-pools/demo/build/plans?continuationToken=0", "continuationToken"),
        ])
    func badQuery(query: String, field: String) async throws {
        try await ServedEngine.with { served in
            let response = try await served.call(.get, "/api/muster/v1/" + query)
            #expect(response.status == 400)
            #expect(try response.error.field == field)
        }
    }
}
