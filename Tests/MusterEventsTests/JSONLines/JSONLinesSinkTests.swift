import FoundationEssentials
import Glibc
import MusterCore
import MusterEvents
import MusterRuntime
import MusterTesting
import Testing

@Suite("The JSON Lines sink")
struct JSONLinesSinkTests {
    private func event(_ position: Int64, data: Document = .object(["n": .integer(1)])) -> CloudEvent {
        CloudEvent(
            position: position, fleet: "fleet-1",
            event: Event(
                .workerRunning, subject: "worker/demo/build/here/w\(position)",
                poolID: PoolID(rawValue: "demo/build"), time: Timestamp(milliseconds: 1_795_246_200_123),
                data: data))
    }

    private func ids(_ path: String) throws -> [String?] {
        try lines(path).map { line in
            guard case .string(let id)? = try JSON.document(Array(line.utf8))["id"]?.value else { return nil }
            return id
        }
    }

    /// The lines of a file, each of which must have its end.
    private func lines(_ path: String) throws -> [String] {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.isEmpty || text.hasSuffix("\n"))
        return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }

    private func append(_ text: String, to path: String) throws {
        let file = try #require(fopen(path, "a"))
        fputs(text, file)
        fclose(file)
    }

    @Test("writes a line for each event, a CloudEvent 1.0 in structured JSON")
    func fields() async throws {
        let path = try TemporaryFolder().keep("events.jsonl")
        let sink = JSONLinesSink(path: path.value)
        let data = Document.object(["text": .string("two\nlines \u{2028} and \"quotes\"")])
        try await sink.deliver([event(7, data: data), event(8)])
        let lines = try lines(path.value)
        #expect(lines.count == 2)
        let first = try JSON.document(Array(try #require(lines.first).utf8))
        let expected = Document.object([
            "specversion": .string("1.0"), "id": .string("7"), "source": .string("/muster/fleet-1"),
            "type": .string("dev.muster.worker.running"), "subject": .string("worker/demo/build/here/w7"),
            "time": .string("2026-11-21T07:30:00.123Z"), "datacontenttype": .string("application/json"),
            "data": data,
        ])
        #expect(first.canonicalJSON == expected.canonicalJSON)
        await sink.close()
    }

    @Test("appends to what is there, after a restart too")
    func appends() async throws {
        let path = try TemporaryFolder().keep("events.jsonl")
        let sink = JSONLinesSink(path: path.value)
        try await sink.deliver([event(1)])
        try await sink.deliver([event(2)])
        await sink.close()
        try await sink.deliver([event(3)])
        await sink.close()
        let next = JSONLinesSink(path: path.value)
        #expect(next.name == sink.name)
        try await next.deliver([event(4), event(5)])
        await next.close()
        #expect(try ids(path.value) == ["1", "2", "3", "4", "5"])
    }

    @Test("ends the half line that a crash has left before it writes on")
    func halfLine() async throws {
        let path = try TemporaryFolder().keep("events.jsonl")
        let whole = event(1).json
        try append(whole + "\n" + whole.prefix(30), to: path.value)
        let sink = JSONLinesSink(path: path.value)
        try await sink.deliver([event(2)])
        try await sink.deliver([event(3)])
        await sink.close()
        #expect(
            try lines(path.value) == [whole, String(whole.prefix(30)), event(2).json, event(3).json])
    }

    @Test("writes to a new file when the old one was moved away or deleted")
    func rotated() async throws {
        let path = try TemporaryFolder().keep("events.jsonl")
        let sink = JSONLinesSink(path: path.value)
        try await sink.deliver([event(1)])
        #expect(rename(path.value, path.value + ".1") == 0)
        try await sink.deliver([event(2)])
        #expect(try ids(path.value + ".1") == ["1"])
        #expect(try ids(path.value) == ["2"])
        #expect(unlink(path.value) == 0)
        try await sink.deliver([event(3)])
        #expect(try ids(path.value) == ["3"])
        await sink.close()
    }

    @Test("says so when it cannot write, and writes once it can")
    func unwritable() async throws {
        let folder = try TemporaryFolder().keep("missing")
        let path = folder.value + "/events.jsonl"
        let sink = JSONLinesSink(path: path)
        for _ in 0..<2 {
            let problem = await #expect(throws: Problem.self) { try await sink.deliver([event(1)]) }
            #expect(problem?.code == .unavailable)
            #expect(problem?.message.contains(path) == true)
        }
        #expect(mkdir(folder.value, 0o700) == 0)
        try await sink.deliver([event(1)])
        #expect(try ids(path) == ["1"])
        await sink.close()
    }

    @Test("says so when the disk is full")
    func full() async throws {
        let sink = JSONLinesSink(path: "/dev/full")
        let problem = await #expect(throws: Problem.self) { try await sink.deliver([event(1)]) }
        #expect(problem?.code == .unavailable)
        await sink.close()
    }

    @Test(
        "takes back what it could not write wholly, and loses nothing",
        .enabled(if: SmallDisk.isPossible, Comment(rawValue: SmallDisk.obstacle)))
    func fullDisk() async throws {
        let folder = try TemporaryFolder()
        let disk = try SmallDisk(kibibytes: 256, at: folder.path + "/disk")
        let path = disk.path + "/events.jsonl"
        let sink = JSONLinesSink(path: path)
        try await sink.deliver([event(1)])
        try disk.fill()
        try disk.makeRoom(8_192)
        let many = (2...300).map { event(Int64($0)) }
        for _ in 0..<3 {
            let problem = await #expect(throws: Problem.self) { try await sink.deliver(many) }
            #expect(problem?.message.contains("No space left on device") == true)
            #expect(try ids(path) == ["1"])
        }
        try disk.makeRoom()
        try await sink.deliver(many)
        #expect(try ids(path) == (1...300).map(String.init))
        await sink.close()
    }

    @Test("lets the owner and the group read the file, and nobody else")
    func mode() async throws {
        let path = try TemporaryFolder().keep("events.jsonl")
        let sink = JSONLinesSink(path: path.value)
        try await sink.deliver([event(1)])
        var status = stat()
        #expect(stat(path.value, &status) == 0)
        #expect(status.st_mode & 0o137 == 0)
        await sink.close()
    }
}

/// A path within a temporary folder, which lives as long as it.
private struct KeptPath {
    let folder: TemporaryFolder
    let value: String
}

extension TemporaryFolder {
    fileprivate func keep(_ name: String) -> KeptPath { KeptPath(folder: self, value: path + "/" + name) }
}
