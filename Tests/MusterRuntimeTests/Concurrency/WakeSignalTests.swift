import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@Suite("A wake signal", .timeLimit(.minutes(3)))
struct WakeSignalTests {
    @Test("that was set before anybody waits wakes the next waiter, several wakes once")
    func setBefore() async {
        let clock = ManualClock()
        let signal = WakeSignal()
        for _ in 0..<3 { signal.wake() }
        await signal.wait(for: .seconds(30), clock: clock)
        let waiter = Task { await signal.wait(for: .seconds(30), clock: clock) }
        await clock.untilSleeping(for: .seconds(30))
        clock.advance(by: .seconds(30))
        await waiter.value
    }

    @Test("wakes one who waits, and the wait's timer wakes nobody afterwards")
    func wakes() async {
        let clock = ManualClock()
        let signal = WakeSignal()
        for _ in 0..<3 {
            let waiter = Task { await signal.wait(for: .seconds(30), clock: clock) }
            await clock.untilSleeping(for: .seconds(30))
            signal.wake()
            await waiter.value
        }
        clock.advance(by: .seconds(30))
        let waiter = Task { await signal.wait(for: .seconds(7), clock: clock) }
        await clock.untilSleeping(for: .seconds(7))
        #expect(clock.sleepers == 1)
        clock.advance(by: .seconds(7))
        await waiter.value
    }

    @Test("lets go of one whose task is cancelled, before and while it waits")
    func cancelled() async {
        let clock = ManualClock()
        let signal = WakeSignal()
        let waiting = Task { await signal.wait(for: .seconds(30), clock: clock) }
        await clock.untilSleeping(for: .seconds(30))
        waiting.cancel()
        await waiting.value
        let (begin, begun) = AsyncStream.makeStream(of: Void.self)
        let cancelled = Task {
            for await _ in begin {}
            await signal.wait(for: .seconds(30), clock: clock)
        }
        cancelled.cancel()
        begun.finish()
        await cancelled.value
    }

    @Test("loses no wake, whenever it comes")
    func race() async {
        let clock = ManualClock()
        let signal = WakeSignal()
        let made = Locked(0)
        let total = 20_000
        async let producers: Void = withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for number in 0..<total / 4 {
                        made.withLock { $0 += 1 }
                        signal.wake()
                        if number % 7 == 0 { await Task.yield() }
                    }
                }
            }
        }
        // The clock stands still: only a wake can end a wait, and one that is lost would be waited for forever.
        while made.withLock({ $0 }) < total { await signal.wait(for: .seconds(30), clock: clock) }
        await producers
    }

    @Test("ends every wait when wakes, timers and cancellations race")
    func endings() async {
        let clock = ManualClock()
        let signal = WakeSignal()
        for round in 0..<2_000 {
            let waiter = Task { await signal.wait(for: .seconds(1), clock: clock) }
            if round % 3 == 0 { await Task.yield() }
            async let time: Void = clock.advance(by: .seconds(1))
            async let wake: Void = signal.wake()
            waiter.cancel()
            await waiter.value
            _ = await (time, wake)
        }
    }
}
