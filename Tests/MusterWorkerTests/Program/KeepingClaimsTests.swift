import MusterAPI
import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterWorker

@Suite("A worker keeps its claims", .timeLimit(.minutes(3)))
struct KeepingClaimsTests {
    private let clock = ManualClock()
    private let renewal = Duration.seconds(150)...Duration.seconds(200)

    private func subject(limit: WorkLimit = .tasks(1)) throws -> WorkerUnderTest {
        try WorkerUnderTest(limit: limit, clock: clock, lease: .seconds(300))
    }

    /// A command that says that it has begun and then waits.
    private func patient(_ subject: WorkerUnderTest) -> String {
        "echo $$ > \(subject.folder.path)/pid.part; mv \(subject.folder.path)/pid.part \(subject.folder.path)/pid;"
            + " until [ -e \(subject.folder.path)/release ]; do sleep 0.01; done"
    }

    private func pid(_ subject: WorkerUnderTest) async throws -> Int32 {
        #expect(try await eventually { subject.folder.holds("pid") })
        return try #require(subject.folder.text("pid").flatMap { Int32($0.dropLast()) })
    }

    @Test("a run is renewed before its claim ends, for as long as it takes")
    func renewals() async throws {
        let subject = try subject()
        try await subject.run { service in
            let run = await service.submit(patient(subject))
            for count in 1...4 {
                await clock.untilSleeping(for: renewal)
                clock.advance(by: .seconds(200))
                await service.until { $0.renewals == Array(repeating: run, count: count) }
            }
            try subject.folder.write("", to: "release")
            await service.until { $0.reports.count == 1 }
        }
        #expect(await subject.service.reports[0].report.resolution == .completed)
    }

    @Test("a claim that is lost stops the command, and nothing is reported")
    func lost() async throws {
        let subject = try subject()
        try await subject.run { service in
            await service.change { $0.renewalTroubles = [.claimLost] }
            await service.submit(patient(subject))
            let pid = try await pid(subject)
            await clock.untilSleeping(for: renewal)
            clock.advance(by: .seconds(200))
            #expect(try await eventually { !isAlive(pid) })
            // The place is free again, and the run is not named any more.
            await service.until { $0.claims.count == 2 }
        }
        #expect(await subject.service.claims[1].holding == [])
        #expect(await subject.service.reports.isEmpty)
    }

    @Test("a claim that an answer calls lost stops the command too")
    func lostByAnswer() async throws {
        let subject = try WorkerUnderTest(limit: .tasks(2))
        try await subject.run { service in
            let run = await service.submit(patient(subject))
            let pid = try await pid(subject)
            await service.until { $0.claims.last?.holding == [run] }
            await service.change { $0.lost = [run] }
            #expect(try await eventually { !isAlive(pid) })
            // The next claim may have gone out before the command had ended, and still name it.
            #expect(try await eventually { await subject.worker.executions.isEmpty })
        }
        #expect(await subject.service.reports.isEmpty)
    }

    @Test("trouble is sat out while the claim lasts")
    func trouble() async throws {
        let subject = try subject()
        try await subject.run { service in
            await service.change { $0.renewalTroubles = [.unreachable, .unreachable, .refused] }
            await service.submit(patient(subject))
            let pid = try await pid(subject)
            await clock.untilSleeping(for: renewal)
            clock.advance(by: .seconds(200))
            for tries in 2...4 {
                await clock.untilSleeping(for: .milliseconds(1) ... .seconds(10))
                clock.advance(by: .seconds(10))
                await service.until { $0.renewals.count == tries }
            }
            #expect(isAlive(pid))
            await clock.untilSleeping(for: renewal)
            try subject.folder.write("", to: "release")
            await service.until { $0.reports.count == 1 }
        }
        #expect(await subject.service.reports[0].report.resolution == .completed)
    }

    @Test("a claim that nobody confirms ends the command when it ends: another worker may run it then")
    func expired() async throws {
        let subject = try subject()
        try await subject.run { service in
            await service.change { $0.renewalTroubles = Array(repeating: .unreachable, count: 100) }
            await service.submit(patient(subject))
            let pid = try await pid(subject)
            await clock.untilSleeping(for: renewal)
            clock.advance(by: .seconds(200))
            await clock.untilSleeping(for: .milliseconds(1) ... .seconds(10))
            #expect(isAlive(pid))
            clock.advance(by: .seconds(101))
            #expect(try await eventually { !isAlive(pid) })
            await service.until { $0.claims.count == 2 }
        }
        #expect(await subject.service.reports.isEmpty)
    }

    @Test("a claim lasts beyond its end while the service says that it can write nothing")
    func storeFull() async throws {
        let subject = try subject()
        try await subject.run { service in
            await service.change { $0.renewalTroubles = Array(repeating: .storeFull, count: 60) }
            await service.submit(patient(subject))
            let pid = try await pid(subject)
            await clock.untilSleeping(for: renewal)
            clock.advance(by: .seconds(200))
            // Ten minutes of a claim of five, asked for every ten seconds at the most.
            for tries in 2...61 {
                await clock.untilSleeping(for: .milliseconds(1) ... .seconds(10))
                clock.advance(by: .seconds(10))
                await service.until { $0.renewals.count == tries }
            }
            await clock.untilSleeping(for: renewal)
            #expect(isAlive(pid))
            try subject.folder.write("", to: "release")
            await service.until { $0.reports.count == 1 }
        }
        #expect(await subject.service.reports[0].report.resolution == .completed)
    }

    @Test("a report is kept for as long as the service says that it can write nothing")
    func reportKept() async throws {
        let subject = try subject()
        try await subject.run { service in
            await service.change { $0.reportTroubles = Array(repeating: .storeFull, count: 5) }
            await service.submit("exit 3")
            for left in (0..<5).reversed() {
                await service.until { $0.reportTroubles.count == left }
                await clock.untilSleeping(for: .milliseconds(1) ... .seconds(30))
                clock.advance(by: WorkerPolicy.reportPatience)
            }
            await service.until { $0.reports.count == 1 }
        }
        #expect(await subject.service.reports[0].report.exitCode == 3)
    }

    @Test("a report is repeated until it is answered, and named as held meanwhile")
    func reportRepeated() async throws {
        let subject = try subject()
        try await subject.run { service in
            await service.change { $0.reportTroubles = [.unreachable, .answerLost, .unreachable] }
            await service.submit("exit 3")
            for _ in 0..<3 {
                await clock.untilSleeping(for: .milliseconds(1) ... .seconds(2))
                clock.advance(by: .seconds(2))
            }
            await service.until { $0.claims.count == 2 }
        }
        let reports = await subject.service.reports
        #expect(reports.count == 2)
        #expect(reports[0].report == reports[1].report)
        #expect(await subject.service.reportTroubles.isEmpty)
    }

    @Test("a report that is refused is dropped", arguments: [FakeService.Trouble.claimLost, .refused])
    func reportRefused(trouble: FakeService.Trouble) async throws {
        let subject = try subject()
        try await subject.run { service in
            await service.change { $0.reportTroubles = [trouble] }
            await service.submit("true")
            await service.until { $0.claims.count == 2 }
        }
        #expect(await subject.service.reports.isEmpty)
        #expect(await subject.service.claims[1].holding == [])
    }

    @Test("a report that nobody answers is given up after a while")
    func reportGivenUp() async throws {
        let subject = try subject()
        try await subject.run { service in
            await service.change {
                $0.reportTroubles = [.unreachable, .unreachable]
                $0.renewalTroubles = Array(repeating: .unreachable, count: 100)
            }
            await service.submit("true")
            await clock.untilSleeping(for: .milliseconds(1) ... .seconds(1))
            clock.advance(by: WorkerPolicy.reportPatience)
            await service.until { $0.claims.count == 2 }
        }
        #expect(await subject.service.reportTroubles.isEmpty)
        #expect(await subject.service.reports.isEmpty)
    }
}
