import MusterCore
import MusterSimulator
import Testing

@Suite struct WorkerManagerCapacityTests {
    @Test("What is requested exists too, what is stopping does not, and what is gone is nowhere")
    func states() {
        var capacity = WorkerManagerCapacity()
        capacity.count(1, in: .requested, of: lc("a"))
        capacity.count(5, in: .running, of: lc("b"))
        capacity.count(1, in: .stopping, of: lc("c"))
        capacity.count(9, in: .stopped, of: lc("c"))
        #expect(capacity.existing == 6)
        #expect(capacity.requested == 1)
        #expect(capacity.stopping == 1)
        #expect(capacity.byLaunchConfig == [lc("a"): 1, lc("b"): 5, lc("c"): 1])
    }

    @Test("A quarantined worker leaves what exists and still counts against its launch config")
    func quarantined() {
        var capacity = WorkerManagerCapacity()
        capacity.count(3, in: .running, of: lc("a"), isQuarantined: true)
        #expect(capacity.existing == 0)
        #expect(capacity.byLaunchConfig == [lc("a"): 3])
        let estimate = estimator(max: 100).estimate(pending: 4, claimed: 3, capacity: capacity)
        #expect(estimate.idleCapacity == 0)
    }

    @Test("Of a table's buckets it tells only what is requested, running, quarantined or stopping")
    func buckets() {
        var table = CapacityTable()
        for (index, bucket) in Bucket.allCases.enumerated() {
            table[bucket] = CapacityTally(workers: 1, capacity: 1 << index)
        }
        var capacity = WorkerManagerCapacity()
        capacity.count(table, of: lc("a"))
        func sum(_ buckets: Bucket...) -> Int { buckets.map { table[$0].capacity }.reduce(0, +) }
        #expect(capacity.existing == sum(.requested, .running, .suspected, .draining))
        #expect(capacity.requested == sum(.requested))
        #expect(capacity.stopping == sum(.stopping, .overdue))
        #expect(
            capacity.byLaunchConfig
                == [
                    lc("a"): sum(
                        .requested, .running, .suspected, .quarantined, .draining, .stopping, .overdue)
                ])
    }
}
