import MusterCore
import MusterRuntime
import MusterStore
import MusterTesting
import Testing

@Suite struct StoreTests {
    @Test(
        "A write that throws leaves nothing, and those beside it in one commit stay",
        arguments: StoreEngine.allCases)
    func allOrNothing(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            struct Refused: Error {}
            let failures = try await withThrowingTaskGroup(of: Bool.self) { group in
                for index in 0..<200 {
                    group.addTask {
                        do {
                            try await store.write(in: .store) { transaction in
                                try await transaction.set("key\(index)", to: "value")
                                if index % 3 == 0 { throw Refused() }
                            }
                            return false
                        } catch is Refused {
                            return true
                        }
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(failures == 67)
            for index in 0..<200 {
                let value = try await store.read { try await $0.setting("key\(index)") }
                #expect(value == (index % 3 == 0 ? nil : "value"))
            }
        }
    }

    @Test("Every kind of value comes back as it went in", arguments: StoreEngine.allCases)
    func values(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            let texts = [
                "", "plain", "with 'quotes' and \"more\"", "a\u{0}b", "🦀 é",
                String(repeating: "x", count: 100_000),
            ]
            for (index, text) in texts.enumerated() {
                try await store.write(in: .store) { try await $0.set("text\(index)", to: text) }
                #expect(try await store.read { try await $0.setting("text\(index)") } == text)
            }
        }
    }

    @Test(
        "What a write signals is told after its commit, merged, and not at all when it throws",
        arguments: StoreEngine.allCases)
    func signals(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            struct Refused: Error {}
            var signals = store.signals().makeAsyncIterator()
            await #expect(throws: Refused.self) {
                try await store.write(in: .store) { transaction in
                    transaction.signal(.deadlines)
                    throw Refused()
                }
            }
            try await store.write(in: .store) { $0.signal(.queue(samplePool)) }
            try await store.write(in: .store) { $0.signal(.outbox) }
            var heard: Set<StoreSignal> = []
            while heard.count < 2, let batch = await signals.next() { heard.formUnion(batch) }
            #expect(heard == [.queue(samplePool), .outbox])
        }
    }

    @Test(
        "What a write signalled that throws is not told by those that share its commit",
        arguments: StoreEngine.allCases)
    func signalsBesideFailure(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            struct Refused: Error {}
            var signals = store.signals().makeAsyncIterator()
            await withTaskGroup(of: Void.self) { group in
                for index in 0..<50 {
                    group.addTask {
                        try? await store.write(in: .store) { transaction in
                            transaction.signal(index.isMultiple(of: 2) ? .outbox : .deadlines)
                            if !index.isMultiple(of: 2) { throw Refused() }
                        }
                    }
                }
            }
            try await store.write(in: .store) { $0.signal(.workers) }
            var heard: Set<StoreSignal> = []
            while !heard.isSuperset(of: [.workers, .outbox]), let batch = await signals.next() {
                heard.formUnion(batch)
            }
            #expect(heard == [.outbox, .workers])
        }
    }

    @Test("After close every call says that the store is closed", arguments: StoreEngine.allCases)
    func closed(engine: StoreEngine) async throws {
        let store = try await engine.withStore { $0 }
        await #expect(throws: Problem.self) {
            try await store.write(in: .store) { try await $0.set("a", to: "b") }
        }
        await #expect(throws: Problem.self) { _ = try await store.read { try await $0.setting("a") } }
    }
}
