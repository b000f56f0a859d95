import Glibc
import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterWorker

@Suite("A worker's folder")
struct WorkFolderTests {
    private let run = RunReference(taskID: TaskID(rawValue: "t"), runID: 2)

    @Test("belongs to one worker at a time")
    func lock() throws {
        let temporary = try TemporaryFolder()
        let path = temporary.path + "/deep/worker"
        try withExtendedLifetime(WorkFolder.open(path)) {
            let problem = #expect(throws: Problem.self) { try WorkFolder.open(path) }
            #expect(problem?.code == .conflict)
        }
        _ = try WorkFolder.open(path)
    }

    @Test("loses the folders of runs that a dead worker left, and keeps their outputs")
    func leftovers() async throws {
        let temporary = try TemporaryFolder()
        do {
            let folder = try WorkFolder.open(temporary.path)
            let output = try await folder.prepare(folder.place(of: run))
            try output.writeAll(Array("said\n".utf8))
        }
        #expect(temporary.holds("tasks/t-2"))
        _ = try WorkFolder.open(temporary.path)
        #expect(!temporary.holds("tasks/t-2"))
        #expect(temporary.text("tasks/t-2.log") == "said\n")
    }

    @Test("is removed whatever a task left in it, and nothing outside with it")
    func removal() throws {
        let temporary = try TemporaryFolder()
        try temporary.write("stays", to: "outside")
        let path = temporary.path + "/tree"
        mkdir(path, 0o700)
        mkdir(path + "/locked", 0o700)
        try temporary.write("x", to: "tree/locked/file")
        symlink(temporary.path, path + "/link")
        #expect(link(temporary.path + "/outside", path + "/hard") == 0)
        try [CChar](arrayLiteral: 0x62, -1, 0).withUnsafeBufferPointer { name in
            let parent = try OwnedDescriptor.open(path, O_RDONLY)
            #expect(mkdirat(parent.number, try #require(name.baseAddress), 0o700) == 0)
        }
        chmod(path + "/locked", 0)
        try FolderRemoval.remove(path)
        #expect(!temporary.holds("tree"))
        #expect(temporary.text("outside") == "stays")
        try FolderRemoval.remove(path)
    }

    @Test("keeps the newest outputs")
    func retention() throws {
        let temporary = try TemporaryFolder()
        let names = (0..<WorkerPolicy.keptOutputs).map { "kept-\($0)" }
        let retention = OutputRetention(["gone-0", "gone-1"].map { temporary.path + "/" + $0 })
        for name in ["gone-0", "gone-1"] { try temporary.write("", to: name) }
        for name in names {
            try temporary.write("", to: name)
            retention.add(temporary.path + "/" + name)
            retention.add(temporary.path + "/" + name)
        }
        #expect(!temporary.holds("gone-0") && !temporary.holds("gone-1"))
        #expect(names.allSatisfy { temporary.holds($0) })
    }
}
