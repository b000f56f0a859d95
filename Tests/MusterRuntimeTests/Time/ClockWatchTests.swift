import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@Suite("A watch over a clock")
struct ClockWatchTests {
    private let clock = ManualClock()

    private func watch() -> ClockWatch { ClockWatch(clock, tolerance: .seconds(5)) }

    @Test("finds time that passes, in steps of any length, to be no reason for anything")
    func passes() {
        let watch = watch()
        let begin = clock.now()
        for step in [0, 1, 4, 6, 3_600, 86_400 * 40] {
            clock.advance(by: .seconds(step))
            #expect(watch.look() == .steady(clock.now()))
        }
        #expect(watch.record.steadySince == begin && watch.record.timesSet == 0)
    }

    @Test(
        "tells everybody that the clock was set until somebody has dealt with it",
        arguments: [3_600, -3_600, 6, -6])
    func set(seconds: Int) {
        let watch = watch()
        clock.advance(by: .seconds(100))
        clock.set(by: .seconds(seconds))
        let now = clock.now()
        #expect(watch.look() == .set(by: .seconds(seconds), now))
        clock.advance(by: .seconds(10))
        #expect(watch.look() == .set(by: .seconds(seconds), clock.now()))
        watch.settle(.seconds(seconds))
        #expect(watch.look() == .steady(clock.now()))
        #expect(watch.record.steadySince == now && watch.record.timesSet == 1)
        #expect(watch.record.lastSetBySeconds == Double(seconds))
    }

    @Test("keeps what was done to the clock while somebody dealt with an earlier jump")
    func setAgain() {
        let watch = watch()
        clock.set(by: .seconds(3_600))
        #expect(watch.look() == .set(by: .seconds(3_600), clock.now()))
        clock.set(by: .seconds(-600))
        #expect(watch.look() == .set(by: .seconds(3_000), clock.now()))
        watch.settle(.seconds(3_600))
        #expect(watch.look() == .set(by: .seconds(-600), clock.now()))
        watch.settle(.seconds(-600))
        #expect(watch.look() == .steady(clock.now()))
    }

    @Test("lets a clock be drawn to the right time, however far in the end")
    func drawn() {
        let watch = watch()
        for _ in 0..<1_000 {
            clock.set(by: .seconds(-2))
            #expect(watch.look() == .steady(clock.now()))
        }
        #expect(watch.record.timesSet == 0)
    }

    @Test("does not take a halt between its two looks for a jump")
    func halted() {
        let halting = HaltingClock(clock)
        let watch = ClockWatch(halting, tolerance: .seconds(5))
        halting.halt(for: .seconds(60))
        #expect(watch.look() == .steady(clock.now()))
    }
}

@Suite("A steady clock")
struct SteadyClockTests {
    @Test("goes on as time passes, whatever the other is set to")
    func steady() {
        let clock = ManualClock()
        let steady = SteadyClock(clock)
        let begin = steady.now()
        #expect(begin == clock.now())
        clock.advance(by: .seconds(10))
        for difference in [3_600, -86_400] {
            clock.set(by: .seconds(difference))
            #expect(steady.now() == begin + .seconds(10))
        }
        clock.advance(by: .seconds(10))
        #expect(steady.now() == begin + .seconds(20) && steady.uptime() == clock.uptime())
    }

    @Test("The machine's uptime and its wall clock go alike")
    func machine() async throws {
        let clock = SystemClock()
        let (now, uptime) = (clock.now(), clock.uptime())
        try await clock.sleep(for: .milliseconds(30))
        let difference = (clock.now() - now) - (clock.uptime() - uptime)
        #expect(clock.uptime() - uptime >= .milliseconds(29))
        #expect((.milliseconds(-500) ... .milliseconds(500)).contains(difference))
    }
}

/// A clock whose next look at the wall takes long, as when the process is halted in the middle of it.
private final class HaltingClock: WallClock {
    private let clock: ManualClock
    private let halt = Locked(Duration.zero)

    init(_ clock: ManualClock) { self.clock = clock }

    func halt(for time: Duration) { halt.withLock { $0 = time } }

    func now() -> Timestamp {
        let now = clock.now()
        clock.advance(
            by: halt.withLock { halt in
                defer { halt = .zero }
                return halt
            })
        return now
    }

    func uptime() -> Duration { clock.uptime() }

    func sleep(for duration: Duration) async throws { try await clock.sleep(for: duration) }
}
