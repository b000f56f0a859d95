import MusterAPI
import MusterCore
import MusterEngine
import MusterHTTP
import MusterRuntime
import MusterStore
import Testing

@testable import MusterServer

@Suite("Bodies of calls", .timeLimit(.minutes(1)))
struct BodyTests {
    private let tasks = "/api/muster/v1/tasks"

    @Test("that are no JSON are refused with the line")
    func malformed() async throws {
        try await ServedEngine.with { served in
            for (target, body, line) in [
                (tasks, "{\n  \"tasks\": [\n    {oops}\n  ]\n}", 3), (tasks, "", 1),
                (tasks, "{\"tasks\":[],\n\"tasks\":[]}", 2),
                ("/api/muster/v1/apply", "{\n\n\n\"workerPools\":\n", 5),
                ("/api/muster/v1/freeze", "no", 1),
                ("/api/muster/v1/worker-pools/demo/build/pause", "{\n\"until\": }", 2),
            ] {
                let response = try await served.call(.post, target, body: body)
                let error = try response.error
                #expect(response.status == 400, "\(body)")
                #expect(error.code == "input-malformed" && error.line == line, "\(body) \(error)")
            }
        }
    }

    @Test("with fields that nobody knows are refused, each named with what was perhaps meant")
    func unknownFields() async throws {
        try await ServedEngine.with { served in
            let response = try await served.call(
                .post, tasks,
                body: """
                    {"tasks": [{"workerPoolId": "demo/build", "payload": {"comand": ["true"]},
                      "tennant": "ada"}],
                     "dryRun": true}
                    """)
            #expect(response.status == 400)
            let problems = try #require(try response.error.problems)
            let unknown = problems.filter { $0.code == "field-unknown" }
            #expect(
                unknown.map(\.field) == ["tasks[0].payload.comand", "tasks[0].tennant", "dryRun"])
            #expect(unknown.map(\.line) == [1, 2, 3])
            #expect(unknown[0].message.contains("did you mean command?"))
            #expect(unknown[1].message.contains("did you mean tenant?"))
        }
    }

    @Test("with several problems are told of all of them, and nothing is done")
    func allProblems() async throws {
        try await ServedEngine.with { served in
            try await served.define()
            let response = try await served.call(
                .post, tasks,
                body: """
                    {"tasks": [
                      {"workerPoolId": "demo/build", "payload": {"command": ["true"]}},
                      {"workerPoolId": "Demo", "priority": "urgent", "retries": 50, "payload": {"command": []}},
                      {"taskId": "a b", "deadline": "tomorrow", "payload": {"command": ["a"], "maxRunTime": 0}}
                    ]}
                    """)
            #expect(response.status == 400)
            let error = try response.error
            #expect(
                error.problems?.map(\.field) == [
                    "tasks[1].workerPoolId", "tasks[1].priority", "tasks[1].retries",
                    "tasks[1].payload.command", "tasks[2].taskId", "tasks[2].deadline",
                    "tasks[2].payload.maxRunTime", "tasks[2].workerPoolId",
                ])
            #expect(error.problems?.map(\.line) == [3, 3, 3, 3, 4, 4, 4, 4])
            #expect(error.field == "tasks[1].workerPoolId" && error.code == "input-invalid")
            #expect(
                try await served.store.read { try await $0.pendingTasks(of: ServedEngine.pool) } == 0)
        }
    }

    @Test("with a deadline in the past or beyond a year are refused", arguments: [-1, 366 * 86_400 + 60])
    func deadline(seconds: Int) async throws {
        try await ServedEngine.with { served in
            try await served.define()
            let deadline = served.engine.now + .seconds(seconds)
            let response = try await served.call(
                .post, tasks,
                body: """
                    {"tasks":[{"workerPoolId":"demo/build","payload":{"command":["a"]}},
                    {"workerPoolId":"demo/build","deadline":"\(deadline)","payload":{"command":["a"]}}]}
                    """)
            #expect(response.status == 400)
            #expect(try response.error.field == "tasks[1].deadline")
        }
    }

    @Test("larger than the limit are refused, and those of many tasks may be larger than others")
    func limits() async throws {
        try await ServedEngine.with { served in
            try await served.define()
            let padding = String(repeating: " ", count: HTTPPolicy.bodyBytes)
            let refused = try await served.call(
                .post, "/api/muster/v1/freeze", body: #"{"reason":"x"}"# + padding)
            #expect(refused.status == 413)
            #expect(try refused.error.code == "input-too-large")
            #expect(try await served.store.read { try await $0.setting("frozen") } == nil)
            let task = #"{"tasks":[{"workerPoolId":"demo/build","payload":{"command":["a"]}}]}"#
            #expect(try await served.call(.post, tasks, body: task + padding).status == 200)
            let tooLarge = try await served.call(
                .post, tasks, body: task + padding + padding + padding + padding)
            #expect(tooLarge.status == 413)
        }
    }
}
