import MusterCore
import MusterStore
import MusterTesting
import Testing

@Suite("News of deadlines")
struct DeadlineSignalTests {
    /// What is signalled by a write, up to a mark that comes after it.
    private func signals(_ store: any Store, of write: () async throws -> Void) async throws -> Set<
        StoreSignal
    > {
        let mark = PoolID(rawValue: "mark/mark")
        var heard = store.signals().makeAsyncIterator()
        try await write()
        try await store.write(in: .store) { $0.signal(.pool(mark)) }
        var all: Set<StoreSignal> = []
        while !all.contains(.pool(mark)), let signals = await heard.next() { all.formUnion(signals) }
        return all
    }

    @Test(
        "A task is news of deadlines when its own is so near that nobody would look before",
        arguments: StoreEngine.allCases)
    func submission(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await definePool(store)
            let look = QueuePolicy.deadlineLook
            let far = sampleTask("far", deadline: noon + look + .seconds(1))
            let near = sampleTask("near", deadline: noon + look)
            let ofFar = try await signals(store) {
                _ = try await store.write(in: .store) { try await $0.submit([far]) }
            }
            #expect(!ofFar.contains(.deadlines))
            let ofNear = try await signals(store) {
                _ = try await store.write(in: .store) { try await $0.submit([near]) }
            }
            #expect(ofNear.contains(.deadlines))
        }
    }

    @Test(
        "A claim is news of deadlines when it ends so soon that nobody would look before",
        arguments: StoreEngine.allCases)
    func claim(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await definePool(store)
            _ = try await store.write(in: .store) { try await $0.submit([sampleTask("a"), sampleTask("b")]) }
            let look = QueuePolicy.deadlineLook
            for (request, lease, isNews) in [("1", look + .seconds(1), false), ("2", look, true)] {
                let worker = try await runWorker(store, "w\(request)")
                let heard = try await signals(store) {
                    let question = ClaimQuestion(worker: worker, requestID: request, tasks: 1, holding: [])
                    let reply = try await store.write(in: .pool(samplePool)) {
                        try await $0.claim([question], in: samplePool, lease: lease, at: noon)[0]
                    }
                    #expect(reply.tasks.count == 1)
                }
                #expect(heard.contains(.deadlines) == isNews)
            }
        }
    }
}
