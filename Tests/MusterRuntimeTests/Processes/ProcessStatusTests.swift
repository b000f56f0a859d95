import Glibc
import MusterRuntime
import Testing

@Suite("Process status") struct ProcessStatusTests {
    private static let rest = "4242 4240 17 34816 4242 4194304 98 0 0 0 0 0 0 0 20 0 1 0 998877 2580480 200"

    @Test(
        "the fields are counted from the last parenthesis, whatever the program calls itself",
        arguments: ["sh", "a b", "x) R 1 1 1", "((", "))", ") Z ("])
    func names(_ name: String) throws {
        let status = try #require(ProcessStatus(stat: "4242 (\(name)) S 7 \(Self.rest.dropFirst(5))\n"))
        #expect(status.pid == 4_242)
        #expect(status.state == "S")
        #expect(status.parent == 7)
        #expect(status.group == 4_240)
        #expect(status.session == 17)
        #expect(status.startTime == 998_877)
        #expect(!status.hasEnded)
    }

    @Test("a zombie has ended") func zombie() throws {
        #expect(try #require(ProcessStatus(stat: "1 (x) Z 7 \(Self.rest)")).hasEnded)
    }

    @Test(
        "what is no status is refused",
        arguments: ["", "1", "1 (x", "1 )x( S 1", "1 (x) S 1 2 3", "x (x) S 7 \(rest)", "1 (x) SS 7 \(rest)"])
    func malformed(_ text: String) {
        #expect(ProcessStatus(stat: text) == nil)
    }

    @Test("this process is found, with its parent and session") func own() throws {
        let status = try #require(try ProcessStatus.read(getpid()))
        #expect(status.pid == getpid())
        #expect(status.parent == getppid())
        #expect(status.session == getsid(0))
        #expect(try ProcessTable.processes().contains(getpid()))
    }

    @Test("a process that does not exist is nil, not an error") func absent() throws {
        #expect(try ProcessStatus.read(Int32.max) == nil)
        #expect(try ProcessTable.environment(of: Int32.max) == nil)
        #expect(try ProcessHandle.open(Int32.max) == nil)
    }

    @Test("the machine's start has a name") func boot() throws {
        let name = try ProcessTable.bootID()
        #expect(name.utf8.count == 36)
        #expect(try ProcessTable.bootID() == name)
    }
}
