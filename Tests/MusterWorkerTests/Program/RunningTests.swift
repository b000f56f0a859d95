import Glibc
import MusterAPI
import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterWorker

@Suite("A worker runs tasks", .timeLimit(.minutes(1)))
struct RunningTests {
    @Test("a command that succeeds completes its run, and its output is kept when its folder is gone")
    func completes() async throws {
        let subject = try WorkerUnderTest()
        let reports = try await subject.reports(of: "echo one; echo two >&2; pwd; cat; touch left")
        let report = try #require(reports.first?.report)
        let folder = subject.folder.path + "/worker/tasks/task-1-0"
        #expect(report.resolution == .completed)
        #expect(report.reason == .completed)
        #expect(report.exitCode == 0)
        #expect(report.tail == "one\ntwo\n\(folder)\n")
        #expect(report.output == folder + ".log")
        #expect(subject.folder.text("worker/tasks/task-1-0.log") == report.tail)
        #expect(!subject.folder.holds("worker/tasks/task-1-0"))
    }

    @Test("a command that fails or is killed fails its run with its code")
    func fails() async throws {
        let reports = try await WorkerUnderTest().reports(of: "echo no; exit 7", "kill -9 $$")
        #expect(reports.map(\.report.resolution) == [.failed, .failed])
        #expect(reports.map(\.report.reason) == [.failed, .failed])
        #expect(reports.map(\.report.exitCode) == [7, 137])
        #expect(reports[0].report.tail == "no\n")
    }

    @Test("a long output is told by its last lines")
    func longOutput() async throws {
        let subject = try WorkerUnderTest()
        let report = try await subject.reports(
            of: "i=0; while [ $i -lt 2000 ]; do echo line $i; i=$((i+1)); done"
        )[0].report
        #expect(report.tail.hasSuffix("line 1998\nline 1999\n"))
        #expect(report.tail.hasPrefix("line "))
        #expect(report.tail.utf8.count <= WorkerPolicy.tailBytes)
        #expect(report.tail.utf8.count > WorkerPolicy.tailBytes - 20)
        #expect(subject.folder.text("worker/tasks/task-1-0.log")?.hasPrefix("line 0\nline 1\n") == true)
    }

    @Test("a task sees the worker's environment, its own, what it is, and nothing of Muster's")
    func environment() async throws {
        let inherited = TaskEnvironment.inherited(from: [
            "PATH": "/usr/bin:/bin", "MUSTER_WORKER_TOKEN_FILE": "/secret", "KEPT": "yes", "BOTH": "worker",
        ])
        let subject = try WorkerUnderTest(environment: inherited)
        try await subject.run { service in
            await service.submit(
                "env | grep -v -e '^PWD=' -e '^_=' -e '^OLDPWD=' -e '^SHLVL=' | sort",
                environment: ["OWN": "a b", "BOTH": "task", "MUSTER_RUN_ID": "forged"])
            await service.until { $0.reports.count == 1 }
        }
        let lines = await subject.service.reports[0].report.tail.split(separator: "\n")
        #expect(
            lines == [
                "BOTH=task", "KEPT=yes", "MUSTER_RUN_ID=0", "MUSTER_TASK_ID=task-1",
                "MUSTER_TENANT=tenant one", "OWN=a b", "PATH=/usr/bin:/bin",
            ])
    }

    @Test(
        "what cannot be run is malformed, with the reason in the tail",
        arguments: [
            (TaskPayload(command: []), "empty"), (TaskPayload(command: [""]), "empty"),
            (TaskPayload(command: ["no-such-command"]), "\"no-such-command\" is not there"),
            (TaskPayload(command: ["/etc/passwd"]), "not executable"),
            (TaskPayload(command: ["echo", "a\u{0}b"]), "zero byte"),
            (TaskPayload(command: ["true"], environment: ["A=B": "c"]), "environment"),
            (TaskPayload(command: ["true"], maxRunTime: 0), "maxRunTime"),
        ])
    func malformed(payload: TaskPayload, word: String) async throws {
        let subject = try WorkerUnderTest()
        try await subject.run { service in
            await service.submit(payload)
            await service.until { $0.reports.count == 1 }
        }
        let report = await subject.service.reports[0].report
        #expect(report.resolution == .exception)
        #expect(report.reason == .malformedPayload)
        #expect(report.exitCode == nil)
        #expect(report.tail.contains(word), "\(report.tail)")
    }

    @Test("an output that cannot be written is a matter of the worker, not of the task")
    func diskFull() async throws {
        let subject = try WorkerUnderTest()
        mkdir(subject.folder.path + "/worker", 0o700)
        mkdir(subject.folder.path + "/worker/tasks", 0o700)
        symlink("/dev/full", subject.folder.path + "/worker/tasks/task-1-0.log")
        let report = try await subject.reports(of: "echo hello || exit 1")[0].report
        #expect(report.resolution == .exception)
        #expect(report.reason == .resourceUnavailable)
        #expect(report.tail.contains("disk is full"))
    }

    @Test("a folder that cannot be made is a matter of the worker too")
    func noFolder() async throws {
        let subject = try WorkerUnderTest()
        try await subject.run { service in
            await service.until { $0.claims.count == 1 }
            #expect(rename(subject.folder.path + "/worker/tasks", subject.folder.path + "/gone") == 0)
            try subject.folder.write("no folder", to: "worker/tasks")
            await service.submit("true")
            await service.until { $0.reports.count == 1 }
        }
        #expect(await subject.service.reports[0].report.reason == .resourceUnavailable)
    }

    @Test("nothing of a command outlives it")
    func children() async throws {
        let subject = try WorkerUnderTest()
        let report = try await subject.reports(of: "sleep 1000 & echo $!")[0].report
        #expect(report.resolution == .completed)
        let pid = try #require(Int32(report.tail.split(separator: "\n")[0]))
        #expect(try await eventually { !isAlive(pid) })
    }

    @Test("a command that takes longer than it may is ended")
    func timeLimit() async throws {
        let clock = ManualClock()
        let subject = try WorkerUnderTest(clock: clock, lease: .seconds(86_400))
        try await subject.run { service in
            await service.submit("echo begun; exec sleep 1000", maxRunTime: 5)
            await clock.untilSleeping(for: .seconds(5))
            clock.advance(by: .seconds(5))
            await service.until { $0.reports.count == 1 }
        }
        let report = await subject.service.reports[0].report
        #expect(report.resolution == .failed)
        #expect(report.reason == .timedOut)
        #expect(report.exitCode == 143)
    }

    @Test("one that does not heed that is killed after the grace, with its children")
    func killed() async throws {
        let clock = ManualClock()
        let subject = try WorkerUnderTest(clock: clock, lease: .seconds(86_400))
        try await subject.run { service in
            let ready = subject.folder.path + "/ready"
            await service.submit(
                "trap '' TERM; sleep 1000 & echo $! > \(ready).part; mv \(ready).part \(ready); wait; wait; sleep 1000",
                maxRunTime: 5)
            #expect(try await eventually { subject.folder.holds("ready") })
            await clock.untilSleeping(for: .seconds(5))
            clock.advance(by: .seconds(5))
            await clock.untilSleeping(for: WorkerPolicy.killGrace)
            let child = try #require(subject.folder.text("ready").flatMap { Int32($0.dropLast()) })
            #expect(isAlive(child))
            clock.advance(by: WorkerPolicy.killGrace)
            await service.until { $0.reports.count == 1 }
            #expect(try await eventually { !isAlive(child) })
        }
        let report = await subject.service.reports[0].report
        #expect(report.reason == .timedOut)
        #expect(report.exitCode == 137)
    }
}
