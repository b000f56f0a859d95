import Glibc
import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("The record in an instance's folder")
struct InstanceFolderTests {
    @Test("Several processes that write it at once never leave one that nobody understands")
    func written() async throws {
        try await LocalScene.run { scene in
            #expect(try await scene.provider().launch().instances.count == 1)
            let folder = InstanceFolder(base: scene.folder, name: WorkerID(rawValue: scene.name(0)))
            let record = try scene.record()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<4 {
                    group.addTask {
                        var record = record
                        let detail = String(repeating: "x", count: writer * 100)
                        record.end = InstanceRecord.End(at: record.startedAt, detail: detail, isSwept: true)
                        for _ in 0..<40 {
                            try folder.write(record)
                            #expect(try folder.readRecord()?.pid == record.pid)
                        }
                    }
                }
                try await group.waitForAll()
            }
            let entries = try OwnedDescriptor.open(folder.path, O_RDONLY | O_DIRECTORY).entries()
            #expect(Set(entries) == ["instance.json", "work", "worker.log"])
        }
    }
}
