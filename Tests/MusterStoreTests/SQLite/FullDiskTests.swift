import Glibc
import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterStore

/// What becomes of writes when the disk is full.
@Suite("A store on a full disk", .timeLimit(.minutes(1)))
struct FullDiskTests {
    private let large = String(repeating: "x", count: 4 << 20)

    private func withStore(_ body: (SQLiteStore) async throws -> Void) async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.path + "/muster.db")
        do {
            try await body(store)
        } catch {
            await store.close()
            throw error
        }
        await store.close()
    }

    @Test("takes nothing in that does not fit, says what to do, and goes on when there is room")
    func full() async throws {
        try await withStore { store in
            try await definePool(store)
            let worker = try await runWorker(store, "w1", capacity: 4)
            _ = try await store.write(in: .store) {
                try await $0.submit([sampleTask("t1"), sampleTask("t2")])
            }
            let held = try await store.claim(worker, request: "a").tasks
            let before = try await store.tables()
            try await store.limitGrowth(to: 0)
            let submission = (0..<200).map { sampleTask("more-\($0)") }
            let problem = await #expect(throws: Problem.self) {
                try await store.write(in: .store) { try await $0.submit(submission) }
            }
            #expect(problem?.code == .storeFull)
            #expect(problem?.message.contains("make room, and everything goes on by itself") == true)
            #expect(try await store.tables() == before)
            try await store.limitGrowth(to: nil)
            _ = try await store.write(in: .store) { try await $0.submit(submission) }
            let outcome = try await store.write(in: .store) {
                try await $0.report(
                    held[0].run, by: worker, RunEnd(.completed, because: .completed), at: noon)
            }
            #expect(outcome == .accepted(.completed))
            #expect(try await store.read { try await $0.pendingTasks(of: samplePool) } == 201)
            let counters = try await store.counters()
            #expect(counters.counted == counters.recounted)
        }
    }

    @Test("tells everybody whose write it could not keep the same, and keeps the others whole")
    func batch() async throws {
        try await withStore { store in
            try await store.limitGrowth(to: 4)
            let large = large
            let outcomes = await withTaskGroup(of: (Int, ProblemCode?).self) { group in
                for number in 0..<60 {
                    group.addTask {
                        do {
                            try await store.write(in: .store) { transaction in
                                try await transaction.set("first-\(number)", to: "x")
                                if number % 20 == 7 { try await transaction.set("large", to: large) }
                                try await transaction.set("second-\(number)", to: "x")
                            }
                            return (number, nil)
                        } catch {
                            return (number, (error as? Problem)?.code ?? .internalError)
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            let codes = Set(outcomes.map(\.1))
            #expect(codes.isSubset(of: [nil, .storeFull]))
            #expect(outcomes.contains { $0.0 == 7 && $0.1 == .storeFull })
            for (number, code) in outcomes {
                let (first, second) = try await store.read {
                    (try await $0.setting("first-\(number)"), try await $0.setting("second-\(number)"))
                }
                #expect((first != nil) == (code == nil) && (second != nil) == (code == nil), "\(number)")
            }
        }
    }

    @Test("takes nothing in while its file is not where it was, instead of writing into nowhere")
    func moved() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/muster.db"
        let store = try SQLiteStore(path: path)
        try await store.write(in: .store) { try await $0.set("kept", to: "yes") }
        #expect(rename(path, path + ".away") == 0)
        for _ in 0..<2 {
            let problem = await #expect(throws: Problem.self) {
                try await store.write(in: .store) { try await $0.set("lost", to: "yes") }
            }
            #expect(problem?.code == .storeFailed)
            #expect(problem?.message.contains("\(path) was moved or removed") == true)
        }
        try DurableFile.write(Array("another".utf8), to: path, mode: 0o600)
        await #expect(throws: Problem.self) {
            try await store.write(in: .store) { try await $0.set("lost", to: "yes") }
        }
        #expect(rename(path + ".away", path) == 0)
        try await store.write(in: .store) { try await $0.set("after", to: "works") }
        #expect(try await store.read { try await $0.setting("lost") } == nil)
        await store.close()
    }

    @Test(
        "says so on a disk that is really full, is read on, and works again when there is room",
        .enabled(if: SmallDisk.isPossible, Comment(rawValue: SmallDisk.obstacle)))
    func disk() async throws {
        let folder = try TemporaryFolder()
        let disk = try SmallDisk(kibibytes: 8_192, at: folder.path + "/disk")
        let store = try SQLiteStore(path: disk.path + "/muster.db")
        try await store.write(in: .store) { try await $0.set("kept", to: "yes") }
        try disk.fill()
        let large = large
        for _ in 0..<3 {
            let problem = await #expect(throws: Problem.self) {
                try await store.write(in: .store) { try await $0.set("large", to: large) }
            }
            #expect(problem?.code == .storeFull, "\(String(describing: problem))")
            #expect(try await store.read { try await $0.setting("kept") } == "yes")
            #expect(try await store.read { try await $0.setting("large") } == nil)
        }
        try disk.makeRoom()
        try await store.write(in: .store) { try await $0.set("after", to: "works") }
        await store.close()
        let again = try SQLiteStore(path: disk.path + "/muster.db")
        #expect(try await again.read { try await $0.setting("after") } == "works")
        await again.close()
    }
}
