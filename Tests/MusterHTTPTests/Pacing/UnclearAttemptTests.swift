import MusterCore
import MusterHTTP
import MusterRuntime
import MusterTesting
import Testing

@Suite(.timeLimit(.minutes(3)))
struct UnclearAttemptTests {
    static let lost = Reply.raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n")

    @Test(
        "an answer tells whether an attempt before it may have been carried out",
        arguments: [
            ([.answer(status: 200)], false), ([.answer(status: 400)], false),
            ([.answer(status: 503), .answer(status: 400)], true),
            ([.answer(status: 408), .answer(status: 200)], true), ([lost, .answer(status: 403)], true),
            ([.answer(status: 429), .answer(status: 400)], false),
            ([.answer(status: 500), .answer(status: 429), .answer(status: 400)], true),
            ([.answer(status: 401), .answer(status: 400)], false),
        ])
    func answered(replies: [Reply], hadUnclearAttempt: Bool) async throws {
        try await PacingScene.run(replies) { scene in
            let call = scene.exchanging()
            for _ in replies.dropFirst() {
                await scene.clock.hasSleepers(1)
                scene.clock.advance(by: .seconds(5))
            }
            let answer = try await call.value.get()
            #expect(scene.server.requests.count == replies.count)
            #expect(answer.hadUnclearAttempt == hadUnclearAttempt)
        }
    }

    @Test("a request that was sent again since its connection broke may have been carried out twice")
    func sentAgain() async throws {
        try await PacingScene.run([.answer(status: 200), .hangUp, .answer(status: 409)]) { scene in
            let first = try await scene.exchanging(method: .put).value.get()
            #expect(!first.hadUnclearAttempt)
            let second = try await scene.exchanging(method: .put).value.get()
            #expect(scene.server.requests.count == 3)
            #expect(second.response.status == 409 && second.hadUnclearAttempt)
        }
    }

    @Test("the last answer of a call that is given up counts as well, when it is a fault of the server's")
    func givenUp() async throws {
        try await PacingScene.run([.answer(status: 502)]) { scene in
            let answer = try await scene.exchanging(CallPolicy(attempts: 1)).value.get()
            #expect(answer.response.status == 502)
            #expect(answer.hadUnclearAttempt)
        }
        try await PacingScene.run([.answer(status: 429)]) { scene in
            let answer = try await scene.exchanging(CallPolicy(attempts: 1)).value.get()
            #expect(!answer.hadUnclearAttempt)
        }
    }

    @Test("a failure tells whether any attempt may have been carried out")
    func failed() async throws {
        try await PacingScene.run([Self.lost]) { scene in
            let failure = await scene.exchanging(CallPolicy(attempts: 1)).value.failure
            #expect(failure?.problem.code == .networkFailed)
            #expect(failure?.mayHaveArrived == true)
        }
        try await PacingScene.run { scene in
            let rate = CallRate(burst: 1, perSecond: 0.001)
            let answer = try await scene.exchanging(CallPolicy(rate: rate)).value.get()
            #expect(!answer.hadUnclearAttempt)
            let failure = await scene.exchanging(CallPolicy(rate: rate)).value.failure
            #expect(failure?.problem.code == .callHeld)
            #expect(failure?.mayHaveArrived == false)
        }
    }

    @Test("what cannot be reached was never asked: a dead router, a name that is no host's")
    func unreached() async throws {
        let blackhole = try Blackhole()
        for url in [blackhole.url, "http://nowhere.invalid/"] {
            try await PacingScene.run { scene in
                let policy = CallPolicy(attempts: 1, isRepeatable: true)
                let failure = await scene.exchanging(policy, url: url, timeout: .milliseconds(200)).value
                    .failure
                #expect(failure?.problem.code == .networkRefused)
                #expect(failure?.mayHaveArrived == false)
            }
        }
    }

    @Test("a call that found no connection free was never sent, and those that hang may have been")
    func leftInLine() async throws {
        try await PacingScene.run(Array(repeating: .silence, count: 2), connections: 1) { scene in
            let hanging = scene.exchanging(CallPolicy(attempts: 1), timeout: .milliseconds(600))
            try await scene.server.requests.reach(1)
            let left = scene.exchanging(CallPolicy(attempts: 1), timeout: .milliseconds(100))
            #expect(await left.value.failure?.mayHaveArrived == false)
            #expect(await hanging.value.failure?.mayHaveArrived == true)
            #expect(scene.server.requests.count == 1)
        }
    }

    @Test("an attempt that may have been carried out is not forgotten when the next one cannot be made")
    func noOtherRequest() async throws {
        try await PacingScene.run([.answer(status: 500)]) { scene in
            let made = Locked(0)
            let url = scene.server.url()
            let call = Task { () -> CallFailure? in
                do throws(CallFailure) {
                    _ = try await scene.paced.exchange(.read, CallPolicy()) { () throws(Problem) in
                        guard
                            made.withLock({
                                $0 += 1; return $0
                            }) == 1
                        else {
                            throw Problem(.notAuthenticated, "no credentials")
                        }
                        return HTTPRequest(.post, url)
                    } judge: {
                        PacingScene.verdict($0)
                    }
                    return nil
                } catch {
                    return error
                }
            }
            await scene.clock.hasSleepers(1)
            scene.clock.advance(by: .seconds(1))
            let failure = await call.value
            #expect(failure?.problem.code == .notAuthenticated)
            #expect(failure?.mayHaveArrived == true)
        }
    }
}

extension Result where Failure == CallFailure {
    fileprivate var failure: CallFailure? { if case .failure(let failure) = self { failure } else { nil } }
}
