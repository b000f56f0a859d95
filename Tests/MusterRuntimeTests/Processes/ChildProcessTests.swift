import Glibc
import MusterCore
import MusterRuntime
import Testing

@Suite("Child processes", .timeLimit(.minutes(3))) struct ChildProcessTests {
    @Test("a child's exit code and signal are told", arguments: [0, 1, 42, 255] as [Int32])
    func codes(_ code: Int32) async throws {
        let child = try shell("exit \(code)")
        #expect(await child.wait() == .code(code))
        #expect(child.exitStatus == .code(code))
        #expect(await child.wait().shellCode == code)
    }

    @Test("a signal that ended a child is told") func signals() async throws {
        let child = try shell("kill -KILL $$")
        #expect(await child.wait() == .signal(SIGKILL))
        #expect(child.exitStatus?.shellCode == 137)
    }

    @Test("a child can be signalled, and one that has ended is gone") func signalling() async throws {
        let child = try shell("exec sleep 600")
        #expect(child.exitStatus == nil)
        #expect(child.signal(SIGTERM) == .delivered)
        #expect(await child.wait() == .signal(SIGTERM))
        #expect(child.signal(SIGTERM) == .gone)
        #expect(child.signalGroup(SIGTERM) == .gone)
        #expect(try ProcessStatus.read(child.pid)?.hasEnded != true)
    }

    @Test("a child is reaped even when nobody keeps it") func reaped() async throws {
        let pid = try { try shell("exit 3").pid }()
        try await eventually { try ProcessStatus.read(pid) == nil }
    }

    @Test("many children ending at once are all told apart") func many() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for code in 0..<40 as Range<Int32> {
                group.addTask {
                    let child = try shell("exit \(code)")
                    #expect(await child.wait() == .code(code))
                }
            }
            try await group.waitForAll()
        }
    }

    @Test("a child has its environment, folder, words and three descriptors, and nothing else")
    func surroundings() async throws {
        let request = SpawnRequest(
            executable: "/bin/sh",
            arguments: ["-c", "echo \"$1|$2|$PWD|$NAME\"; env | sort; ls /proc/$$/fd", "sh", "a b", "é\"'"],
            environment: ["NAME": "a=b\nc", "PATH": "/usr/bin:/bin"], folder: "/usr", descriptors: [])
        let text = try await output(of: request)
        #expect(text.hasPrefix("a b|é\"'|/usr|a=b\nc\n"))
        #expect(text.contains("\nPATH=/usr/bin:/bin\nPWD=/usr\n"))
        #expect(!text.contains("HOME="))
        #expect(text.hasSuffix("\n0\n1\n2\n"))
    }

    @Test("descriptors come in their order even when they have each other's numbers")
    func crossed() async throws {
        let (firstOut, first) = try OwnedDescriptor.pipe()
        let (secondOut, second) = try OwnedDescriptor.pipe()
        let null = try OwnedDescriptor.open("/dev/null", O_RDONLY)
        let child = try ChildProcess.spawn(
            SpawnRequest(
                executable: "/bin/sh", arguments: ["-c", "echo one; echo two >&2; echo three >&3"],
                descriptors: [null, second, first, second]))
        _ = await child.wait()
        try #expect(firstOut.read(4) == "two\n")
        try #expect(secondOut.read(10) == "one\nthree\n")
    }

    @Test("a child ignores and blocks no signal, whatever its parent does") func dispositions() async throws {
        let was = Glibc.signal(SIGUSR2, SIG_IGN)
        defer { Glibc.signal(SIGUSR2, was) }
        let request = SpawnRequest(
            executable: "/bin/grep", arguments: ["-E", "^Sig(Blk|Ign):", "/proc/self/status"], descriptors: []
        )
        let text = try await output(of: request)
        let masks = text.split(separator: "\n").compactMap { UInt64($0.suffix(16), radix: 16) }
        // Signals 32 and 33 are the C library's own, and it has them ignored until a thread needs them.
        #expect(masks.map { $0 & ~(0b11 << 31) } == [0, 0])
    }

    @Test(
        "a child is in the group and session that was asked for",
        arguments: [SpawnRequest.Group.inherited, .ownGroup, .ownSession])
    func groups(_ group: SpawnRequest.Group) async throws {
        let child = try shell("exec sleep 600", group: group)
        let status = try #require(try ProcessStatus.read(child.pid))
        #expect(status.group == (group == .inherited ? getpgrp() : child.pid))
        #expect(status.session == (group == .ownSession ? child.pid : getsid(0)))
        child.signal(SIGKILL)
        _ = await child.wait()
    }

    @Test("a signal to the group reaches the child's children") func groupSignal() async throws {
        let (child, reading) = try piped("sleep 600 & echo up; wait")
        #expect(try reading.read(3) == "up\n")
        #expect(child.signalGroup(SIGKILL) == .delivered)
        #expect(await child.wait() == .signal(SIGKILL))
        // The end of the pipe comes when the last process that could write to it has ended.
        #expect(try reading.readAll(limit: 100).isEmpty)
    }

    @Test("what is left of a group is killed when its leader ends, if that was asked for")
    func leftovers() async throws {
        let (child, reading) = try piped("sleep 600 & exit 4", killsGroup: true)
        #expect(await child.wait() == .code(4))
        #expect(try reading.readAll(limit: 100).isEmpty)
    }

    @Test(
        "what cannot be started is a problem at once",
        arguments: [
            ("/nonexistent/program", "/", ProblemCode.inputInvalid, "start /nonexistent/program:"),
            ("/etc/passwd", "/", .inputInvalid, "start /etc/passwd:"),
            ("/bin/true", "/nonexistent", .inputInvalid, "start /bin/true in /nonexistent:"),
            ("/bin/true\0", "/", .inputInvalid, "zero byte"),
        ])
    func failures(_ program: String, _ folder: String, _ code: ProblemCode, _ words: String) {
        let problem = #expect(throws: Problem.self) {
            try ChildProcess.spawn(SpawnRequest(executable: program, folder: folder, descriptors: []))
        }
        #expect(problem?.code == code)
        #expect(problem?.message.contains(words) == true)
    }

    @Test("a handle on a process that has ended calls at once") func late() async throws {
        let child = try shell("exec sleep 600")
        let handle = try #require(try ProcessHandle.open(child.pid))
        let start = try #require(try ProcessStatus.read(child.pid)).startTime
        #expect(try ProcessHandle.open(child.pid, startedAt: start) != nil)
        #expect(try ProcessHandle.open(child.pid, startedAt: start + 1) == nil)
        child.signal(SIGKILL)
        _ = await child.wait()
        #expect(handle.signal(SIGTERM) == .gone)
        for _ in 0..<2 {
            try await withCheckedThrowingContinuation { done in
                do { try handle.onExit { done.resume() } } catch { done.resume(throwing: error) }
            }
        }
    }

    @Test("programs are found as a shell finds them") func search() {
        #expect(ExecutablePath.find("sh", path: "/nonexistent:/bin") == "/bin/sh")
        #expect(ExecutablePath.find("/bin/sh", path: "") == "/bin/sh")
        #expect(ExecutablePath.find("bin/sh", path: "", folder: "/") == "//bin/sh")
        #expect(ExecutablePath.find("passwd", path: "/etc") == nil)
        #expect(ExecutablePath.find("bin", path: "/") == nil)
        #expect(ExecutablePath.find("", path: "/bin") == nil)
        #expect(ExecutablePath.find("sh", path: "bin") == nil)
    }
}

private func shell(
    _ script: String, _ output: OwnedDescriptor? = nil, group: SpawnRequest.Group = .ownGroup,
    killsGroup: Bool = false
) throws -> ChildProcess {
    let null = try OwnedDescriptor.open("/dev/null", O_RDWR)
    return try ChildProcess.spawn(
        SpawnRequest(
            executable: "/bin/sh", arguments: ["-c", script], environment: ["PATH": "/usr/bin:/bin"],
            descriptors: [null, output ?? null, null], group: group, killsGroupAtExit: killsGroup))
}

/// Starts a script whose output can be read; no other copy of the pipe's writing end stays open here.
private func piped(_ script: String, killsGroup: Bool = false) throws -> (ChildProcess, OwnedDescriptor) {
    let (reading, writing) = try OwnedDescriptor.pipe()
    return (try shell(script, writing, killsGroup: killsGroup), reading)
}

/// Runs a request to its end and gives what it wrote.
private func output(of request: SpawnRequest) async throws -> String {
    var request = request
    let reading: OwnedDescriptor
    do {
        let pipe = try OwnedDescriptor.pipe()
        reading = pipe.reading
        request.descriptors = [try .open("/dev/null", O_RDONLY), pipe.writing, pipe.writing]
        _ = try await ChildProcess.spawn(request).wait()
        request.descriptors = []
    }
    return String(decoding: try reading.readAll(limit: 100_000), as: UTF8.self)
}

extension OwnedDescriptor {
    fileprivate func read(_ count: Int) throws -> String {
        String(decoding: try readAll(limit: count), as: UTF8.self)
    }
}

/// Looks until `condition` holds; for what no event tells of.
private func eventually(_ condition: () throws -> Bool) async throws {
    for _ in 0..<1_000 {
        if try condition() { return }
        try await Task.sleep(for: .milliseconds(5))
    }
    Issue.record("did not come to be within 5 seconds")
}
