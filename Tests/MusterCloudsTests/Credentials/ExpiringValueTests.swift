import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("A value that expires")
struct ExpiringValueTests {
    /// A fetch that counts, waits to be let through, and gives what a test says.
    private final class Source: Sendable {
        let started = Milestone()
        let gate = Milestone()
        private let answer: Locked<Result<Duration?, Problem>>
        private let clock: ManualClock
        private let waits: Bool

        init(_ clock: ManualClock, _ answer: Result<Duration?, Problem>, waits: Bool = false) {
            self.clock = clock
            self.answer = Locked(answer)
            self.waits = waits
        }

        func say(_ next: Result<Duration?, Problem>) { answer.withLock { $0 = next } }

        func fetch() async throws(Problem) -> (Int, expiresAt: Timestamp?) {
            started.pass()
            if waits { try? await gate.reach(1) }
            let life = try answer.withLock { $0 }.get()
            return (started.count, life.map { clock.now() + $0 })
        }

        func value(refreshBefore: Duration = .seconds(300)) -> ExpiringValue<Int> {
            ExpiringValue(clock: clock, refreshBefore: refreshBefore) {
                () async throws(Problem) -> (Int, expiresAt: Timestamp?) in try await self.fetch()
            }
        }
    }

    private static let refused = Problem(.unavailable, "no credentials here")

    @Test("It is fetched once for all who wait")
    func once() async throws {
        let source = Source(ManualClock(), .success(.seconds(3_600)), waits: true)
        let value = source.value()
        let all = await withTaskGroup(of: Int?.self) { group in
            for _ in 0..<50 { group.addTask { try? await value.current() } }
            try? await source.started.reach(1)
            source.gate.pass()
            var all: [Int?] = []
            for await one in group { all.append(one) }
            return all
        }
        #expect(all == Array(repeating: 1, count: 50))
        #expect(source.started.count == 1)
    }

    @Test("It is fetched anew before its end, and nobody waits for that")
    func refreshed() async throws {
        let clock = ManualClock()
        let source = Source(clock, .success(.seconds(3_600)))
        let value = source.value()
        #expect(try await value.current() == 1)
        clock.advance(by: .seconds(3_299))
        #expect(try await value.current() == 1)
        #expect(source.started.count == 1)
        clock.advance(by: .seconds(2))
        #expect(try await value.current() == 1, "what still holds is given out")
        try await source.started.reach(2)
        clock.advance(by: .seconds(299))
        #expect(try await value.current() == 2)
    }

    @Test("One that lives shortly is not fetched by every caller")
    func shortLived() async throws {
        let clock = ManualClock()
        let source = Source(clock, .success(.seconds(60)))
        let value = source.value()
        for _ in 0..<10 { #expect(try await value.current() == 1) }
        #expect(source.started.count == 1)
        clock.advance(by: .seconds(61))
        #expect(try await value.current() == 2, "an expired one is never given out")
    }

    @Test("A failure is told to all and not repeated before its time")
    func backsOff() async throws {
        let clock = ManualClock()
        let source = Source(clock, .failure(Self.refused))
        let value = source.value()
        for _ in 0..<5 { await #expect(throws: Self.refused) { try await value.current() } }
        #expect(source.started.count == 1)
        clock.advance(by: .seconds(2))
        await #expect(throws: Self.refused) { try await value.current() }
        #expect(source.started.count == 2)
        // The second pause is longer than the first.
        clock.advance(by: .milliseconds(1_500))
        source.say(.success(nil))
        await #expect(throws: Self.refused) { try await value.current() }
        clock.advance(by: .seconds(1))
        #expect(try await value.current() == 3)
        clock.advance(by: .seconds(10_000_000))
        #expect(try await value.current() == 3, "one without an end is kept")
    }

    @Test("One that holds outlives a failed refresh")
    func outlives() async throws {
        let clock = ManualClock()
        let source = Source(clock, .success(.seconds(3_600)))
        let value = source.value()
        #expect(try await value.current() == 1)
        source.say(.failure(Self.refused))
        clock.advance(by: .seconds(3_400))
        #expect(try await value.current() == 1)
        try await source.started.reach(2)
        #expect(try await value.current() == 1)
        clock.advance(by: .seconds(201))
        await #expect(throws: Self.refused) { try await value.current() }
    }

    @Test("Who is cancelled stops waiting, and the others get theirs")
    func cancelled() async throws {
        let source = Source(ManualClock(), .success(nil), waits: true)
        let value = source.value()
        let one = Task { try await value.current() }
        let other = Task { try await value.current() }
        try await source.started.reach(1)
        one.cancel()
        await #expect(throws: Problem.self) { try await one.value }
        source.gate.pass()
        #expect(try await other.value == 1)
    }

    @Test(
        "One that is refused just when it was fetched is fetched once more: nobody is told of a cancellation")
    func refusedMeanwhile() async throws {
        let clock = ManualClock()
        let source = Source(clock, .success(.seconds(3_600)))
        let value = source.value()
        let problems = await withTaskGroup(of: [Problem].self) { group in
            for _ in 0..<4 {
                group.addTask {
                    var problems: [Problem] = []
                    for _ in 0..<2_000 {
                        clock.advance(by: .seconds(31))
                        value.invalidate()
                        do throws(Problem) {
                            _ = try await value.current()
                        } catch {
                            problems.append(error)
                        }
                    }
                    return problems
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(problems == [])
    }

    @Test("A refused one is fetched anew, unless it is new itself")
    func invalidated() async throws {
        let clock = ManualClock()
        let source = Source(clock, .success(nil))
        let value = source.value()
        #expect(try await value.current() == 1)
        value.invalidate()
        #expect(try await value.current() == 1)
        clock.advance(by: .seconds(31))
        value.invalidate()
        #expect(try await value.current() == 2)
    }
}
