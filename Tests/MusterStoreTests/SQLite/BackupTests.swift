import Glibc
import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterStore

@Suite struct BackupTests {
    @Test("A backup is of one moment while others write, and nobody waits for it")
    func underLoad() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.path + "/muster.db")
        try await definePool(store)
        let writing = Task {
            var written = 0
            while !Task.isCancelled {
                let number = written
                // Two settings and a task that always say the same together.
                try await store.write(in: .store) { transaction in
                    try await transaction.set("left", to: "\(number)")
                    _ = try await transaction.submit([sampleTask("t\(number)")])
                    try await transaction.set("right", to: "\(number)")
                }
                written += 1
            }
            return written
        }
        var counts: [Int] = []
        for number in 0..<5 {
            let path = "\(folder.path)/copy-\(number).db"
            let facts = try await store.upkeep.backUp(to: path, replacing: false)
            let size = try FileSize.of(path)
            #expect(facts.bytes > 0 && facts.bytes == size)
            #expect(facts.schema == Migration.all.last?.id)
            let copy = try SQLiteStore(path: path)
            let (left, right, tasks, events) = try await copy.read { transaction in
                (
                    try await transaction.setting("left"), try await transaction.setting("right"),
                    try await transaction.rows("SELECT id FROM tasks").count,
                    try await transaction.events(after: 0, limit: 100_000).count
                )
            }
            #expect(left == right)
            #expect(tasks == (left.flatMap(Int.init).map { $0 + 1 } ?? 0) && events == tasks)
            #expect(try await copy.read { try await $0.counterDifferences() }.isEmpty)
            #expect(try await copy.upkeep.damage().isEmpty)
            counts.append(tasks)
            await copy.close()
        }
        writing.cancel()
        #expect(try await writing.value >= counts.max() ?? 0)
        #expect(counts == counts.sorted() && Set(counts).count > 1)
        await store.close()
    }

    @Test("A backup is its owner's alone, and leaves nothing else behind")
    func ownersAlone() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.path + "/state.db")
        try Folder.make(folder.path + "/copies")
        let path = folder.path + "/copies/muster.db"
        _ = try await store.upkeep.backUp(to: path, replacing: false)
        var status = stat()
        #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
        #expect(try names(folder.path + "/copies") == ["muster.db"])
        await store.close()
    }

    @Test("A file that is there stays, unless it is a backup and is to be replaced")
    func replacing() async throws {
        let folder = try TemporaryFolder()
        let database = folder.path + "/state.db"
        let store = try SQLiteStore(path: database)
        let path = folder.path + "/copy.db"
        _ = try await store.upkeep.backUp(to: path, replacing: true)
        try await store.write(in: .store) { try await $0.set("name", to: "new") }
        await #expect(throws: Problem.self) {
            _ = try await store.upkeep.backUp(to: path, replacing: false)
        }
        #expect(try await setting(of: path) == nil)
        _ = try await store.upkeep.backUp(to: path, replacing: true)
        #expect(try await setting(of: path) == "new")

        let key = folder.path + "/master.key"
        try DurableFile.write(Array("a secret that nobody has twice".utf8), to: key, mode: 0o600)
        symlink(path, folder.path + "/link")
        for other in [key, database, database + "-wal", folder.path, folder.path + "/link"] {
            let problem = await #expect(throws: Problem.self, "\(other)") {
                _ = try await store.upkeep.backUp(to: other, replacing: true)
            }
            #expect(problem?.code == .conflict, "\(other)")
        }
        #expect(try TextFile.read(key, limit: 100) == Array("a secret that nobody has twice".utf8))
        #expect(try await store.read { try await $0.setting("name") } == "new")
        await store.close()
    }

    @Test("A backup that is given up leaves nothing behind")
    func cancelled() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.path + "/state.db")
        try await store.write(in: .store) { transaction in
            for index in 0..<20_000 { try await transaction.set("key\(index)", to: "value \(index)") }
        }
        try Folder.make(folder.path + "/copies")
        let backup = Task {
            // Cancelled before it begins, it is given up at the first look.
            while !Task.isCancelled { await Task.yield() }
            return try await store.upkeep.backUp(to: folder.path + "/copies/muster.db", replacing: false)
        }
        backup.cancel()
        let problem = await #expect(throws: Problem.self) { _ = try await backup.value }
        #expect(problem?.code == .cancelled)
        #expect(try names(folder.path + "/copies").isEmpty)
        await store.close()
    }

    @Test("Damage in the database is found, and a damaged database is not passed on as a backup")
    func damage() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/state.db"
        let first = try SQLiteStore(path: path)
        try await first.write(in: .store) { transaction in
            for index in 0..<2_000 { try await transaction.set("key\(index)", to: "value \(index)") }
        }
        #expect(try await first.upkeep.damage().isEmpty)
        await first.close()
        // Pages in the middle, so that the header and the schema stay readable.
        let size = try FileSize.of(path)
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        let noise = [UInt8](repeating: 0xa5, count: 12_288)
        #expect(pwrite(descriptor, noise, noise.count, off_t(size - 16_384)) == noise.count)
        close(descriptor)
        let second = try SQLiteStore(path: path)
        let damage = try? await second.upkeep.damage()
        #expect(damage?.isEmpty != true)
        await #expect(throws: Problem.self) {
            _ = try await second.upkeep.backUp(to: folder.path + "/copy.db", replacing: false)
        }
        #expect(access(folder.path + "/copy.db", F_OK) != 0)
        await second.close()
    }

    private func setting(of path: String) async throws -> String? {
        let copy = try SQLiteStore(path: path)
        let value = try await copy.read { try await $0.setting("name") }
        await copy.close()
        return value
    }

    private func names(_ folder: String) throws -> [String] {
        let opened = try OwnedDescriptor.open(folder, O_RDONLY | O_DIRECTORY)
        return try opened.entries().sorted()
    }
}
