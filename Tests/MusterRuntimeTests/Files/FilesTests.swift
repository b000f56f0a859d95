import Glibc
import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@Suite("Files")
struct FilesTests {
    private func mode(_ path: String) -> mode_t {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
    }

    private func names(_ path: String) -> Set<String> {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: Set<String> = []
        while let entry = readdir(folder) {
            names.insert(
                withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                })
        }
        return names.subtracting([".", ".."])
    }

    @Test("that somebody else writes come whole, or not at all")
    func make() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/copy"
        let size = try DurableFile.make(at: path, mode: 0o640, replacing: false) {
            temporary throws(Problem) in
            #expect(temporary.hasPrefix("\(folder.path)/.copy.") && mode(temporary) == 0o600)
            try DurableFile.append("written", to: temporary)
            return 7
        }
        #expect(size == 7 && mode(path) == 0o640 && names(folder.path) == ["copy"])
        #expect(try TextFile.read(path, limit: 100) == Array("written".utf8))

        let refused = #expect(throws: Problem.self) {
            try DurableFile.make(at: path, mode: 0o600, replacing: false) { _ in }
        }
        #expect(refused?.code == .conflict)
        #expect(try FileSize.of(path) == 7 && names(folder.path) == ["copy"])

        let failed = #expect(throws: Problem.self) {
            try DurableFile.make(at: path, mode: 0o600, replacing: true) { _ throws(Problem) in
                throw Problem(.storeFull, "the disk is full")
            }
        }
        #expect(failed?.code == .storeFull)
        #expect(try FileSize.of(path) == 7 && names(folder.path) == ["copy"])

        try DurableFile.make(at: path, mode: 0o600, replacing: true) { _ in }
        #expect(try FileSize.of(path) == 0 && mode(path) == 0o600)
    }

    @Test("are replaced whole, with their permissions, and leave nothing beside them")
    func write() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/key"
        try DurableFile.write(Array("old".utf8), to: path, mode: 0o600)
        #expect(mode(path) == 0o600)
        let large = [UInt8](repeating: 7, count: 300_000)
        try DurableFile.write(large, to: path, mode: 0o666)
        #expect(mode(path) == 0o666)
        #expect(try TextFile.read(path, limit: 300_000) == large)
        try DurableFile.write([], to: path, mode: 0o600)
        #expect(try TextFile.read(path, limit: 0).isEmpty)
        #expect(names(folder.path) == ["key"])
    }

    @Test("keep their old content when they cannot be replaced, and the attempt is cleared away")
    func failedWrite() throws {
        let folder = try TemporaryFolder()
        try Folder.make("\(folder.path)/taken/inner")
        let thrown = #expect(throws: Problem.self) {
            try DurableFile.write([1], to: "\(folder.path)/taken", mode: 0o600)
        }
        #expect(thrown?.code == .fileFailed)
        #expect(thrown?.message == "cannot replace \(folder.path)/taken: Is a directory")
        #expect(names(folder.path) == ["taken"])
        #expect(names("\(folder.path)/taken") == ["inner"])
        #expect(throws: Problem.self) {
            try DurableFile.write([1], to: "\(folder.path)/no/file", mode: 0o600)
        }
    }

    @Test("can be written beside what a writer left behind that died")
    func leftBehind() throws {
        let folder = try TemporaryFolder()
        try DurableFile.write([1], to: "\(folder.path)/.key.\(getpid())-0.tmp", mode: 0o600)
        try DurableFile.write([2], to: "\(folder.path)/key", mode: 0o600)
        #expect(try TextFile.read("\(folder.path)/key", limit: 1) == [2])
    }

    @Test("written by many at once hold what one of them wrote")
    func concurrentWrites() async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/file"
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in UInt8(0)..<8 {
                group.addTask {
                    try DurableFile.write([UInt8](repeating: writer, count: 50_000), to: path, mode: 0o600)
                }
            }
            try await group.waitForAll()
        }
        let content = try TextFile.read(path, limit: 50_000)
        #expect(content.count == 50_000)
        #expect(Set(content).count == 1)
        #expect(names(folder.path) == ["file"])
    }

    @Test("are read up to a limit")
    func limit() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/file"
        try DurableFile.write([1, 2, 3], to: path, mode: 0o600)
        #expect(try TextFile.read(path, limit: 3) == [1, 2, 3])
        let thrown = #expect(throws: Problem.self) { try TextFile.read(path, limit: 2) }
        #expect(thrown?.code == .inputTooLarge)
        #expect(throws: Problem.self) { try TextFile.read("/dev/zero", limit: 1_000_000) }
    }

    @Test("that cannot be read say why")
    func unreadable() throws {
        let folder = try TemporaryFolder()
        #expect(throws: Problem(.fileFailed, "cannot open \(folder.path)/no: No such file or directory")) {
            try TextFile.read("\(folder.path)/no", limit: 1)
        }
        #expect(throws: Problem(.fileFailed, "cannot read \(folder.path): Is a directory")) {
            try TextFile.read(folder.path, limit: 1)
        }
    }

    @Test("a folder is made with those above it, once or twice")
    func folders() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/a//b/c/"
        try Folder.make(path, mode: 0o700)
        try Folder.make(path, mode: 0o755)
        #expect(mode("\(folder.path)/a/b/c") == 0o700)
        #expect(mode("\(folder.path)/a") & 0o700 == 0o700)
        try Folder.make("/")
        try Folder.make("")
    }

    @Test("a folder is not made where a file stands")
    func folderBlocked() throws {
        let folder = try TemporaryFolder()
        try DurableFile.write([], to: "\(folder.path)/file", mode: 0o600)
        for path in ["\(folder.path)/file", "\(folder.path)/file/inner"] {
            let thrown = #expect(throws: Problem.self) { try Folder.make(path) }
            #expect(thrown?.message == "cannot make the folder \(folder.path)/file: Not a directory")
        }
    }

    @Test("made at once by many is made once")
    func concurrentFolders() async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/a/b/c/d"
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<16 { group.addTask { try Folder.make(path) } }
            try await group.waitForAll()
        }
        #expect(names("\(folder.path)/a/b/c") == ["d"])
    }
}

extension DurableFile {
    /// Writes into a file that is there.
    fileprivate static func append(_ text: String, to path: String) throws(Problem) {
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
        defer { close(descriptor) }
        guard Glibc.write(descriptor, text, text.utf8.count) == text.utf8.count else {
            throw Problem(.fileFailed, "cannot write \(path)")
        }
    }
}
