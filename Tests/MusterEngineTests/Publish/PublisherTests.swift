import MusterCore
import MusterEvents
import MusterStore
import MusterTesting
import Testing

@testable import MusterEngine

@Suite("Publishing", .timeLimit(.minutes(3)))
struct PublisherTests {
    private func events(_ count: Int, from first: Int = 1, in bench: EngineBench) async throws {
        let now = bench.clock.now()
        for number in first..<first + count {
            try await bench.store.write(in: .store) {
                try await $0.publish(
                    Event(
                        .taskSubmitted, subject: "task/\(number)", poolID: nil, time: now,
                        data: .object([:])))
            }
        }
    }

    private func cursor(_ sink: RecordingSink, _ bench: EngineBench) async throws -> Int64 {
        try await bench.store.read { try await $0.cursor(of: sink.name) }
    }

    private func ids(_ numbers: ClosedRange<Int>) -> [String] { numbers.map(String.init) }

    @Test("delivers everything once, in the order of commits, a bounded number at a time")
    func inOrder() async throws {
        var policy = EnginePolicy()
        policy.eventsPerDelivery = 3
        let bench = try await EngineBench(policy: policy)
        let sink = RecordingSink()
        let publisher = Publisher(sink, fleet: "fleet-1", in: bench.context)
        try await events(7, in: bench)
        try await publisher.run()
        #expect(sink.deliveries.map(\.count) == [3, 3, 1])
        #expect(sink.ids == ids(1...7))
        #expect(sink.events.map(\.subject) == (1...7).map { "task/\($0)" })
        #expect(sink.deliveries[0][0].source == "/muster/fleet-1")
        #expect(try await cursor(sink, bench) == 7)
        try await publisher.run()
        #expect(sink.attempts == 3)
        try await events(6, from: 8, in: bench)
        try await publisher.run()
        #expect(sink.ids == ids(1...13))
    }

    @Test("delivers nothing again because its place could not be written down")
    func cursorFails() async throws {
        let bench = try await EngineBench()
        let sink = RecordingSink()
        let publisher = Publisher(sink, fleet: "f", in: bench.context)
        try await publisher.run()
        try await events(3, in: bench)
        // That the lease holds is looked at once more before the delivery.
        bench.store.fail(Problem(.storeFull, "the disk is full"), after: 1)
        for _ in 0..<3 {
            await #expect(throws: Problem.self) { try await publisher.run() }
            #expect(sink.ids == ids(1...3))
        }
        bench.store.fail(nil)
        try await events(2, from: 4, in: bench)
        try await publisher.run()
        #expect(sink.ids == ids(1...5))
        #expect(try await cursor(sink, bench) == 5)
    }

    @Test("goes on after a restart from where each sink had come to")
    func restart() async throws {
        let bench = try await EngineBench()
        let sink = RecordingSink()
        try await events(2, in: bench)
        try await Publisher(sink, fleet: "f", in: bench.context).run()
        let next = try await bench.restarted()
        try await events(1, from: 3, in: next)
        let late = RecordingSink("late")
        try await Publisher(sink, fleet: "f", in: next.context).run()
        try await Publisher(late, fleet: "f", in: next.context).run()
        #expect(sink.ids == ids(1...3))
        #expect(late.ids == ids(1...3))
    }

    @Test("delivers again after a crash, with the same ids, what was delivered but not noted")
    func atLeastOnce() async throws {
        let bench = try await EngineBench()
        let sink = RecordingSink()
        let publisher = Publisher(sink, fleet: "f", in: bench.context)
        try await publisher.run()
        try await events(2, in: bench)
        bench.store.fail(Problem(.storeFull, "the disk is full"), after: 1)
        await #expect(throws: Problem.self) { try await publisher.run() }
        let next = try await bench.restarted()
        try await events(1, from: 3, in: next)
        try await Publisher(sink, fleet: "f", in: next.context).run()
        #expect(sink.ids == ids(1...2) + ids(1...3))
        #expect(try await cursor(sink, next) == 3)
    }

    @Test("moves nothing on for a sink that fails, and loses nothing once it works")
    func failing() async throws {
        let bench = try await EngineBench()
        let sink = RecordingSink()
        let publisher = Publisher(sink, fleet: "f", in: bench.context)
        try await events(2, in: bench)
        sink.fail(Problem(.unavailable, "no room"))
        for _ in 0..<3 { await #expect(throws: Problem.self) { try await publisher.run() } }
        #expect(try await cursor(sink, bench) == 0)
        sink.fail(nil)
        try await publisher.run()
        #expect(sink.ids == ids(1...2))
    }

    @Test("tries a failing sink again after a pause, and neither it nor one that hangs delays another")
    func failingDelaysNobody() async throws {
        var policy = EnginePolicy()
        policy.followGap = .zero
        let bench = try await EngineBench(policy: policy)
        let (failing, hanging, sound) = (
            RecordingSink("failing"), RecordingSink("hanging"), RecordingSink("sound")
        )
        failing.fail(Problem(.unavailable, "no room"))
        hanging.hang()
        let engine = Engine(bench.context, fleet: "f", sinks: [failing, hanging, sound])
        engine.start()
        try await events(2, in: bench)
        await failing.attempted(1)
        await hanging.attempted(1)
        await sound.delivered(2)
        try await events(3, from: 3, in: bench)
        await sound.delivered(5)
        #expect(sound.ids == ids(1...5))
        #expect(engine.statuses.first { $0.name == "publish:failing" }?.error?.contains("no room") == true)
        failing.fail(nil)
        // The pause is a second at most, and half of it at least.
        await bench.clock.untilSleeping(for: .milliseconds(500)...(.seconds(1)))
        bench.clock.advance(by: .seconds(1))
        await failing.delivered(5)
        #expect(failing.ids == ids(1...5))
        // The sink that hangs delays the stop by its bound.
        async let stop: Void = engine.stop(within: .seconds(5))
        await hanging.attempted(2)
        for sink in [failing, sound] { await sink.closed() }
        await bench.clock.untilSleeping(for: .seconds(5))
        bench.clock.advance(by: .seconds(5))
        await stop
        #expect(hanging.deliveries.isEmpty)
        for sink in [failing, hanging, sound] { #expect(sink.isClosed) }
    }

    @Test("delivers at the stop what was written last")
    func stop() async throws {
        let bench = try await EngineBench()
        let sink = RecordingSink()
        let engine = Engine(bench.context, fleet: "f", sinks: [sink])
        try await events(3, in: bench)
        await engine.stop(within: .seconds(5))
        #expect(sink.ids == ids(1...3))
        #expect(sink.isClosed)
    }
}
