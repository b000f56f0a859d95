import Glibc
import MusterCore
import MusterHTTP
import MusterRuntime
import MusterTesting
import Testing

@Suite(.timeLimit(.minutes(3)))
struct PacedRetryTests {
    @Test("a fault that passes is waited out with jitter, and the request is made anew")
    func again() async throws {
        try await PacingScene.run([.answer(status: 503), .answer(status: 500)]) { scene in
            let made = Milestone()
            let url = scene.server.url()
            let call = Task {
                try await scene.paced.send(.read, CallPolicy()) { () throws(Problem) in
                    made.pass()
                    return HTTPRequest(.post, url)
                } judge: {
                    PacingScene.verdict($0)
                }
            }
            await scene.clock.untilSleeping(for: .zero...HTTPPolicy.backoffBase)
            scene.clock.advance(by: HTTPPolicy.backoffBase)
            await scene.clock.untilSleeping(for: .zero...HTTPPolicy.backoffBase * 2)
            scene.clock.advance(by: HTTPPolicy.backoffBase * 2)
            let response = try await call.value
            #expect(response.status == 200)
            #expect(made.count == 3)
            let figures = scene.figures()
            #expect(figures.calls == 1)
            #expect(figures.successes == 1)
            #expect(figures.attempts == 3)
            #expect(figures.retries == 2)
            #expect(figures.latency.count == 3)
        }
    }

    @Test(
        "Retry-After is honoured as seconds and as a date",
        arguments: ["7", "Sun, 06 Nov 1994 08:49:37 GMT"])
    func retryAfter(text: String) async throws {
        let reply = Reply.answer(
            status: 503, headers: [("Retry-After", text), ("Date", "Sun, 06 Nov 1994 08:49:30 GMT")])
        try await PacingScene.run([reply]) { scene in
            let call = scene.calling()
            await scene.clock.untilSleeping(for: .seconds(7)...(.seconds(7) + HTTPPolicy.backoffBase))
            scene.clock.advance(by: .seconds(7) + HTTPPolicy.backoffBase)
            #expect(await call.value.status == 200)
        }
    }

    @Test("a wait that would pass the deadline ends the call at once, with the last answer")
    func deadline() async throws {
        try await PacingScene.run([.answer(status: 503, headers: [("Retry-After", "26")])]) { scene in
            let response = try await scene.call()
            #expect(response.status == 503)
            #expect(scene.server.requests.count == 1)
            #expect(scene.figures().failures == ["status-503": 1])
            #expect(scene.clock.sleepers == 0)
        }
    }

    @Test("attempts come to an end, and the last answer is the call's")
    func attempts() async throws {
        try await PacingScene.run([.answer(status: 503), .answer(status: 502)]) { scene in
            let call = scene.calling(CallPolicy(attempts: 2))
            await scene.clock.hasSleepers(1)
            scene.clock.advance(by: .seconds(1))
            #expect(await call.value.status == 502)
            #expect(scene.server.requests.count == 2)
        }
    }

    @Test("what was refused a connection never arrived, and is sent again whatever it is")
    func refused() async throws {
        let listener = try ListeningSocket.onLoopback()
        close(listener.descriptor)
        let url = "http://127.0.0.1:\(listener.port)/"
        try await PacingScene.run { scene in
            let call = Task { () -> Problem? in
                do throws(Problem) {
                    _ = try await scene.paced.send(.read, CallPolicy(attempts: 2)) { () throws(Problem) in
                        HTTPRequest(.post, url)
                    } judge: { _ in
                        .done
                    }
                    return nil
                } catch {
                    return error
                }
            }
            await scene.clock.hasSleepers(1)
            scene.clock.advance(by: .seconds(1))
            let problem = await call.value
            #expect(problem?.code == .networkRefused)
            #expect(problem?.message.hasSuffix("given up, since it was sent 2 times") == true)
            #expect(scene.figures().failures == ["network-refused": 1])
        }
    }

    @Test(
        "what may have arrived is sent again only where twice is as good as once",
        arguments: [(HTTPMethod.post, false, false), (.post, true, true), (.get, false, true)])
    func mayHaveArrived(method: HTTPMethod, isRepeatable: Bool, isRepeated: Bool) async throws {
        try await PacingScene.run([.hangUp]) { scene in
            let call = scene.calling(CallPolicy(isRepeatable: isRepeatable), method: method)
            if isRepeated {
                await scene.clock.hasSleepers(1)
                scene.clock.advance(by: .seconds(1))
                #expect(await call.value.status == 200)
            } else {
                #expect(await call.value.problem?.code == .networkFailed)
                #expect(scene.server.requests.count == 1)
            }
        }
    }

    @Test("an answer that is not final does not hide an attempt that may have been carried out")
    func unclear() async throws {
        let replies = [Reply.raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"), .answer(status: 503)]
        try await PacingScene.run(replies) { scene in
            let call = scene.calling(CallPolicy(attempts: 2, isRepeatable: true), method: .post)
            await scene.clock.hasSleepers(1)
            scene.clock.advance(by: .seconds(1))
            #expect(await call.value.problem?.code == .networkFailed)
            #expect(scene.server.requests.count == 2)
        }
    }

    @Test("the time that is left bounds each request")
    func requestTimeout() async throws {
        try await PacingScene.run([.silence]) { scene in
            let call = scene.calling(CallPolicy(deadline: .milliseconds(100), attempts: 1))
            let problem = await call.value.problem
            #expect(problem?.code == .networkTimeout)
            #expect(problem?.message.contains("within 0.1 seconds") == true)
        }
    }

    @Test("cancelling ends the wait for another attempt")
    func cancelled() async throws {
        try await PacingScene.run([.answer(status: 503)]) { scene in
            let call = scene.calling()
            await scene.clock.hasSleepers(1)
            call.cancel()
            #expect(await call.value.problem?.code == .cancelled)
            #expect(scene.clock.sleepers == 0)
            #expect(scene.figures().failures == ["cancelled": 1])
        }
    }

    @Test("a request that cannot be made ends the call, and nothing is sent")
    func noRequest() async throws {
        try await PacingScene.run { scene in
            do throws(Problem) {
                _ = try await scene.paced.send(.read, CallPolicy()) { () throws(Problem) in
                    throw Problem(.notAuthenticated, "no credentials")
                } judge: { _ in
                    .done
                }
                Issue.record("a call without a request was answered")
            } catch {
                #expect(error.code == .notAuthenticated)
            }
            #expect(scene.figures().failures == ["not-authenticated": 1])
            #expect(scene.figures().attempts == 0)
        }
    }

    @Test("what fails for good counts as a failure, by its status or its label")
    func failures() async throws {
        try await PacingScene.run([.answer(status: 404), .answer(status: 418), .text("done")]) { scene in
            for _ in 0..<3 { _ = try await scene.call() }
            #expect(scene.figures().failures == ["status-404": 1, "teapot": 1])
            #expect(scene.figures().successes == 1)
            #expect(scene.figures().calls == 3)
        }
    }
}
