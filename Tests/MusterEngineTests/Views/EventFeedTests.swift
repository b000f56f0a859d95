import MusterCore
import MusterTesting
import Testing

@testable import MusterEngine

@Suite("Waiting for the next event", .timeLimit(.minutes(1)))
struct EventFeedTests {
    private func waiting(_ feed: EventFeed, for bound: Duration = .seconds(3_600)) async -> Task<Void, Never>
    {
        let generation = feed.generation
        let task = Task { await feed.wait(after: generation, for: bound) }
        // Nobody is told that somebody waits.
        while feed.waiting == 0, !Task.isCancelled { await Task.yield() }
        return task
    }

    @Test("An event wakes everybody who waits, and nobody is remembered")
    func wakes() async throws {
        let feed = EventFeed(try await EngineBench().context)
        let first = await waiting(feed)
        let second = Task { await feed.wait(after: 0, for: .seconds(3_600)) }
        while feed.waiting < 2 { await Task.yield() }
        feed.wake()
        await first.value
        await second.value
        #expect(feed.waiting == 0 && feed.generation == 1)
    }

    @Test("One that came between the look and the wait is not missed")
    func between() async throws {
        let feed = EventFeed(try await EngineBench().context)
        let generation = feed.generation
        feed.wake()
        await feed.wait(after: generation, for: .seconds(3_600))
        #expect(feed.waiting == 0)
    }

    @Test("Nobody waits longer than asked for, or than the task lives")
    func bounded() async throws {
        let bench = try await EngineBench()
        let feed = EventFeed(bench.context)
        let late = await waiting(feed, for: .seconds(10))
        await bench.clock.untilSleeping(for: .seconds(10))
        bench.clock.advance(by: .seconds(10))
        await late.value
        let cancelled = await waiting(feed)
        cancelled.cancel()
        await cancelled.value
        #expect(feed.waiting == 0)
    }

    @Test("Once it is closed nobody waits")
    func closed() async throws {
        let feed = EventFeed(try await EngineBench().context)
        let task = await waiting(feed)
        feed.close()
        await task.value
        await feed.wait(after: feed.generation, for: .seconds(3_600))
        #expect(feed.isClosed && feed.waiting == 0)
    }
}
