import MusterCore
import MusterEvents
import MusterRuntime
import MusterTesting
import Testing

@Suite("A JSON Lines file with anything in it")
struct HostileTailTests {
    @Test("keeps what it has, byte by byte, and the new line stands by itself")
    func tails() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/events.jsonl"
        let event = CloudEvent(
            position: 7, fleet: "f",
            event: Event(
                .taskSubmitted, subject: "task/1", poolID: nil,
                time: Timestamp(milliseconds: 1_795_246_200_123),
                data: .object(["n": .integer(1)])))
        let whole = Array((event.json + "\n" + event.json + "\n").utf8)
        var generator = SeededGenerator(seed: 9)
        for _ in 0..<300 {
            let before = generator.mutated(whole)
            try DurableFile.write(before, to: path, mode: 0o640)
            let sink = JSONLinesSink(path: path)
            try await sink.deliver([event])
            await sink.close()
            let after = try TextFile.read(path, limit: 1 << 20)
            let end = before.isEmpty || before.last == UInt8(ascii: "\n") ? [] : [UInt8(ascii: "\n")]
            #expect(after == before + end + Array((event.json + "\n").utf8))
        }
    }
}
