import MusterRuntime
import Testing

@testable import MusterCore

@Suite("What is learned of how work comes and goes")
struct DemandStatisticsTests {
    private static let lead = Duration.seconds(120)

    /// Shows what a pool's tasks were, second by second: how many wait and run, and whether some wait.
    private func learn(
        _ seconds: Range<Int>, every step: Int = 5, running: Int = 20, requested: Int = 0,
        into statistics: inout DemandStatistics, _ tasks: (Int) -> (Int, isWaiting: Bool)
    ) {
        for second in stride(from: seconds.lowerBound, to: seconds.upperBound, by: step) {
            let (count, isWaiting) = tasks(second)
            statistics.observe(
                tasks: count, isWaiting: isWaiting, running: running, requested: requested, lead: Self.lead,
                at: noon + .seconds(Int64(second)))
        }
    }

    /// Four hours in which sixty tasks come every ten minutes, and are done within a minute.
    private func learnBacklogs(_ statistics: inout DemandStatistics) {
        learn(0..<14_400, into: &statistics) { second in
            let left = max(0, 60 - second % 600)
            return (left, isWaiting: left > 10)
        }
    }

    private func outlook(
        _ statistics: DemandStatistics, after seconds: Int, waitValue: Double = 4
    ) -> DemandOutlook {
        var anticipation = Anticipation()
        anticipation.waitValue = waitValue
        return statistics.outlook(for: anticipation, at: noon + .seconds(Int64(seconds)))
    }

    @Test("Work that stays the same promises no change")
    func constant() {
        var statistics = DemandStatistics(at: noon)
        learn(0..<7_200, into: &statistics) { _ in (40, isWaiting: false) }
        #expect(outlook(statistics, after: 7_200) == DemandOutlook(lead: Self.lead))
    }

    @Test("Bursts of forty in a third of the time are expected again, as far as waiting is worth it")
    func bursts() {
        var statistics = DemandStatistics(at: noon)
        // Forty more for two minutes of every six: a third of all moments lie within a boot before one.
        learn(0..<14_400, into: &statistics) { ($0 % 360 < 120 ? 50 : 10, isWaiting: false) }
        let eager = outlook(statistics, after: 14_400, waitValue: 9)
        #expect(eager.rise == SizeClass.size(at: SizeClass.place(of: 40)) && eager.peak == eager.rise)
        #expect(outlook(statistics, after: 14_400, waitValue: 0.5).rise == 0)
    }

    @Test("The more waiting is worth, the more is expected")
    func monotone() {
        var statistics = DemandStatistics(at: noon)
        var generator = SeededGenerator(seed: 5)
        learn(0..<14_400, into: &statistics) { _ in
            (Int.random(in: 0...60, using: &generator), isWaiting: false)
        }
        let rises = [0, 0.5, 1, 2, 4, 8, 16, 100].map {
            outlook(statistics, after: 14_400, waitValue: $0).rise
        }
        #expect(zip(rises, rises.dropFirst()).allSatisfy(<=))
        #expect(rises.first == 0 && (rises.last ?? 0) > 40)
    }

    @Test("A backlog that drains within a boot each time is expected to drain")
    func drains() {
        var statistics = DemandStatistics(at: noon)
        learnBacklogs(&statistics)
        // In the middle of the next one.
        statistics.observe(
            tasks: 60, isWaiting: true, running: 20, requested: 0, lead: Self.lead,
            at: noon + .seconds(14_400))
        #expect(outlook(statistics, after: 14_400).riseWhileWaiting < -10)
    }

    @Test("One that does not drain for longer than a boot is not expected to, whatever others did")
    func stuck() {
        var statistics = DemandStatistics(at: noon)
        learnBacklogs(&statistics)
        learn(14_400..<14_700, into: &statistics) { _ in (60, isWaiting: true) }
        #expect(outlook(statistics, after: 14_700).riseWhileWaiting >= 0)
    }

    @Test("A minute of history is an anecdote")
    func anecdote() {
        var statistics = DemandStatistics(at: noon)
        learn(0..<180, into: &statistics) { ($0 < 10 ? 0 : 500, isWaiting: false) }
        #expect(outlook(statistics, after: 180).rise == 0)
    }

    @Test("What was long ago is forgotten")
    func forgets() {
        var statistics = DemandStatistics(at: noon)
        learn(0..<14_400, into: &statistics) { ($0 % 360 < 120 ? 50 : 10, isWaiting: false) }
        learn(14_400..<14_400 + 86_400, every: 30, into: &statistics) { _ in (10, isWaiting: false) }
        #expect(outlook(statistics, after: 14_400 + 86_400, waitValue: 9).rise == 0)
    }

    @Test(
        "A number that nobody has seen for long, or under another clock, is no rise",
        arguments: [3_600, -3_600])
    func silence(jump: Int) {
        var statistics = DemandStatistics(at: noon)
        learn(0..<7_200, into: &statistics) { _ in (10, isWaiting: false) }
        learn(7_200 + jump..<7_260 + jump, into: &statistics) { _ in (500, isWaiting: false) }
        #expect(statistics.window.allSatisfy { $0.tasks == 500 })
        #expect(outlook(statistics, after: 7_260 + jump, waitValue: 1_000).rise == 0)
    }

    @Test("However often it is shown a number, it keeps no more than a boot's worth of samples")
    func bounded() {
        var statistics = DemandStatistics(at: noon)
        for millisecond in stride(from: 0, to: 600_000, by: 20) {
            statistics.observe(
                tasks: millisecond % 13, isWaiting: false, running: 1, requested: 0, lead: Self.lead,
                at: Timestamp(milliseconds: noon.milliseconds + Int64(millisecond)))
        }
        #expect(statistics.window.count <= DecisionPolicy.samplesPerLead + 1)
    }

    @Test("What is kept gives the same outlook, and learns on")
    func kept() throws {
        var statistics = DemandStatistics(at: noon)
        learn(0..<14_400, into: &statistics) { ($0 % 360 < 120 ? 50 : 10, isWaiting: $0 % 360 < 20) }
        let bytes = JSON.encode(statistics)
        #expect(bytes.count < 16_000)
        var again = try JSON.decode(DemandStatistics.self, from: bytes)
        for value in [0.5, 1, 4, 20] {
            #expect(
                outlook(again, after: 14_400, waitValue: value)
                    == outlook(statistics, after: 14_400, waitValue: value))
        }
        learn(14_400..<15_000, into: &again) { ($0 % 360 < 120 ? 50 : 10, isWaiting: false) }
        learn(14_400..<15_000, into: &statistics) { ($0 % 360 < 120 ? 50 : 10, isWaiting: false) }
        #expect(outlook(again, after: 15_000) == outlook(statistics, after: 15_000))
    }

    @Test("What was launched for a backlog gets the credit for its draining, not the few that ran")
    func credit() {
        var statistics = DemandStatistics(at: noon)
        // Every half an hour sixty short tasks come to two workers; fifty-eight are launched and do them.
        for burst in 0..<8 {
            let from = burst * 1_800
            learn(from..<from + 120, running: 2, requested: 58, into: &statistics) { _ in
                (60, isWaiting: true)
            }
            learn(from + 120..<from + 1_800, running: 60, into: &statistics) { _ in (0, isWaiting: false) }
        }
        let after = 8 * 1_800
        statistics.observe(
            tasks: 60, isWaiting: true, running: 2, requested: 0, lead: Self.lead,
            at: noon + .seconds(Int64(after)))
        #expect(outlook(statistics, after: after).fall(running: 2) >= -2)
    }

    @Test("A smaller running capacity gets through with less")
    func scaled() {
        let outlook = DemandOutlook(riseWhileWaiting: -60, running: 30)
        #expect([0, 1, 10, 30, 90].map(outlook.fall) == [0, -2, -20, -60, -60])
        #expect(DemandOutlook(riseWhileWaiting: 4, running: 30).fall(running: 30) == 0)
    }

    @Test("A backlog under a clock that was set back is believed to drain for one boot, as any other")
    func waitingAcrossClockSet() {
        var statistics = DemandStatistics(at: noon)
        learnBacklogs(&statistics)
        learn(14_400..<14_420, into: &statistics) { _ in (60, isWaiting: true) }
        learn(10_800..<11_100, into: &statistics) { _ in (60, isWaiting: true) }
        #expect(outlook(statistics, after: 11_100).riseWhileWaiting >= 0)
    }

    @Test("It learns on after a clock was set back a day")
    func learnsAfterClockSet() {
        var statistics = DemandStatistics(at: noon)
        learn(0..<86_400, every: 30, into: &statistics) { _ in (10, isWaiting: false) }
        learn(0..<7_200, into: &statistics) { ($0 % 360 < 120 ? 50 : 10, isWaiting: false) }
        #expect(outlook(statistics, after: 7_200, waitValue: 9).rise > 30)
    }
}
