import MusterAPI
import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterWorker

@Suite("A worker registers", .timeLimit(.minutes(3)))
struct RegistrationTests {
    private let clock = ManualClock()
    private let shortWait = Duration.milliseconds(1)...Duration.seconds(2)

    @Test("with its token and a nonce that stays the same, and deletes the token then")
    func registers() async throws {
        let subject = try WorkerUnderTest(clock: clock)
        try await subject.run { service in
            await service.change { $0.registrationTroubles = [.unreachable, .answerLost] }
            for tries in 1...2 {
                await service.until { $0.registrations.count == tries }
                await clock.untilSleeping(for: shortWait)
                #expect(subject.folder.holds("token"))
                clock.advance(by: .seconds(2))
            }
            await service.until { $0.claims.count == 1 }
        }
        let requests = await subject.service.registrations
        #expect(requests.count == 3)
        let proofs = requests.map(\.workerIdentityProof)
        #expect(proofs.allSatisfy { $0["token"] == Document(.string("the-token")) })
        #expect(Set(proofs.map { $0["nonce"] }).count == 1)
        guard case .string(let nonce)? = proofs[0]["nonce"]?.value else {
            Issue.record("there is no nonce")
            return
        }
        #expect(nonce.utf8.count == 32)
        #expect(requests[0].workerPoolId == WorkerUnderTest.key.poolID)
        #expect(requests[0].providerId.rawValue == "local")
        #expect(!subject.folder.holds("token"))
    }

    @Test("once when it is refused, and ends with the reason")
    func refused() async throws {
        let subject = try WorkerUnderTest()
        await subject.service.change { $0.registrationTroubles = [.refused] }
        guard case .failed(let problem) = await subject.worker.run() else {
            Issue.record("a refused worker ended in order")
            return
        }
        #expect(problem.code == .registrationRefused)
        #expect(problem.message.contains("this is nobody we know"))
        #expect(await subject.service.registrations.count == 1)
        #expect(subject.folder.holds("token"))
    }

    @Test("for so long and no longer")
    func patience() async throws {
        let subject = try WorkerUnderTest(clock: clock)
        await subject.service.change { $0.registrationTroubles = Array(repeating: .unreachable, count: 9) }
        async let exit = subject.worker.run()
        await clock.untilSleeping(for: shortWait)
        clock.advance(by: WorkerPolicy.registrationPatience)
        guard case .failed(let problem) = await exit else {
            Issue.record("an unregistered worker ended in order")
            return
        }
        #expect(problem.code == .networkFailed)
        #expect(await subject.service.registrations.count == 2)
    }

    @Test("or fails when it is told to end before")
    func signalled() async throws {
        let subject = try WorkerUnderTest(clock: clock)
        let exit = try await subject.run { service in
            await service.change { $0.registrationTroubles = Array(repeating: .unreachable, count: 9) }
            await clock.untilSleeping(for: shortWait)
        }
        #expect(exit.code == 1)
    }

    @Test("or fails without a token")
    func noToken() async throws {
        let subject = try WorkerUnderTest()
        try FolderRemoval.remove(subject.folder.path + "/token")
        let exit = await subject.worker.run()
        #expect(exit.code == 1)
        #expect(await subject.service.registrations.isEmpty)
    }

    @Test("or fails when another worker has its folder")
    func folderTaken() async throws {
        let subject = try WorkerUnderTest()
        let taken = try WorkFolder.open(subject.folder.path + "/worker")
        let exit = await subject.worker.run()
        withExtendedLifetime(taken) {}
        guard case .failed(let problem) = exit else {
            Issue.record("two workers in one folder")
            return
        }
        #expect(problem.code == .conflict)
    }
}
