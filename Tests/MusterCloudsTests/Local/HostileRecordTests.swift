import Glibc
import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

/// Records of instances as a disk or a person may have left them: read alone, since what a record names is killed.
@Suite("Records that are none")
struct HostileRecordTests {
    private static let record = """
        {"bootID":"7f1c","end":{"at":"2026-11-21T07:30:00.000Z","detail":"exit code 0","isSwept":true},"fleet":"f",\
        "launch":"l01","name":"l01-0","pid":4711,"startTime":88,"startedAt":"2026-11-21T07:30:00.000Z"}
        """

    @Test("are refused or read, and name a process that an instance can be")
    func mutations() throws {
        #expect(InstanceRecord(bytes: Array(Self.record.utf8))?.pid == 4_711)
        let folder = try TemporaryFolder()
        let place = InstanceFolder(base: folder.path, name: WorkerID(rawValue: "l01-0"))
        try Folder.make(place.path)
        var generator = SeededGenerator(seed: 21)
        for round in 0..<4_000 {
            let bytes = generator.mutated(Array(Self.record.utf8))
            if let record = InstanceRecord(bytes: bytes) {
                #expect(record.pid > 1 && record.startTime > 0 && !record.bootID.isEmpty)
            }
            guard round % 10 == 0 else { continue }
            try DurableFile.write(bytes, to: place.record, mode: 0o600)
            do throws(SystemError) {
                if let record = try place.readRecord() { #expect(record.name == place.name) }
            } catch {
                #expect(error.number == EBADMSG)
            }
            #expect(try TextFile.read(place.record, limit: 1 << 20) == bytes)
        }
    }

    @Test("are refused when they name no instance's process", arguments: [-1, 0, 1])
    func process(pid: Int) {
        let text = Self.record.replacing("4711", with: "\(pid)")
        #expect(InstanceRecord(bytes: Array(text.utf8)) == nil)
    }
}
