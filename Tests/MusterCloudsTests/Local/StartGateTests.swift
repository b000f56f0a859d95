import Glibc
import MusterCore
import MusterRuntime
import Testing

@testable import MusterClouds

@Suite("The start gate", .timeLimit(.minutes(3))) struct StartGateTests {
    /// A process at a gate; what it writes comes out of the descriptor, whose end is the process's end.
    private func atGate(_ gate: StartGate, _ words: [String]) throws -> (ChildProcess, OwnedDescriptor) {
        let (reading, writing) = try OwnedDescriptor.pipe()
        let command = InstanceCommand(words: words, environment: ["PATH": "/usr/bin:/bin"], folder: "/")
        let input = try OwnedDescriptor.open("/dev/null", O_RDONLY)
        return (try ChildProcess.spawn(gate.request(command, input: input, log: writing)), reading)
    }

    @Test("a process runs nothing while the gate is shut, and ends when its keeper goes away") func shut()
        async throws
    {
        var gate: StartGate? = try StartGate()
        let (child, output) = try atGate(try #require(gate), ["/bin/echo", "ran"])
        // The shell is at the gate when it waits for the pipe.
        try await eventually { try ProcessStatus.read(child.pid)?.state == "S" }
        #expect(try ProcessTable.program(of: child.pid) == "sh")
        #expect(child.exitStatus == nil)
        gate = nil
        #expect(await child.wait() == .code(125))
        #expect(try output.readAll(limit: 100).isEmpty)
    }

    @Test("when the gate opens the same process becomes the command, word for word") func opened()
        async throws
    {
        let gate = try StartGate()
        let (child, output) = try atGate(
            gate, ["/bin/sh", "-c", "echo $$; printf '%s|' \"$@\"", "x", "a b", "*", "$(id)", ""])
        try gate.open()
        #expect(await child.wait() == .code(0))
        let text = String(decoding: try output.readAll(limit: 1_000), as: UTF8.self)
        #expect(text == "\(child.pid)\na b|*|$(id)||")
    }

    @Test("opening the gate for a process that has ended is no error") func late() async throws {
        let gate = try StartGate()
        let (child, _) = try atGate(gate, ["/bin/true"])
        child.signal(SIGKILL)
        #expect(await child.wait() == .signal(SIGKILL))
        try gate.open()
    }
}
