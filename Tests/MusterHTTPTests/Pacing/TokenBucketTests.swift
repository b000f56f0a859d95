import MusterCore
import MusterHTTP
import Testing

struct TokenBucketTests {
    @Test("within no time it gives more than the burst and what flows in", arguments: 0..<40 as Range<UInt64>)
    func bound(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        let rate = CallRate(
            burst: Double(Int.random(in: 1...50, using: &chance)),
            perSecond: Double.random(in: 0.1...40, using: &chance))
        var bucket = TokenBucket(rate, at: .zero)
        var now = Duration.zero
        var taken: [(at: Duration, cost: Double)] = []
        for _ in 0..<400 {
            now += .milliseconds(Int.random(in: 0...400, using: &chance))
            switch Int.random(in: 0..<20, using: &chance) {
            case 0: bucket.slowDown(at: now)
            case 1: bucket.speedUp(at: now)
            case 2: bucket.pause(for: .milliseconds(Int.random(in: 0...2_000, using: &chance)), at: now)
            default:
                let cost = Double.random(in: 0.1...max(1, rate.burst), using: &chance)
                if bucket.take(cost, at: now) { taken.append((now, cost)) }
            }
        }
        #expect(!taken.isEmpty)
        // Every time from one that was given to a later one, both within it.
        var excess = -Double.infinity
        for first in taken.indices {
            var sum = 0.0
            for last in first..<taken.count {
                sum += taken[last].cost
                let seconds = (taken[last].at - taken[first].at) / .seconds(1)
                excess = max(excess, sum - rate.burst - rate.perSecond * seconds)
            }
        }
        #expect(excess <= 1e-6)
    }

    @Test("what it says of the wait is true: then there are tokens", arguments: 0..<20 as Range<UInt64>)
    func wait(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        let rate = CallRate(burst: 10, perSecond: Double.random(in: 0.01...100, using: &chance))
        var bucket = TokenBucket(rate, at: .seconds(5))
        var now = Duration.seconds(5)
        for number in 0..<200 {
            let cost = Double.random(in: 0.1...30, using: &chance)
            let wait = bucket.wait(for: cost, at: now)
            if wait > .milliseconds(2) {
                let isEarly = bucket.take(cost, at: now + wait - .milliseconds(2))
                #expect(!isEarly)
            }
            now += wait
            let isTaken = bucket.take(cost, at: now)
            #expect(isTaken)
            if number % 10 == 0 { bucket.pause(for: .milliseconds(300), at: now) }
            if number % 7 == 0 { bucket.slowDown(at: now) } else { bucket.speedUp(at: now) }
        }
    }

    @Test("in the long run it gives what flows in")
    func liveness() {
        var bucket = TokenBucket(CallRate(burst: 5, perSecond: 2), at: .zero)
        let given = (0...100_000).count { bucket.take(1, at: .milliseconds($0)) }
        #expect(given == 205)
    }

    @Test("a cost above the burst is given by a full bucket, and earned afterwards")
    func large() {
        var bucket = TokenBucket(CallRate(burst: 10, perSecond: 1), at: .zero)
        let isGiven = bucket.take(15, at: .zero)
        let wait = bucket.wait(for: 1, at: .zero)
        #expect(isGiven)
        #expect(wait == .seconds(6))
    }

    @Test("without a rate everything passes until something is refused, and again when the pace is back")
    func noRate() {
        var bucket = TokenBucket(nil, at: .zero)
        let all = (0..<1_000).count { _ in bucket.take(1, at: .zero) }
        #expect(all == 1_000)
        bucket.slowDown(at: .zero)
        bucket.pause(for: .seconds(1), at: .zero)
        let none = bucket.take(1, at: .milliseconds(999))
        #expect(!none)
        // Half of 20 a second.
        let some = (1_000..<2_000).count { bucket.take(1, at: .milliseconds($0)) }
        #expect(some == 9)
        for _ in 0..<10 { bucket.speedUp(at: .seconds(2)) }
        #expect(bucket.pace == 1)
        let again = (0..<1_000).count { _ in bucket.take(1, at: .seconds(2)) }
        #expect(again == 1_000)
    }

    @Test("the pace is halved to a bound, and comes back in steps")
    func pace() {
        var bucket = TokenBucket(CallRate(burst: 1, perSecond: 1), at: .zero)
        var paces: [Double] = []
        for _ in 0..<6 {
            bucket.slowDown(at: .zero)
            paces.append(bucket.pace)
        }
        #expect(paces == [0.5, 0.25, 0.125, 0.0625, 0.0625, 0.0625])
        for _ in 0..<40 { bucket.speedUp(at: .zero) }
        #expect(bucket.pace == 1)
    }

    @Test(
        "a rate that is no rate lets nothing pass after the burst",
        arguments: [0, -1, .infinity * 0] as [Double])
    func noFlow(perSecond: Double) {
        var bucket = TokenBucket(CallRate(burst: 1, perSecond: perSecond), at: .zero)
        let first = bucket.take(1, at: .zero)
        let second = bucket.take(1, at: .seconds(1_000))
        let wait = bucket.wait(for: 1, at: .seconds(1_000))
        #expect(first)
        #expect(!second)
        #expect(wait >= .seconds(24 * 60 * 60))
    }

    @Test("a moment that was overtaken gives nothing back")
    func backwards() {
        var bucket = TokenBucket(CallRate(burst: 1, perSecond: 1), at: .seconds(10))
        let first = bucket.take(1, at: .seconds(10))
        let second = bucket.take(1, at: .seconds(9))
        let third = bucket.take(1, at: .milliseconds(10_500))
        let fourth = bucket.take(1, at: .seconds(11))
        #expect([first, second, third, fourth] == [true, false, false, true])
    }
}
