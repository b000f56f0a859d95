import MusterCore
import MusterHTTP
import MusterRuntime
import MusterTesting
import Testing

@Suite(.timeLimit(.minutes(3)))
struct PacedTurnTests {
    private let slow = CallPolicy(rate: CallRate(burst: 2, perSecond: 0.5))

    @Test("calls beyond the burst wait for their turn, in the order in which they came")
    func order() async throws {
        try await PacingScene.run { scene in
            for path in ["/0", "/1"] { _ = try await scene.call(slow, path: path) }
            var calls: [Task<Result<HTTPResponse, Problem>, Never>] = []
            for number in 2..<5 {
                calls.append(scene.calling(slow, path: "/\(number)"))
                await reach(waiting: number - 1, scene)
            }
            #expect(scene.server.requests.count == 2)
            for (index, call) in calls.enumerated() {
                await scene.clock.hasSleepers(1)
                scene.clock.advance(by: .seconds(2))
                #expect(await call.value.status == 200)
                #expect(scene.server.requests.count == 3 + index)
            }
            #expect(scene.server.received.map(\.path) == (0..<5).map { "/\($0)" })
            #expect(scene.figures().tokens == 0)
            #expect(scene.figures().wait.sum == 12)
        }
    }

    @Test("a turn that would come after the deadline ends the call at once, and says that nothing was sent")
    func held() async throws {
        try await PacingScene.run { scene in
            let policy = CallPolicy(rate: CallRate(burst: 1, perSecond: 0.1), deadline: .seconds(5))
            _ = try await scene.call(policy)
            let problem = await scene.calling(policy).value.problem
            #expect(problem?.code == .callHeld)
            #expect(
                problem?.message
                    == "the call cloud here read was not sent: its turn would be 10.0 seconds away, after the deadline"
            )
            #expect(scene.figures().failures == ["call-held": 1])
            #expect(scene.figures().attempts == 1)
        }
    }

    @Test("cancelling while waiting gives the place to the next")
    func cancelled() async throws {
        try await PacingScene.run { scene in
            _ = try await scene.call(slow, cost: 2)
            let first = scene.calling(slow, cost: 2, path: "/first")
            await reach(waiting: 1, scene)
            let second = scene.calling(slow, path: "/second")
            await reach(waiting: 2, scene)
            first.cancel()
            #expect(await first.value.problem?.code == .cancelled)
            await scene.clock.untilSleeping(for: .seconds(2))
            scene.clock.advance(by: .seconds(2))
            #expect(await second.value.status == 200)
            #expect(scene.server.received.map(\.path) == ["/", "/second"])
        }
    }

    @Test("an answer that asks for an hour holds its kind for five minutes")
    func longPause() async throws {
        try await PacingScene.run([.answer(status: 429, headers: [("Retry-After", "3600")])]) { scene in
            #expect(await scene.calling().value.status == 429)
            #expect(scene.figures().pauseSeconds == 300)
            // The bucket was emptied, and fills again.
            scene.clock.advance(by: .seconds(301))
            #expect(await scene.calling().value.status == 200)
        }
    }

    @Test("what is throttled pauses its kind for as long as the cloud says, and begins anew in order")
    func throttled() async throws {
        let reply = Reply.answer(status: 429, headers: [("Retry-After", "10")])
        try await PacingScene.run([reply]) { scene in
            let policy = CallPolicy(rate: CallRate(burst: 10, perSecond: 10))
            let first = scene.calling(policy, path: "/first")
            let pause = Duration.seconds(10)
            await scene.clock.untilSleeping(for: pause...(pause + .seconds(1)))
            let second = scene.calling(policy, path: "/second")
            await reach(waiting: 2, scene)
            #expect(scene.server.requests.count == 1)
            #expect(scene.figures().throttled == 1)
            #expect(scene.figures().pace == 0.5)
            #expect((10...10.5).contains(scene.figures().pauseSeconds))
            scene.clock.advance(by: pause + .seconds(1))
            #expect(await first.value.status == 200)
            #expect(await second.value.status == 200)
            #expect(scene.figures().throttled == 1)
            #expect((0.59...0.61).contains(scene.figures().pace))
        }
    }

    @Test("a pause sends away whom it makes late")
    func pausedOut() async throws {
        try await PacingScene.run([.answer(status: 429, headers: [("Retry-After", "20")])]) { scene in
            let policy = CallPolicy(rate: CallRate(burst: 1, perSecond: 0.2), deadline: .seconds(15))
            let first = scene.calling(policy)
            let second = scene.calling(policy)
            let outcomes = [await first.value, await second.value]
            #expect(Set(outcomes.map(\.status)) == [429, nil])
            #expect(Set(outcomes.map { $0.problem?.code }) == [.callHeld, nil])
            #expect(scene.figures().failures == ["throttled": 1, "call-held": 1])
            #expect(scene.server.requests.count == 1)
        }
    }

    @Test("without a word from the cloud the pauses grow with each refusal in a row")
    func adaptive() async throws {
        let refusals = [Reply](repeating: .answer(status: 429), count: 4)
        try await PacingScene.run(refusals) { scene in
            let call = scene.calling(CallPolicy(rate: CallRate(burst: 5, perSecond: 100)))
            for _ in refusals {
                await scene.clock.hasSleepers(1)
                scene.clock.advance(by: .seconds(5))
            }
            #expect(await call.value.status == 200)
            #expect(scene.figures().throttled == 4)
            #expect((0.11...0.12).contains(scene.figures().pace))
        }
    }

    @Test("answers to calls that were under way when one was refused slow nothing down once more")
    func refusedTogether() async throws {
        let refusals = [Reply](repeating: .answer(status: 429), count: 8)
        try await PacingScene.run(refusals) { scene in
            let policy = CallPolicy(rate: CallRate(burst: 8, perSecond: 1), attempts: 1)
            let calls = (0..<8).map { _ in scene.calling(policy) }
            for call in calls { #expect(await call.value.status == 429) }
            #expect(scene.figures().throttled == 8)
            #expect(scene.figures().pace == 0.5)
        }
    }

    @Test("a region that is throttled holds up no other")
    func regions() async throws {
        try await PacingScene.run([.answer(status: 429, headers: [("Retry-After", "20")])]) { scene in
            let policy = CallPolicy(rate: CallRate(burst: 100, perSecond: 1))
            let held = (0..<10).map { _ in scene.calling(policy) }
            await reach(waiting: 1, scene)
            for _ in 0..<50 { _ = try await scene.call(policy, kind: .elsewhere) }
            #expect(scene.figures(.elsewhere).successes == 50)
            #expect(scene.figures(.elsewhere).wait.sum == 0)
            #expect(scene.figures().pauseSeconds > 19)
            for call in held { call.cancel() }
            for call in held { _ = await call.value }
            #expect(scene.figures().waiting == 0)
        }
    }

    @Test("what the cloud says of what is left is in the figures, which can be written and read")
    func notes() async throws {
        try await PacingScene.run { scene in
            _ = try await scene.call(slow)
            for left in [12.0, 11] { scene.paced.note("reads", left, for: .read) }
            for number in 0..<100 { scene.paced.note("name-\(number)", 1, for: .elsewhere) }
            let figures = scene.figures()
            #expect(figures.notes == ["reads": 11])
            #expect(scene.figures(.elsewhere).notes.count == 32)
            #expect(scene.paced.figures.map(\.kind) == [.read, .elsewhere])
            let read = try JSON.decode(CallFigures.self, from: JSON.encode(figures))
            #expect(read == figures)
        }
    }

    /// Waits until so many stand in line; there is no event for it.
    private func reach(waiting: Int, _ scene: PacingScene) async {
        let deadline = ContinuousClock.now + .seconds(30)
        while scene.figures().waiting < waiting, .now < deadline { await Task.yield() }
        #expect(scene.figures().waiting >= waiting)
    }
}
