import MusterRuntime
import Testing

@Suite("What a log writes while something particular is being done")
struct LogScopeTests {
    private struct Lines: LogSink {
        let written = Locked<[LogLine]>([])
        func write(_ line: LogLine) { written.withLock { $0.append(line) } }
    }

    @Test("carries its id, also from tasks that it starts, and nothing of it afterwards")
    func scope() async {
        let lines = Lines()
        let log = Log(to: lines).with(["pool": "a/b"])
        await Log.within("request", "r1") {
            log.info("inside")
            await Log.within("pass", "p#2") { await Task { log.info("started") }.value }
        }
        log.info("outside")
        let fields = lines.written.withLock { $0.map { $0.fields.map { "\($0.0)=\($0.1)" } } }
        #expect(
            fields == [["request=r1", "pool=a/b"], ["request=r1", "pass=p#2", "pool=a/b"], ["pool=a/b"]])
    }
}
