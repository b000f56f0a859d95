import MusterAPI
import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterWorker

@Suite("A worker claims tasks", .timeLimit(.minutes(3)))
struct ClaimingTests {
    @Test("a claim names the worker, its room and how long it waits")
    func request() async throws {
        let subject = try WorkerUnderTest(limit: .tasks(3))
        try await subject.run { service in await service.until { $0.claims.count == 1 } }
        let claim = try #require(await subject.service.claims.first)
        #expect(claim.workerGroup == WorkerUnderTest.key.group)
        #expect(claim.workerId == WorkerUnderTest.key.id)
        #expect(claim.tasks == 3)
        #expect(claim.holding == [])
        #expect(claim.waitSeconds == 30)
        #expect(claim.requestId.utf8.count == 32)
    }

    @Test("a folder that somebody removed is made again, and no task is used up over it")
    func folderRemoved() async throws {
        let subject = try WorkerUnderTest()
        try await subject.run { service in
            await service.submit("rm -r '\(subject.folder.path)/worker'", name: "task-1")
            await service.until { $0.reports.count == 1 }
            await service.submit("echo made", name: "task-2")
            await service.until { $0.reports.count == 2 }
        }
        let reports = await subject.service.reports
        #expect(reports.map(\.report.resolution) == [.completed, .completed])
        #expect(reports[1].report.tail == "made\n")
    }

    @Test("nothing is claimed while the disk takes nothing, and the worker ends when that lasts")
    func diskFull() async throws {
        let clock = ManualClock()
        let subject = try WorkerUnderTest(clock: clock)
        let exit = try await subject.run { service in
            // A file in the folder's place: no run can be begun.
            let tasks = subject.folder.path + "/worker/tasks"
            await service.submit("rm -r '\(tasks)'; touch '\(tasks)'", name: "task-1")
            await service.until { $0.reports.count == 1 }
            // Nobody tells of a wait of no length: the time goes on until the worker has had enough.
            let hasEnded = try await eventually {
                clock.advance(by: .seconds(30))
                return await subject.worker.stage != .working
            }
            #expect(hasEnded)
            await service.submit("true", name: "task-2")
        }
        guard case .failed(let problem) = exit else {
            Issue.record("the worker ended with \(exit)")
            return
        }
        #expect(problem.message.contains("The worker's folder cannot be used"))
        let (reports, claims) = (await subject.service.reports, await subject.service.claims)
        #expect(reports.count == 1 && claims.count == 1)
    }

    @Test("a lost answer is asked for under the same id, and the next question has another")
    func lostAnswer() async throws {
        let subject = try WorkerUnderTest()
        try await subject.run { service in
            await service.change { $0.claimTroubles = [.answerLost, .unreachable] }
            await service.submit("true")
            await service.until { $0.reports.count == 1 && $0.claims.count == 4 }
        }
        let ids = await subject.service.claims.map(\.requestId)
        #expect(Set(ids[0..<3]).count == 1)
        #expect(ids[3] != ids[0])
        #expect(await subject.service.reports.count == 1)
    }

    @Test("fifty tasks never run more than eight at a time, and all of them run")
    func limit() async throws {
        let subject = try WorkerUnderTest(limit: .tasks(8))
        let running = subject.folder.path + "/running"
        try await subject.run { service in
            for index in 0..<50 {
                await service.submit(
                    "echo + >> \(running); sleep 0.05; echo - >> \(running)", name: "task-\(index)")
            }
            await service.until { $0.reports.count == 50 }
        }
        #expect(await subject.service.reports.allSatisfy { $0.report.resolution == .completed })
        #expect(await Set(subject.service.reports.map(\.run)).count == 50)
        #expect(await subject.service.mostHeld == 8)
        var now = 0
        var most = 0
        for mark in try #require(subject.folder.text("running")) where mark != "\n" {
            now += mark == "+" ? 1 : -1
            most = max(most, now)
        }
        #expect(now == 0)
        #expect(most <= 8 && most > 1)
    }

    @Test("without a limit it claims in batches")
    func unlimited() async throws {
        let subject = try WorkerUnderTest(limit: .unlimited)
        try await subject.run { service in
            for index in 0..<40 { await service.submit("true", name: "task-\(index)") }
            await service.until { $0.reports.count == 40 }
        }
        #expect(await subject.service.claims.allSatisfy { $0.tasks <= WorkerPolicy.claimBatch })
    }

    @Test("a run that is sent again while it runs is not started twice")
    func sentAgain() async throws {
        let subject = try WorkerUnderTest(limit: .tasks(2))
        let begun = subject.folder.path + "/begun"
        let release = subject.folder.path + "/release"
        try await subject.run { service in
            let run = await service.submit("echo x >> \(begun); until [ -e \(release) ]; do sleep 0.01; done")
            await service.until { $0.claims.last?.holding == [run] }
            let script = "echo x >> \(begun)"
            let again = await service.task(TaskPayload(command: ["/bin/sh", "-c", script]), name: "task-1")
            let questions = await service.claims.count
            await service.change { $0.resent = [again, again] }
            await service.until { $0.claims.count > questions }
            try subject.folder.write("", to: "release")
            await service.until { $0.reports.count == 1 }
        }
        #expect(subject.folder.text("begun") == "x\n")
        #expect(await subject.service.reports.count == 1)
    }

    @Test("a run that it does not hold is started when it is sent again, within its room")
    func sentAgainUnknown() async throws {
        let subject = try WorkerUnderTest(limit: .tasks(1))
        let release = subject.folder.path + "/release"
        try await subject.run { service in
            let script = "until [ -e \(release) ]; do sleep 0.01; done"
            let first = await service.task(TaskPayload(command: ["/bin/sh", "-c", script]), name: "task-1")
            let second = await service.task(TaskPayload(command: ["true"]), name: "task-2")
            await service.change { $0.resent = [first, second] }
            await service.until { $0.renewals.isEmpty && $0.claims.count == 1 }
            try subject.folder.write("", to: "release")
            await service.until { $0.reports.count == 1 && $0.claims.count == 2 }
            await service.change { $0.resent = [second] }
            await service.until { $0.reports.count == 2 }
        }
        #expect(await subject.service.reports.map(\.run.taskID.rawValue) == ["task-1", "task-2"])
    }

    @Test("a limit raised while a claim waits is asked for at once, under the same id")
    func raised() async throws {
        let subject = try WorkerUnderTest(limit: .tasks(1))
        try await subject.run { service in
            await service.until { $0.claims.count == 1 }
            await subject.worker.setWorkLimit(.tasks(5))
            await service.until { $0.claims.count == 2 }
        }
        let claims = await subject.service.claims
        #expect(claims[1].tasks == 5)
        #expect(claims[1].requestId == claims[0].requestId)
    }

    @Test("a limit lowered below what runs stops nothing but new claims")
    func lowered() async throws {
        let subject = try WorkerUnderTest(limit: .tasks(2))
        let release = subject.folder.path + "/release"
        try await subject.run { service in
            let script = "until [ -e \(release)-$MUSTER_TASK_ID ]; do sleep 0.01; done"
            await service.change { service in
                service.pending = ["a", "b"].map {
                    service.task(TaskPayload(command: ["/bin/sh", "-c", script]), name: $0)
                }
            }
            await service.until { $0.mostHeld == 2 }
            await subject.worker.setWorkLimit(.tasks(1))
            await service.submit("true", name: "c")
            try subject.folder.write("", to: "release-a")
            await service.until { $0.reports.count == 1 }
            #expect(await service.claims.count == 1)
            try subject.folder.write("", to: "release-b")
            await service.until { $0.reports.count == 3 }
        }
        #expect(
            await subject.service.reports.map(\.report.resolution) == [.completed, .completed, .completed])
        #expect(await subject.service.claims[1].tasks == 1)
        #expect(await subject.service.claims[1].holding == [])
    }

    @Test("the limit's file overrides the limit, and is read again when asked")
    func file() async throws {
        let subject = try WorkerUnderTest(limit: .tasks(1))
        try FolderRemoval.remove(subject.folder.path + "/worker")
        _ = try WorkFolder.open(subject.folder.path + "/worker")
        try subject.folder.write("4\n", to: "worker/work-limit")
        try await subject.run { service in
            await service.until { $0.claims.last?.tasks == 4 }
            try subject.folder.write("nonsense", to: "worker/work-limit")
            subject.signals.yield(.reload)
            try subject.folder.write("7", to: "worker/work-limit")
            subject.signals.yield(.reload)
            await service.until { $0.claims.last?.tasks == 7 }
            try FolderRemoval.remove(subject.folder.path + "/worker/work-limit")
            subject.signals.yield(.reload)
            await service.until { $0.claims.last?.tasks == 1 }
        }
        #expect(await subject.service.claims.map(\.tasks).prefix(3) == [4, 7, 1])
    }

    @Test("a worker that the service will not have ends with the reason")
    func refused() async throws {
        let subject = try WorkerUnderTest()
        await subject.service.change { $0.claimTroubles = [.refused] }
        let exit = await subject.worker.run()
        #expect(exit.code == 1)
        #expect(await subject.service.claims.count == 1)
    }

    @Test("an idle worker that hears nothing for long gives up")
    func contactLost() async throws {
        let clock = ManualClock()
        let subject = try WorkerUnderTest(clock: clock)
        await subject.service.change { $0.claimTroubles = [.unreachable, .unreachable, .unreachable] }
        async let exit = subject.worker.run()
        for _ in 0..<2 {
            await clock.untilSleeping(for: .milliseconds(1) ... .seconds(1))
            clock.advance(by: WorkerPolicy.contactPatience - .seconds(2))
        }
        #expect(await exit.code == 1)
        #expect(await subject.service.claims.count == 3)
        #expect(Set(await subject.service.claims.map(\.requestId)).count == 1)
    }
}
