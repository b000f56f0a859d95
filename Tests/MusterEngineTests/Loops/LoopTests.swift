import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterEngine

@Suite("A loop", .timeLimit(.minutes(3)))
struct LoopTests {
    private struct Failure: Error {}

    /// A loop that counts its runs, with the task it runs in.
    private final class RunningLoop: Sendable {
        let clock: ManualClock
        let loop: Loop
        let task: Task<Void, Never>
        private let counter: Counter

        init(
            every interval: Duration = .seconds(30), gap: Duration = .zero,
            _ body: @escaping @Sendable (_ run: Int, _ clock: ManualClock) async throws -> Timestamp? = {
                _, _ in nil
            }
        ) async throws {
            let bench = try await EngineBench()
            let counter = Counter()
            self.counter = counter
            clock = bench.clock
            loop = Loop("test", every: interval, gap: gap, in: bench.context) {
                try await body(counter.count(), bench.clock)
            }
            task = Task { [loop] in await loop.run() }
        }

        deinit { task.cancel() }

        var runs: Int { counter.value }

        func reached(_ runs: Int) async { await counter.reached(runs) }
    }

    @Test("runs at once, and then after each interval")
    func interval() async throws {
        let running = try await RunningLoop(every: .seconds(30))
        for run in 1...4 {
            await running.reached(run)
            await running.clock.untilSleeping(for: .seconds(30))
            running.clock.advance(by: .milliseconds(29_999))
            #expect(running.clock.sleepers == 1)
            running.clock.advance(by: .milliseconds(1))
        }
        await running.reached(5)
    }

    @Test("runs again at once when it is woken, also when the clock was set back by an hour while it ran")
    func setBack() async throws {
        let running = try await RunningLoop(gap: .milliseconds(20)) { run, clock in
            clock.advance(by: .seconds(1))
            if run == 1 { clock.set(by: .seconds(-3_600)) }
            return nil
        }
        for run in 1...3 {
            await running.reached(run)
            running.loop.wake()
        }
        await running.reached(4)
    }

    @Test("runs when it is woken, and once for all wakes during a run")
    func wake() async throws {
        let (gate, open) = AsyncStream.makeStream(of: Void.self)
        let running = try await RunningLoop { run, _ in
            if run == 2 { for await _ in gate { break } }
            return nil
        }
        await running.reached(1)
        running.loop.wake()
        await running.reached(2)
        for _ in 0..<5 { running.loop.wake() }
        open.yield()
        await running.reached(3)
        await running.clock.untilSleeping(for: .seconds(30))
        #expect(running.runs == 3)
    }

    @Test("keeps its gap between two runs, however often it is woken")
    func gap() async throws {
        let running = try await RunningLoop(gap: .seconds(10))
        await running.reached(1)
        for run in 1...3 {
            for _ in 0..<5 { running.loop.wake() }
            await running.clock.untilSleeping(for: .seconds(10))
            #expect(running.runs == run)
            running.clock.advance(by: .seconds(10))
            await running.reached(run + 1)
        }
    }

    @Test(
        "runs again when its body says so, but never later than its interval and never without its gap",
        arguments: [(5, 5), (30, 30), (3_600, 30), (0, 2), (-60, 2)])
    func next(says: Int, waits: Int) async throws {
        let running = try await RunningLoop(every: .seconds(30), gap: .seconds(2)) { run, clock in
            run == 1 ? clock.now() + .seconds(says) : nil
        }
        await running.reached(1)
        await running.clock.untilSleeping(for: .seconds(waits))
        #expect(running.runs == 1)
        running.clock.advance(by: .seconds(waits))
        await running.reached(2)
    }

    @Test("goes on after errors, each time after twice the delay up to half a minute, whoever wakes it")
    func errors() async throws {
        let running = try await RunningLoop { run, _ in
            if run <= 8 { throw Failure() }
            return nil
        }
        for (index, limit) in [1, 2, 4, 8, 16, 30, 30, 30].enumerated() {
            await running.reached(index + 1)
            // At random, but half of it at least.
            await running.clock.untilSleeping(for: .milliseconds(500 * limit)...(.seconds(limit)))
            running.loop.wake()
            let status = running.loop.status
            #expect(status.runs == index + 1)
            #expect(status.error?.contains("Failure") == true)
            #expect(status.failedAt == running.clock.now() && status.succeededAt == nil)
            running.clock.advance(by: .seconds(limit))
        }
        await running.reached(9)
        await running.clock.untilSleeping(for: .seconds(30))
        #expect(running.loop.status.error == nil)
        #expect(running.loop.status.succeededAt == running.clock.now())
    }

    @Test("begins with the first delay again after a success")
    func delayStartsAnew() async throws {
        let running = try await RunningLoop { run, clock in
            if run != 3 { throw Failure() }
            return clock.now()
        }
        for (run, limit) in [(1, 1), (2, 2), (4, 1), (5, 2)] {
            await running.reached(run)
            await running.clock.untilSleeping(for: .milliseconds(500 * limit)...(.seconds(limit)))
            running.clock.advance(by: .seconds(limit))
        }
    }

    @Test("is not ended by a body that was cancelled by somebody else")
    func strangeCancellation() async throws {
        let running = try await RunningLoop { run, _ in
            if run == 1 { throw CancellationError() }
            return nil
        }
        await running.clock.untilSleeping(for: .milliseconds(500)...(.seconds(1)))
        running.clock.advance(by: .seconds(1))
        await running.reached(2)
    }

    @Test("says what it last did, and when")
    func status() async throws {
        let (gate, open) = AsyncStream.makeStream(of: Void.self)
        let running = try await RunningLoop { run, _ in
            if run == 2 { for await _ in gate { break } }
            return nil
        }
        let start = running.clock.now()
        await running.clock.untilSleeping(for: .seconds(30))
        #expect(running.loop.status.name == "test" && running.loop.status.runs == 1)
        #expect(running.loop.status.begunAt == start && running.loop.status.succeededAt == start)
        running.clock.advance(by: .seconds(30))
        await running.reached(2)
        #expect(running.loop.status.begunAt == start + .seconds(30))
        #expect(running.loop.status.succeededAt == start)
        running.clock.advance(by: .seconds(7))
        open.yield()
        await running.clock.untilSleeping(for: .seconds(30))
        #expect(running.loop.status.succeededAt == start + .seconds(37))
    }

    @Test(
        "ends when it is cancelled, whatever it does",
        arguments: ["waits", "keeps its gap", "failed", "runs"])
    func cancelled(what: String) async throws {
        let running = try await RunningLoop(gap: what == "keeps its gap" ? .seconds(10) : .zero) { _, clock in
            if what == "failed" { throw Failure() }
            if what == "runs" { try await clock.sleep(for: .seconds(99)) }
            return nil
        }
        await running.reached(1)
        if what == "keeps its gap" { running.loop.wake() }
        switch what {
        case "waits": await running.clock.untilSleeping(for: .seconds(30))
        case "keeps its gap": await running.clock.untilSleeping(for: .seconds(10))
        case "failed": await running.clock.untilSleeping(for: .milliseconds(500)...(.seconds(1)))
        default: await running.clock.untilSleeping(for: .seconds(99))
        }
        running.task.cancel()
        await running.task.value
        #expect(running.runs == 1)
    }
}

/// Counts, and lets others wait for a count.
private final class Counter: Sendable {
    private struct State {
        var value = 0
        var watchers: [(value: Int, wake: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Locked(State())

    var value: Int { state.withLock { $0.value } }

    func count() -> Int {
        let (value, heard) = state.withLock { state in
            state.value += 1
            let value = state.value
            let heard = state.watchers.filter { $0.value <= value }.map(\.wake)
            state.watchers.removeAll { $0.value <= value }
            return (value, heard)
        }
        for watcher in heard { watcher.resume() }
        return value
    }

    func reached(_ value: Int) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.value >= value { return true }
                state.watchers.append((value, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }
}
