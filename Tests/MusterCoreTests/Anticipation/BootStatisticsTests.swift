import MusterCore
import Testing

@Suite("How long workers take to come")
struct BootStatisticsTests {
    @Test("The first say all, and later ones change the mean the less the more there were")
    func mean() {
        var boots = BootStatistics()
        boots.add(.seconds(10))
        #expect(boots.mean == 10)
        boots.add(.seconds(30))
        #expect(boots.mean == 20)
        for _ in 0..<200 { boots.add(.seconds(100)) }
        #expect(abs(boots.mean - 100) < 1)
        // A new image shows within some dozens of workers.
        for _ in 0..<64 { boots.add(.seconds(20)) }
        #expect(boots.mean < 32)
    }

    @Test("A worker that came before it was asked for, by some clock, took no time")
    func negative() {
        var boots = BootStatistics()
        boots.add(.seconds(-5))
        #expect(boots.mean == 0)
    }

    @Test("A pool's lead is the mean of what may be launched, by weight; two minutes where nothing is known")
    func lead() {
        #expect(BootStatistics.lead(of: []) == .seconds(120))
        #expect(BootStatistics.lead(of: [(BootStatistics(), 1)]) == .seconds(120))
        let slow = BootStatistics(mean: 300, count: 4)
        let fast = BootStatistics(mean: 60, count: 9)
        #expect(BootStatistics.lead(of: [(slow, 1), (fast, 1)]) == .seconds(180))
        #expect(BootStatistics.lead(of: [(slow, 0), (fast, 1)]) == .seconds(60))
        #expect(BootStatistics.lead(of: [(slow, 1), (BootStatistics(), 1)]) == .seconds(300))
    }
}
