import MusterCore

/// Pools in every state that matters: most lack something, some are full, some of their launch configs fail, rest,
/// are paused or suspended.
struct DecideScene {
    private let snapshots: [PoolSnapshot]
    private static let now = Timestamp(milliseconds: 1_800_000_000_000)

    init(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        snapshots = (0..<BenchPolicy.decidedPools).map { number in
            let configs = (0..<BenchPolicy.decidedConfigs).map {
                Self.config($0, using: &generator)
            }
            let supply = configs.map(\.capacity.supply).reduce(0, +)
            return PoolSnapshot(
                poolID: PoolID(rawValue: "bench/pool-\(number)"), scale: PoolScale(maxCapacity: 2 * supply),
                demand: .known(
                    pending: Int.random(in: 0...supply / 2, using: &generator), claimed: supply * 9 / 10,
                    observedAt: Self.now),
                launchConfigs: configs)
        }
    }

    private static func config(
        _ number: Int, using generator: inout SeededGenerator
    ) -> LaunchConfigSnapshot {
        func some(_ most: Int) -> CapacityTally {
            let count = Int.random(in: 0...most, using: &generator)
            return CapacityTally(workers: count, capacity: count)
        }
        var capacity = CapacityTable()
        for (bucket, most) in [(.requested, 5), (.running, 60), (.draining, 2), (.stopping, 3)]
            as [(Bucket, Int)]
        {
            capacity[bucket] = some(most)
        }
        var health = Health(at: now - .seconds(600))
        for second in 0..<Int64.random(in: 0...40, using: &generator) {
            let at = now - .seconds(600 - second * 10)
            if Int.random(in: 0..<4, using: &generator) == 0 {
                health.note(.refused(1, .transient), at: at)
            } else {
                health.note(.registered, at: at)
            }
        }
        let state = Int.random(in: 0..<20, using: &generator)
        return LaunchConfigSnapshot(
            id: LaunchConfigID(rawValue: "region-\(number)-standard"),
            settings: LaunchConfigSettings(maxCapacity: Bool.random(using: &generator) ? 50 : nil),
            pause: state == 0 ? Pause(until: nil, reason: "") : nil, isSuspended: state == 1,
            capacity: capacity, health: health)
    }

    /// Plans a second.
    func rate() -> Double {
        let watch = Stopwatch()
        var launched = 0
        for number in 0..<BenchPolicy.plansPerRepetition {
            var generator = SeededGenerator(seed: UInt64(number))
            let plan = Decision.plan(
                for: snapshots[number % snapshots.count], now: Self.now, using: &generator)
            launched += plan.toLaunch + plan.weights.count + plan.reasons.count
        }
        let seconds = watch.seconds
        precondition(launched > 0, "plans that decide nothing were measured")
        return Double(BenchPolicy.plansPerRepetition) / seconds
    }
}
