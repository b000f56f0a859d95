import MusterCore
import MusterStore
import MusterTesting
import Testing

/// Faults that were measured in another system's limits, each by its name.
@Suite("Faults of limits that are counters")
struct FaultTests {
    @Test("Restart: who holds slots is known afterwards, and can renew and release")
    func restart() async throws {
        let folder = try TemporaryFolder()
        let first = try SQLiteStore(path: folder.path + "/muster.db")
        let gpu = try await defineLimit(first, "gpu", 1)
        #expect(try await first.acquire("a", [gpu]) == .acquired(until: noon + .seconds(60)))
        await first.close()
        let second = try SQLiteStore(path: folder.path + "/muster.db")
        #expect(try await second.acquire("b", [gpu]) == .waiting(ahead: 0))
        let end = try await second.write(in: .store) {
            try await $0.renewSlots(of: "a", lease: .seconds(90), at: noon)
        }
        #expect(end == noon + .seconds(90))
        #expect(try await second.release("a") == 1)
        #expect(try await second.acquire("b", [gpu]) == .acquired(until: noon + .seconds(60)))
        await second.close()
    }

    @Test("Half-written release: what is taken back is held by all, what is committed by none")
    func halfWritten() async throws {
        try await StoreEngine.sqlite.withStore { store in
            try await definePool(store)
            let limits = [try await defineLimit(store, "db", 1), try await defineLimit(store, "gpu", 1)]
            let worker = try await runWorker(store, "w")
            try await store.submit([limitedTask("t", ["gpu", "db"])])
            let run = try await store.claim(worker, request: "r").tasks[0].run
            struct Cut: Error {}
            await #expect(throws: Cut.self) {
                try await store.write(in: .store) { transaction in
                    _ = try await transaction.report(
                        run, by: worker, RunEnd(.completed, because: .completed), at: noon)
                    throw Cut()
                }
            }
            for limit in limits { #expect(try await store.held(limit) == 1) }
            try await store.finish(run, worker)
            for limit in limits { #expect(try await store.held(limit) == 0) }
        }
    }

    @Test("Late release after expiry: it releases nothing of another's")
    func lateRelease() async throws {
        try await StoreEngine.sqlite.withStore { store in
            let gpu = try await defineLimit(store, "gpu", 1)
            _ = try await store.acquire("a", [gpu], lease: .seconds(10))
            let later = noon + .seconds(10)
            #expect(try await store.acquire("b", [gpu], at: later) == .acquired(until: later + .seconds(60)))
            await #expect(throws: Problem.self) {
                try await store.write(in: .store) {
                    try await $0.renewSlots(of: "a", lease: .seconds(10), at: later)
                }
            }
            try await store.release("a", at: later)
            #expect(try await store.held(gpu, at: later) == 1)
            #expect(try await store.acquire("c", [gpu], at: later) == .waiting(ahead: 0))
        }
    }

    @Test("Concurrent duplicate release: one slot comes free, once")
    func duplicateRelease() async throws {
        try await StoreEngine.sqlite.withStore { store in
            let gpu = try await defineLimit(store, "gpu", 4)
            for holder in ["a", "b", "c", "d"] { _ = try await store.acquire(holder, [gpu]) }
            let released = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<6 { group.addTask { try await store.release("a") } }
                return try await group.reduce(0, +)
            }
            #expect(released == 1)
            #expect(try await store.held(gpu) == 3)
        }
    }

    @Test("Switched off while held: what is released meanwhile is free when it is on again")
    func switchedOff() async throws {
        try await StoreEngine.sqlite.withStore { store in
            let gpu = try await defineLimit(store, "gpu", 1)
            _ = try await store.acquire("a", [gpu])
            try await store.change(gpu) { $0.isActive = false }
            // Nobody is held back, and holders are recorded all the same.
            #expect(try await store.acquire("b", [gpu]) == .acquired(until: noon + .seconds(60)))
            #expect(try await store.held(gpu) == 2)
            try await store.release("a")
            try await store.change(gpu) { $0.isActive = true }
            #expect(try await store.acquire("c", [gpu]) == .waiting(ahead: 0))
            try await store.release("b")
            #expect(try await store.acquire("c", [gpu]) == .acquired(until: noon + .seconds(60)))
        }
    }

    @Test("Holder killed: its slot comes free when its time has passed, and its task's when its claim has")
    func holderKilled() async throws {
        try await StoreEngine.sqlite.withStore { store in
            try await definePool(store)
            let gpu = try await defineLimit(store, "gpu", 2)
            let worker = try await runWorker(store, "w", capacity: 2)
            try await store.submit([limitedTask("t", ["gpu"])])
            _ = try await store.claim(worker, request: "r")
            _ = try await store.acquire("a", [gpu])
            #expect(try await store.acquire("b", [gpu]) == .waiting(ahead: 0))
            let later = noon + .seconds(61)
            let ended = try await store.write(in: .store) { transaction in
                (
                    try await transaction.expireSlots(by: later, limit: 10),
                    try await transaction.expireClaims(of: [samplePool], by: later, limit: 10)
                )
            }
            #expect(ended == (1, 1))
            #expect(try await store.held(gpu, at: later) == 0)
            #expect(try await store.claim(worker, request: "r2", at: later).tasks.count == 1)
        }
    }
}
