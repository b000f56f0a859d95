import Testing

@testable import MusterCore

@Suite("Counted capacity")
struct CapacityTests {
    private func sum(_ change: CapacityChange) -> CapacityTally {
        change.changes.values.reduce(.zero, +)
    }

    @Test("A worker that changes is taken out of one account and put into another: the sum is zero")
    func moves() {
        for old in Situation.allCases {
            for new in Situation.allCases {
                var (before, after) = (old.worker, new.worker)
                (before.claimed, after.claimed) = (2, 2)
                var change = CapacityChange()
                change.replace(before, with: after)
                #expect(sum(change) == .zero, "\(old) to \(new)")
                let accounts: Set<CapacityAccount> =
                    old.bucket == new.bucket ? [] : [before.account, after.account]
                #expect(Set(change.changes.keys) == accounts, "\(old) to \(new)")
                if old.bucket != new.bucket {
                    #expect(
                        change.changes[after.account] == CapacityTally(workers: 1, capacity: 4, claimed: 2))
                }
            }
        }
    }

    @Test("There and back again leaves nothing, whatever happened in between")
    func thereAndBack() {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<200 {
            var change = CapacityChange()
            let path = (0..<8).map { _ in
                var worker = (Situation.allCases.randomElement(using: &generator) ?? .running).worker
                worker.claimed = Int.random(in: 0...4, using: &generator)
                worker.capacity = Int.random(in: 1...8, using: &generator)
                return worker
            }
            var last: Worker?
            for worker in path {
                change.replace(last, with: worker)
                last = worker
            }
            #expect(sum(change) == last?.tally)
            change.replace(last, with: nil)
            #expect(change.changes.isEmpty)
        }
    }

    @Test("A claim changes what is claimed and nothing else")
    func claims() {
        let before = Situation.running.worker
        var after = before
        after.claimed = 3
        var change = CapacityChange()
        change.replace(before, with: after)
        #expect(change.changes == [before.account: CapacityTally(claimed: 3)])
    }

    @Test("A launch counts as requested while it is planned; its workers then take its place")
    func launches() {
        let planned = LaunchTests.launch(.planned)
        let account = CapacityAccount(
            poolID: planned.poolID, launchConfigID: planned.launchConfigID, bucket: .requested)
        var change = CapacityChange()
        change.replace(nil, with: planned)
        #expect(change.changes == [account: CapacityTally(workers: 3, capacity: 12)])
        for _ in 0..<2 { change.replace(nil, with: Situation.requested.worker) }
        change.replace(planned, with: LaunchTests.launch(.settled))
        // Two of the three came.
        #expect(change.changes == [account: CapacityTally(workers: 2, capacity: 8)])
        var over = CapacityChange()
        over.replace(LaunchTests.launch(.settled), with: LaunchTests.launch(.abandoned))
        #expect(over.changes.isEmpty)
    }

    @Test("Each bucket counts as supply, against the maximum and as living, or does not")
    func table() {
        let expected: [Bucket: (isSupply: Bool, counts: Bool, lives: Bool)] = [
            .requested: (true, true, true), .running: (true, true, true), .suspected: (false, true, true),
            .quarantined: (false, true, true), .draining: (false, true, true),
            .stopping: (false, true, true), .overdue: (false, false, true), .stopped: (false, false, false),
        ]
        #expect(expected.count == Bucket.allCases.count)
        for (bucket, counts) in expected {
            let table = CapacityTable([bucket: CapacityTally(workers: 2, capacity: 6, claimed: 1)])
            #expect(table.supply == (counts.isSupply ? 6 : 0), "\(bucket)")
            #expect(table.counted == (counts.counts ? 6 : 0), "\(bucket)")
            #expect(table.living == (counts.lives ? 2 : 0), "\(bucket)")
            #expect(table[bucket].claimed == 1, "\(bucket)")
        }
    }

    @Test("Tables add up bucket by bucket, and an empty bucket is as none")
    func sums() {
        let one = CapacityTable([.running: CapacityTally(workers: 1, capacity: 4, claimed: 2)])
        let two = CapacityTable([
            .running: CapacityTally(workers: 2, capacity: 2),
            .draining: CapacityTally(workers: 1, capacity: 1),
        ])
        #expect((one + two)[.running] == CapacityTally(workers: 3, capacity: 6, claimed: 2))
        #expect((one + two)[.draining].workers == 1)
        var emptied = one
        emptied[.running] = .zero
        #expect(emptied == CapacityTable() && CapacityTable([.stopped: .zero]) == CapacityTable())
    }
}
