import FoundationEssentials
import Glibc
import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterStore

/// What stands where the database should be, and is none, or not Muster's, or damaged.
@Suite("A strange file in the database's place")
struct StrangeFileTests {
    private let folder: TemporaryFolder
    private var path: String { folder.path + "/muster.db" }

    init() throws { folder = try TemporaryFolder() }

    private func content() -> [UInt8]? { FileManager.default.contents(atPath: path).map(Array.init) }

    private func mode() -> mode_t {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }

    /// A database of Muster's with something in it, as its end leaves it.
    private func makeDatabase() async throws -> [UInt8] {
        let store = try SQLiteStore(path: path)
        try await definePool(store)
        _ = try await store.write(in: .store) { transaction in
            try await transaction.submit((0..<500).map { sampleTask("task-\($0)") })
        }
        await store.close()
        return try #require(content())
    }

    private func refused(_ bytes: [UInt8], _ comment: Comment) throws -> Problem? {
        try DurableFile.write(bytes, to: path, mode: 0o640)
        let problem = #expect(throws: Problem.self, comment) { _ = try SQLiteStore(path: path) }
        #expect(problem?.code == .storeFailed, comment)
        #expect(problem?.message.contains(path) == true, comment)
        #expect(content() == bytes && mode() == 0o640, comment)
        return problem
    }

    @Test("is refused when it is no database, and stays as it is")
    func noDatabase() throws {
        var generator = SeededGenerator(seed: 3)
        let noise = (0..<20_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
        for bytes in [noise, Array("# notes\n".utf8), Array(repeating: 0, count: 8_192)] {
            let problem = try refused(bytes, "\(bytes.prefix(8))")
            #expect(problem?.message.contains("is no database: name the right state folder") == true)
        }
    }

    @Test("is refused when it is another program's database, and stays as it is")
    func anotherProgram() throws {
        let connection = try SQLiteConnection(path: path, access: .readWrite)
        try connection.script("CREATE TABLE songs (title TEXT); INSERT INTO songs VALUES ('one')")
        let bytes = try #require(content())
        let problem = try refused(bytes, "songs")
        #expect(problem?.message.contains("is a database of another program") == true)
    }

    @Test("is refused when its end is missing, and stays as it is")
    func truncated() async throws {
        let whole = try await makeDatabase()
        for count in [20, 100, 4_096, 4_096 * 5, whole.count / 2, whole.count - 4_096] {
            _ = try refused(Array(whole.prefix(count)), "\(count) of \(whole.count)")
        }
    }

    @Test("is never more than a problem, whichever part of it is damaged", arguments: 0..<8)
    func damaged(seed: UInt64) async throws {
        var bytes = try await makeDatabase()
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<Int.random(in: 1...40, using: &generator) {
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            let length = min(Int.random(in: 1...600, using: &generator), bytes.count - place)
            for index in place..<place + length { bytes[index] = .random(in: 0...255, using: &generator) }
        }
        try DurableFile.write(bytes, to: path, mode: 0o600)
        let store: SQLiteStore
        do throws(Problem) {
            store = try SQLiteStore(path: path)
        } catch {
            #expect([.storeFailed, .storeNewer].contains(error.code))
            #expect(content() == bytes)
            return
        }
        // What could be opened can be read and written as far as it is whole.
        for body in [
            { @Sendable (transaction: any WriteTransaction) in
                _ = try await transaction.submit([sampleTask("new")])
            },
            { _ = try await $0.recountedCapacity() },
            { _ = try await $0.expireClaims(of: [samplePool], by: noon, limit: 100) },
            {
                _ = try await $0.resolveOverdueTasks(
                    of: [samplePool], by: noon + .seconds(999_999), limit: 100)
            },
            { _ = try await $0.pools() },
        ] as [@Sendable (any WriteTransaction) async throws -> Void] {
            do {
                try await store.write(in: .store, body)
            } catch let problem as Problem {
                #expect([.storeFailed, .storeFull].contains(problem.code), "\(problem)")
            } catch {
                // A stored text that is no JSON any more.
                #expect("\(error)".isEmpty == false)
            }
        }
        await store.close()
    }

    @Test("is refused when it is a folder")
    func folderInItsPlace() throws {
        try Folder.make(path)
        let problem = #expect(throws: Problem.self) { _ = try SQLiteStore(path: path) }
        #expect(problem?.code == .storeFailed && problem?.message.contains("Is a directory") == true)
    }

    @Test("is refused when nobody can write it", .disabled(if: geteuid() == 0, "root writes everything"))
    func readOnly() async throws {
        let bytes = try await makeDatabase()
        chmod(path, 0o400)
        let problem = #expect(throws: Problem.self) { _ = try SQLiteStore(path: path) }
        #expect(problem?.code == .storeFailed && problem?.message.contains(path) == true)
        #expect(content() == bytes && mode() == 0o400)
    }

    @Test(
        "is refused on a disk that is read-only",
        .enabled(if: SmallDisk.isPossible, Comment(rawValue: SmallDisk.obstacle)))
    func readOnlyDisk() async throws {
        let disk = try SmallDisk(kibibytes: 8_192, at: folder.path + "/disk")
        let path = disk.path + "/muster.db"
        let store = try SQLiteStore(path: path)
        await store.close()
        try disk.makeReadOnly()
        let problem = #expect(throws: Problem.self) { _ = try SQLiteStore(path: path) }
        #expect(problem?.code == .storeFailed)
        #expect(problem?.message.contains("the folder of the database must be writable") == true)
    }
}
