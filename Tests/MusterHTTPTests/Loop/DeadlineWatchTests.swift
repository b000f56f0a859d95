import Testing

@testable import MusterHTTP

struct DeadlineWatchTests {
    @Test("it wakes for the earliest, never before it, and for none after the longest wait")
    func waits() {
        let now = ContinuousClock.now
        var watch = DeadlineWatch()
        #expect(watch.wait(from: now, atMost: .seconds(60)) == 60_000)
        #expect(!watch.isDue(now + .seconds(1_000)))

        watch.add(now + .milliseconds(500))
        watch.add(now + .microseconds(1_001))
        watch.add(now + .seconds(5))
        #expect(watch.wait(from: now, atMost: .seconds(60)) == 2)
        #expect(!watch.isDue(now + .milliseconds(1)))
        #expect(watch.isDue(now + .microseconds(1_001)))
        #expect(watch.wait(from: now + .seconds(1), atMost: .seconds(60)) == 0)
    }
}
