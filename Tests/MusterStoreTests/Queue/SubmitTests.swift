import MusterCore
import MusterStore
import MusterTesting
import Testing

@Suite struct SubmitTests {
    @Test("A submission that is repeated changes nothing", arguments: StoreEngine.allCases)
    func repeated(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await definePool(store)
            let tasks = [sampleTask("a"), sampleTask("b")]
            for _ in 0..<2 {
                #expect(
                    try await store.write(in: .store) { try await $0.submit(tasks) }.map(\.id)
                        == tasks.map(\.id))
            }
            #expect(try await store.read { try await $0.pendingTasks(of: samplePool) } == 2)
        }
    }

    @Test(
        "An id that is there with other content is a conflict, and nothing of the submission stays",
        arguments: StoreEngine.allCases)
    func conflict(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await definePool(store)
            _ = try await store.write(in: .store) { try await $0.submit([sampleTask("a")]) }
            let problem = await #expect(throws: Problem.self) {
                _ = try await store.write(in: .store) {
                    try await $0.submit([sampleTask("new"), sampleTask("a", tenant: "other")])
                }
            }
            #expect(problem?.code == .conflict)
            #expect(try await store.read { try await $0.task(TaskID(rawValue: "new")) } == nil)
            #expect(try await store.read { try await $0.pendingTasks(of: samplePool) } == 1)
        }
    }

    @Test("A pool that is not there is an error that names the field", arguments: StoreEngine.allCases)
    func unknownPool(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            let problem = await #expect(throws: Problem.self) {
                _ = try await store.write(in: .store) { try await $0.submit([sampleTask("a")]) }
            }
            #expect(problem?.code == .poolNotFound && problem?.field == "workerPoolId")
        }
    }

    @Test("Five thousand tasks in one submission are all there, and counted", arguments: StoreEngine.allCases)
    func many(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await definePool(store)
            let tasks = (0..<5_000).map { sampleTask("t\($0)", tenant: "tenant\($0 % 7)") }
            _ = try await store.write(in: .store) { try await $0.submit(tasks) }
            #expect(try await store.read { try await $0.pendingTasks(of: samplePool) } == 5_000)
        }
    }
}
