import MusterAPI
import MusterCore
import MusterEngine
import MusterHTTP
import MusterRuntime
import MusterStore
import Testing

@testable import MusterServer

@Suite("What submitters of tasks call", .timeLimit(.minutes(1)))
struct TaskRouteTests {
    private let path = "/api/muster/v1/tasks"
    private let listing = "/api/muster/v1/worker-pools/demo%2Fbuild/tasks"

    private func task(_ fields: String = "") -> String {
        #"{"workerPoolId":"demo/build","payload":{"command":["true"]}\#(fields.isEmpty ? "" : "," + fields)}"#
    }

    private func submit(_ served: ServedEngine, _ tasks: [String]) async throws -> HTTPResponse {
        try await served.call(.post, path, body: #"{"tasks":[\#(tasks.joined(separator: ","))]}"#)
    }

    @Test("one task is submitted, and shown with its places and runs")
    func one() async throws {
        try await ServedEngine.with { served in
            try await served.define(max: 0)
            let response = try await submit(
                served, [task(#""taskId":"t-1","tenant":"ada","priority":"very-high","retries":2"#)])
            #expect(response.status == 200)
            let answer = try #require(try response.document["tasks"]?.elements.first)
            #expect(
                answer.names == [
                    "taskId", "workerPoolId", "tenant", "priority", "state", "submitted", "deadline",
                    "retriesLeft", "payload",
                ])
            #expect(answer["taskId"]?.text == "t-1" && answer["state"]?.text == "pending")
            _ = try await submit(served, [task(), task(#""taskId":"t-2","tenant":"ada""#)])
            let shown = try await served.call(.get, path + "/t-2").document
            #expect(shown["placeInTenantQueue"]?.value == .integer(2))
            #expect(shown["placeInQueue"]?.value == .integer(3))
            #expect(shown["runs"]?.elements == [])
            #expect(shown["priority"]?.text == "medium" && shown["tenant"]?.text == "ada")
            let repeated = try await submit(
                served, [task(#""taskId":"t-1","tenant":"ada","priority":"very-high","retries":2"#)])
            #expect(repeated.body == response.body)
            let conflict = try await submit(served, [task(#""taskId":"t-1""#)])
            #expect(conflict.status == 409)
            #expect(try conflict.error.code == "conflict")
        }
    }

    @Test("many tasks are submitted at once, in their order, or none of them")
    func many() async throws {
        try await ServedEngine.with { served in
            try await served.define(max: 0)
            let ids = (0..<2_000).map { "t-\($0)" }
            let response = try await submit(served, ids.map { task(#""taskId":"\#($0)""#) })
            let answer = try JSON.decode(TasksAnswer.self, from: response.body)
            #expect(answer.tasks.map(\.taskId.rawValue) == ids)
            let stray = task().replacing("demo/build", with: "demo/none")
            let refused = try await submit(served, [task(#""taskId":"t-new""#), stray])
            #expect(refused.status == 404)
            #expect(try refused.error.code == "pool-not-found")
            #expect(try await served.call(.get, path + "/t-new").status == 404)
            #expect(
                try await served.store.read { try await $0.pendingTasks(of: ServedEngine.pool) } == 2_000)
        }
    }

    @Test("more tasks than one submission may have are refused")
    func tooMany() async throws {
        try await ServedEngine.with { served in
            try await served.define(max: 0)
            let response = try await submit(
                served, Array(repeating: task(), count: QueuePolicy.tasksPerSubmission + 1))
            #expect(response.status == 400)
            #expect(try response.error.field == "tasks")
        }
    }

    @Test("the tasks of a pool are listed page by page, each once")
    func pages() async throws {
        try await ServedEngine.with { served in
            try await served.define(max: 0)
            let ids = (0..<25).map { "t-\($0)" }
            _ = try await submit(served, ids.map { task(#""taskId":"\#($0)""#) })
            var listed: [String] = []
            var sizes: [Int] = []
            var token: String?
            repeat {
                let query = "?limit=10" + (token.map { "&continuationToken=" + $0 } ?? "")
                let response = try await served.call(.get, listing + query)
                let page = try JSON.decode(TasksAnswer.self, from: response.body)
                listed += page.tasks.map(\.taskId.rawValue)
                sizes.append(page.tasks.count)
                token = page.continuationToken
            } while token != nil
            #expect(listed == ids && sizes == [10, 10, 5])
            // A page that ends exactly with the last task names no next one.
            let exact = try await served.call(.get, listing + "?limit=25")
            #expect(try exact.document.names == ["tasks"])
        }
    }

    @Test("a listing is narrowed to a state and a tenant")
    func filters() async throws {
        try await ServedEngine.with { served in
            try await served.define(max: 0)
            _ = try await submit(
                served,
                [
                    task(#""taskId":"a1","tenant":"ada""#), task(#""taskId":"a2","tenant":"ada""#),
                    task(#""taskId":"b1","tenant":"bob""#),
                ])
            _ = try await served.call(.post, path + "/a2/cancel")
            func ids(_ query: String) async throws -> [String] {
                let response = try await served.call(.get, listing + query)
                return try JSON.decode(TasksAnswer.self, from: response.body).tasks.map(\.taskId.rawValue)
            }
            #expect(try await ids("") == ["a1", "a2", "b1"])
            #expect(try await ids("?tenant=ada") == ["a1", "a2"])
            #expect(try await ids("?state=pending") == ["a1", "b1"])
            #expect(try await ids("?state=exception&tenant=ada") == ["a2"])
            #expect(try await ids("?state=running") == [])
        }
    }

    @Test(
        "a query that makes no sense is refused with the parameter",
        arguments: [
            ("limit=0", "limit", "input-invalid"), ("limit=1001", "limit", "input-invalid"),
            ("limit=ten", "limit", "input-invalid"), ("state=waiting", "state", "input-invalid"),
            ("tenant=a%0Ab", "tenant", "input-invalid"), ("tenant=", "tenant", "input-invalid"),
            ("continuationToken=x", "continuationToken", "input-invalid"),
            ("continuationToken=-1", "continuationToken", "input-invalid"),
            ("stat=pending", "stat", "field-unknown"),
        ])
    func badQuery(query: String, field: String, code: String) async throws {
        try await ServedEngine.with { served in
            try await served.define(max: 0)
            let response = try await served.call(.get, listing + "?" + query)
            #expect(response.status == 400)
            #expect(try response.error.field == field)
            #expect(try response.error.code == code)
        }
    }

    @Test("a task is cancelled, and one that is not there is not found")
    func cancel() async throws {
        try await ServedEngine.with { served in
            try await served.define(max: 0)
            _ = try await submit(served, [task(#""taskId":"t-1""#)])
            for _ in 0..<2 {
                let response = try await served.call(.post, path + "/t-1/cancel")
                #expect(response.status == 200)
                #expect(try response.document["state"]?.text == "exception")
                #expect(try response.document["reason"]?.text == "canceled")
            }
            for (method, target) in [(HTTPMethod.post, path + "/t-2/cancel"), (.get, path + "/t-2")] {
                let response = try await served.call(method, target)
                #expect(response.status == 404)
                #expect(try response.error.code == "task-not-found")
            }
            let nowhere = try await served.call(.get, "/api/muster/v1/worker-pools/demo/none/tasks")
            #expect(nowhere.status == 404)
            #expect(try nowhere.error.code == "pool-not-found")
        }
    }
}
