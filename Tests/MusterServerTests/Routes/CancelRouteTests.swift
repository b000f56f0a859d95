import MusterAPI
import MusterCore
import MusterHTTP
import MusterRuntime
import MusterStore
import Testing

@testable import MusterServer

@Suite("What takes back many tasks", .timeLimit(.minutes(5)))
struct CancelRouteTests {
    private let path = APIPath.cancelTasks

    private func submit(_ served: ServedEngine, _ count: Int, tenant: String = "ada") async throws {
        let tasks = (0..<count).map {
            #"{"taskId":"\#(tenant)-\#($0)","tenant":"\#(tenant)","workerPoolId":"demo/build","payload":{"command":["true"]}}"#
        }
        let response = try await served.call(
            .post, APIPath.tasks, body: #"{"tasks":[\#(tasks.joined(separator: ","))]}"#)
        #expect(response.status == 200)
    }

    private func cancel(_ served: ServedEngine, _ body: String) async throws -> CancelTasksAnswer {
        let response = try await served.call(.post, path, body: body)
        #expect(response.status == 200, "\(response.text)")
        return try JSON.decode(CancelTasksAnswer.self, from: response.body)
    }

    @Test("a pool's, a tenant's, or those named; a repeat counts none")
    func kinds() async throws {
        try await ServedEngine.with { served in
            try await served.define(max: 0)
            try await submit(served, 5)
            try await submit(served, 5, tenant: "bob")
            let named = #"{"taskIds":["ada-0","bob-0","ada-0"]}"#
            #expect(try await cancel(served, named).cancelled == 2)
            #expect(try await cancel(served, named).cancelled == 0)
            let tenant = #"{"workerPoolId":"demo/build","tenant":"bob"}"#
            #expect(try await cancel(served, tenant).cancelled == 4)
            let pool = #"{"workerPoolId":"demo/build"}"#
            let answer = try await cancel(served, pool)
            #expect(answer.cancelled == 4 && answer.continuationToken == nil)
            #expect(try await cancel(served, pool).cancelled == 0)
        }
    }

    @Test(
        "what is not clear is refused, and nothing is cancelled",
        arguments: [
            ("{}", "input-invalid", 400),
            (#"{"taskIds":["ada-0"],"workerPoolId":"demo/build"}"#, "input-invalid", 400),
            (#"{"taskIds":["ada-0"],"tenant":"ada"}"#, "input-invalid", 400),
            (#"{"taskIds":["ada-0","a b"]}"#, "input-invalid", 400),
            (#"{"taskIds":"ada-0"}"#, "input-invalid", 400),
            (#"{"workerPoolId":"demo/build","tennant":"ada"}"#, "field-unknown", 400),
            (#"{"workerPoolId":"demo/build","continuationToken":"9-1"}"#, "input-invalid", 400),
            (#"{"taskIds":["ada-0","nobody"]}"#, "task-not-found", 404),
            (#"{"workerPoolId":"demo/none"}"#, "pool-not-found", 404),
        ])
    func refused(body: String, code: String, status: Int) async throws {
        try await ServedEngine.with { served in
            try await served.define(max: 0)
            try await submit(served, 2)
            let response = try await served.call(.post, path, body: body)
            #expect(response.status == status)
            #expect(try response.error.code == code)
            #expect(try await served.store.read { try await $0.pendingTasks(of: ServedEngine.pool) } == 2)
        }
    }

    @Test("ten thousand are cancelled by one call, and nobody else waits for long meanwhile")
    func tenThousand() async throws {
        try await ServedEngine.with { served in
            try await served.define(max: 0)
            for part in 0..<2 { try await submit(served, 5_000, tenant: "part-\(part)") }
            let clock = SystemClock()
            let began = clock.uptime()
            let cancelling = Task { try await cancel(served, #"{"workerPoolId":"demo/build"}"#) }
            var longest = Duration.zero
            var calls = 0
            repeat {
                let call = clock.uptime()
                // A write: it has to have its turn between those of the cancellation.
                try await served.store.write(in: .store) { try await $0.set("other", to: "x") }
                longest = max(longest, clock.uptime() - call)
                calls += 1
            } while try await served.store.read({ try await $0.pendingTasks(of: ServedEngine.pool) }) > 0
            #expect(try await cancelling.value.cancelled == 10_000)
            let whole = clock.uptime() - began
            // However busy the machine is: one transaction for all would hold everybody up till the end.
            #expect(calls > 5 && longest < max(whole / 2, .seconds(1)), "\(longest) of \(whole)")
        }
    }
}
