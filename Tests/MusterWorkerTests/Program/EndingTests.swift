import MusterAPI
import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterWorker

@Suite("A worker ends", .timeLimit(.minutes(1)))
struct EndingTests {
    private let clock = ManualClock()

    private func patient(_ subject: WorkerUnderTest) -> String {
        let path = subject.folder.path
        return "touch \(path)/begun; until [ -e \(path)/release ]; do sleep 0.01; done"
    }

    private func begun(_ subject: WorkerUnderTest) async throws {
        #expect(try await eventually { subject.folder.holds("begun") })
    }

    @Test("at once when it is idle, asking once more for an answer that may be under way")
    func idle() async throws {
        let subject = try WorkerUnderTest(limit: .tasks(3), clock: clock)
        let exit = try await subject.run { service in await service.until { $0.claims.count == 1 } }
        #expect(exit.code == 0)
        let claims = await subject.service.claims
        #expect(claims.count == 2)
        #expect(claims[1].requestId == claims[0].requestId)
        #expect(claims[1].tasks == 0)
        #expect(claims[1].waitSeconds == 0)
    }

    @Test("with its runs finished, when they finish in time")
    func finishes() async throws {
        let subject = try WorkerUnderTest(limit: .tasks(1), clock: clock)
        let exit = try await subject.run { service in
            await service.submit(patient(subject))
            await service.submit("true", name: "task-2")
            try await begun(subject)
            subject.signals.yield(.terminate)
            await clock.untilSleeping(for: WorkerPolicy.drainTime)
            try subject.folder.write("", to: "release")
            await service.until { $0.reports.count == 1 }
        }
        #expect(exit == .ended("signal"))
        #expect(await subject.service.reports[0].report.resolution == .completed)
        #expect(await subject.service.reports.count == 1)
        #expect(await subject.service.claims.count == 1)
    }

    @Test("with its runs given back, when they do not")
    func givesBack() async throws {
        let subject = try WorkerUnderTest(limit: .tasks(1), clock: clock)
        let exit = try await subject.run { service in
            await service.submit(patient(subject))
            try await begun(subject)
            subject.signals.yield(.terminate)
            await clock.untilSleeping(for: WorkerPolicy.drainTime)
            clock.advance(by: WorkerPolicy.drainTime)
            await service.until { $0.reports.count == 1 }
        }
        #expect(exit.code == 0)
        let report = await subject.service.reports[0].report
        #expect(report.resolution == .exception)
        #expect(report.reason == .workerShutdown)
        #expect(report.exitCode == 143)
    }

    @Test("at once on a second signal, also with commands that do not heed the first")
    func secondSignal() async throws {
        let subject = try WorkerUnderTest(limit: .tasks(1), clock: clock)
        let exit = try await subject.run { service in
            await service.submit("trap '' TERM; " + patient(subject))
            try await begun(subject)
            subject.signals.yield(.terminate)
            subject.signals.yield(.terminate)
            await service.until { $0.reports.count == 1 }
        }
        #expect(exit.code == 0)
        let report = await subject.service.reports[0].report
        #expect(report.reason == .workerShutdown)
        #expect(report.exitCode == 137)
    }

    @Test("without waiting for a service that does not take its reports")
    func reportsUnanswered() async throws {
        let subject = try WorkerUnderTest(limit: .tasks(1), clock: clock)
        async let exit = subject.worker.run()
        await subject.service.change { $0.reportTroubles = Array(repeating: .unreachable, count: 3) }
        await subject.service.submit("true")
        await clock.untilSleeping(for: .milliseconds(1) ... .seconds(1))
        subject.signals.yield(.terminate)
        subject.signals.yield(.terminate)
        #expect(await exit.code == 0)
        #expect(await subject.service.reportTroubles.count == 1)
    }

    @Test("when an answer to a claim says so, with its runs finished however long they take")
    func advisedByClaim() async throws {
        let subject = try WorkerUnderTest(limit: .tasks(2))
        async let exit = subject.worker.run()
        let service = subject.service
        let run = await service.submit(patient(subject))
        try await begun(subject)
        await service.until { $0.claims.last?.holding == [run] }
        await service.change { $0.advice = ShouldTerminateResponse(terminate: true, reason: "over capacity") }
        try subject.folder.write("", to: "release")
        #expect(await exit == .ended("over capacity"))
        #expect(await service.reports.map(\.report.resolution) == [.completed])
    }

    @Test("when it asks because it is full, and finishes what runs")
    func advisedWhenAsked() async throws {
        let subject = try WorkerUnderTest(limit: .tasks(1), clock: clock, lease: .seconds(86_400))
        async let exit = subject.worker.run()
        let service = subject.service
        await service.submit(patient(subject))
        try await begun(subject)
        await service.change { $0.advice = ShouldTerminateResponse(terminate: true, reason: "archived") }
        await clock.untilSleeping(for: WorkerPolicy.terminationInterval)
        clock.advance(by: WorkerPolicy.terminationInterval)
        await service.until { $0.adviceAsked == 1 }
        try subject.folder.write("", to: "release")
        #expect(await exit == .ended("archived"))
        #expect(await service.claims.count == 1)
        #expect(await service.reports.map(\.report.resolution) == [.completed])
    }

    @Test("giving back at once what a claim brings after the signal")
    func lateClaim() async throws {
        let subject = try WorkerUnderTest(limit: .tasks(1), clock: clock)
        let service = subject.service
        await service.change { $0.claimTroubles = [.answerLost] }
        await service.submit(patient(subject))
        async let exit = subject.worker.run()
        await clock.untilSleeping(for: .milliseconds(1) ... .seconds(1))
        subject.signals.yield(.terminate)
        #expect(await exit.code == 0)
        #expect(await service.reports.map(\.report.reason) == [.workerShutdown])
        #expect(!subject.folder.holds("begun"))
    }

    @Test("when its task is cancelled, with nothing left that runs")
    func cancelled() async throws {
        let subject = try WorkerUnderTest(limit: .tasks(1), clock: clock)
        let task = Task { await subject.worker.run() }
        await subject.service.submit("echo $$ > \(subject.folder.path)/pid; " + patient(subject))
        try await begun(subject)
        let pid = try #require(subject.folder.text("pid").flatMap { Int32($0.dropLast()) })
        task.cancel()
        #expect(await task.value.code == 0)
        #expect(!isAlive(pid))
    }
}
