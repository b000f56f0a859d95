import MusterCore
import MusterRuntime
import MusterStore
import MusterTesting
import Testing

@testable import MusterEngine

@Suite("Cancelling many tasks", .timeLimit(.minutes(1)))
struct CancellationTests {
    private func bench(_ change: (inout EnginePolicy) -> Void = { _ in }) async throws -> EngineBench {
        var policy = EnginePolicy()
        policy.tasksPerCancellation = 7
        change(&policy)
        return try await EngineBench(policy: policy)
    }

    private func states(_ bench: EngineBench) async throws -> [QueuedTask.State: Int] {
        let tasks = try await bench.store.read {
            try await $0.tasks(of: EngineBench.pool, state: nil, tenant: nil, after: 0, limit: 1_000).tasks
        }
        return Dictionary(grouping: tasks, by: \.state).mapValues(\.count)
    }

    private func audits(_ bench: EngineBench) async throws -> [String] {
        try await bench.store.read { transaction in
            try await transaction.rows(
                "SELECT subject, detail FROM audit WHERE action = 'cancel' ORDER BY sequence"
            ).map { "\(try $0.text("subject")) \(try $0.text("detail"))" }
        }
    }

    @Test("cancels those of a pool that are not over, waiting or running, and counts them")
    func all() async throws {
        let bench = try await bench()
        let worker = try await bench.runningWorkers(1)[0]
        let tasks = try await bench.submit(20)
        let held = try await bench.claim(worker, 3)
        _ = try await bench.tasks.report(held[0].run, by: worker, RunEnd(.completed, because: .completed))
        let answer = try await bench.tasks.cancelAll(
            of: EngineBench.pool, tenant: nil, continuing: nil, by: "test")
        #expect(answer.cancelled == 19 && answer.token == nil)
        #expect(try await states(bench) == [.completed: 1, .exception: 19])
        #expect(try await bench.store.read { try await $0.pendingTasks(of: EngineBench.pool) } == 0)
        #expect(try await bench.worker(worker)?.claimed == 0)
        #expect(try await bench.bucketsAreTrue())
        #expect(try await bench.events().filter { $0.type == .taskException }.count == 19)
        #expect(
            try await audits(bench) == [
                #"pool/demo/build {"tasks":7}"#, #"pool/demo/build {"tasks":7}"#,
                #"pool/demo/build {"tasks":5}"#,
            ])
        // Once more changes nothing.
        let again = try await bench.tasks.cancelAll(
            of: EngineBench.pool, tenant: nil, continuing: nil, by: "test")
        #expect(again.cancelled == 0 && again.token == nil)
        #expect(try await audits(bench).count == 3)
        _ = tasks
    }

    @Test("cancels one tenant's only")
    func tenant() async throws {
        let bench = try await bench()
        try await bench.define()
        _ = try await bench.submit(9, tenant: "ada")
        _ = try await bench.submit(9, tenant: "bob")
        let answer = try await bench.tasks.cancelAll(
            of: EngineBench.pool, tenant: Tenant(rawValue: "bob"), continuing: nil, by: "test")
        #expect(answer.cancelled == 9)
        #expect(try await states(bench) == [.pending: 9, .exception: 9])
        let left = try await bench.store.read {
            try await $0.tasks(of: EngineBench.pool, state: .pending, tenant: nil, after: 0, limit: 100).tasks
        }
        #expect(left.allSatisfy { $0.tenant.rawValue == "ada" })
        #expect(
            try await bench.store.read { try await $0.places(of: left[8].id) }?.inQueue == 9)
    }

    @Test("stops at a bound and goes on from there, and leaves alone what was submitted meanwhile")
    func bounded() async throws {
        let bench = try await bench { $0.tasksPerCancellationCall = 14 }
        try await bench.define()
        _ = try await bench.submit(20)
        let first = try await bench.tasks.cancelAll(
            of: EngineBench.pool, tenant: nil, continuing: nil, by: "test")
        #expect(first.cancelled == 14 && first.token != nil)
        _ = try await bench.submit(5)
        let second = try await bench.tasks.cancelAll(
            of: EngineBench.pool, tenant: nil, continuing: first.token, by: "test")
        #expect(second.cancelled == 6 && second.token == nil)
        #expect(try await states(bench) == [.pending: 5, .exception: 20])
    }

    @Test("takes no token that it did not give", arguments: ["", "x", "1", "5-1", "-1-5", "1-2-3", "1-x"])
    func tokens(token: String) async throws {
        let bench = try await bench()
        try await bench.define()
        let problem = await #expect(throws: Problem.self) {
            try await bench.tasks.cancelAll(
                of: EngineBench.pool, tenant: nil, continuing: token, by: "test")
        }
        #expect(problem?.code == .inputInvalid && problem?.field == "continuationToken")
    }

    @Test("cancels those that are named, each once, or none when one of them is not there")
    func named() async throws {
        let bench = try await bench()
        try await bench.define()
        let ids = try await bench.submit(16).map(\.id)
        let stray = TaskID(rawValue: "nobody")
        let problem = await #expect(throws: Problem.self) {
            try await bench.tasks.cancel(ids + [stray], by: "test")
        }
        #expect(problem?.code == .taskNotFound && problem?.message.contains("nobody") == true)
        #expect(try await states(bench) == [.pending: 16])
        _ = try await bench.tasks.cancel(ids[3], by: "test")
        #expect(try await bench.tasks.cancel(Array(ids[..<10] + ids[..<2]), by: "test") == 9)
        #expect(try await states(bench) == [.pending: 6, .exception: 10])
        #expect(try await bench.tasks.cancel([], by: "test") == 0)
        let unknown = await #expect(throws: Problem.self) {
            try await bench.tasks.cancelAll(
                of: PoolID(rawValue: "demo/none"), tenant: nil, continuing: nil, by: "test")
        }
        #expect(unknown?.code == .poolNotFound)
    }
}
