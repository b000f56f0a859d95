import MusterCore

/// A moment for decisions that need none in particular.
let noon = Timestamp(milliseconds: 1_800_000_000_000)

/// A launch config with the capacity that a test gives it.
func config(
    _ id: String, requested: Int = 0, running: Int = 0, claimed: Int = 0, other: [Bucket: Int] = [:],
    unit: Int = 1, weight: Double = 1, most: Int? = nil, failures: Double = 0, successes: Double = 0,
    allowance: Int? = nil, triedAt: Timestamp? = nil, isSuspended: Bool = false, isArchived: Bool = false,
    pause: Pause? = nil
) -> LaunchConfigSnapshot {
    var table = CapacityTable([
        .requested: CapacityTally(workers: requested / unit, capacity: requested),
        .running: CapacityTally(workers: running / unit, capacity: running, claimed: claimed),
    ])
    for (bucket, capacity) in other {
        table[bucket] = CapacityTally(workers: capacity / unit, capacity: capacity)
    }
    return LaunchConfigSnapshot(
        id: LaunchConfigID(rawValue: id),
        settings: LaunchConfigSettings(capacityPerInstance: unit, initialWeight: weight, maxCapacity: most),
        pause: pause, isSuspended: isSuspended, isArchived: isArchived, capacity: table,
        health: Health(
            successes: successes, failures: failures, at: noon, allowance: allowance,
            isCanary: allowance != nil, triedAt: triedAt))
}

/// A snapshot of a pool with the usual settings.
func snapshot(
    _ configs: [LaunchConfigSnapshot], pending: Int, claimed: Int = 0, min: Int = 0, max: Int = 1_000_000,
    ratio: Double = 1, hold: PoolSnapshot.Hold? = nil, idle: [IdleWorker] = []
) -> PoolSnapshot {
    PoolSnapshot(
        poolID: PoolID(rawValue: "a/b"),
        scale: PoolScale(minCapacity: min, maxCapacity: max, scalingRatio: ratio),
        hold: hold, demand: .known(pending: pending, claimed: claimed, observedAt: noon),
        launchConfigs: configs,
        idle: idle)
}

/// The plan for a snapshot, with a seed of its own.
func plan(_ snapshot: PoolSnapshot, seed: UInt64 = 1) -> Plan {
    var generator = SeededGenerator(seed: seed)
    return Decision.plan(for: snapshot, now: noon, using: &generator)
}

/// A random snapshot: a few launch configs with anything in their buckets, and any demand.
func randomSnapshot(_ generator: inout SeededGenerator) -> PoolSnapshot {
    let most = Int.random(in: 1...200, using: &generator)
    let configs = (0..<Int.random(in: 0...6, using: &generator)).map { index in
        let unit = Int.random(in: 1...8, using: &generator)
        func some(_ bound: Int) -> Int { Int.random(in: 0...bound, using: &generator) * unit }
        return config(
            "c\(index)", requested: some(5), running: some(10), claimed: some(2),
            other: [
                .suspected: some(2), .quarantined: some(1), .draining: some(3), .stopping: some(3),
                .overdue: some(2),
            ],
            unit: unit, weight: [0, 0.2, 1, 1].randomElement(using: &generator) ?? 1,
            most: Bool.random(using: &generator) ? some(12) : nil,
            failures: Double.random(in: 0...50, using: &generator),
            successes: Double.random(in: 0...50, using: &generator),
            allowance: Bool.random(using: &generator) ? Int.random(in: 1...8, using: &generator) : nil,
            triedAt: Bool.random(using: &generator)
                ? noon - .seconds(Int64.random(in: 0...240, using: &generator)) : nil,
            isSuspended: Int.random(in: 0..<8, using: &generator) == 0,
            isArchived: Int.random(in: 0..<6, using: &generator) == 0)
    }
    var result = snapshot(
        configs, pending: Int.random(in: 0...150, using: &generator),
        claimed: Int.random(in: 0...60, using: &generator),
        min: Int.random(in: 0...most, using: &generator), max: most,
        ratio: Double.random(in: 0...1, using: &generator))
    result.idle = (0..<Int.random(in: 0...10, using: &generator)).map {
        let key = WorkerKey(
            poolID: PoolID(rawValue: "a/b"), group: WorkerGroup(rawValue: "g"),
            id: WorkerID(rawValue: "w\($0)"))
        return IdleWorker(key: key, capacity: Int.random(in: 1...8, using: &generator))
    }
    return result
}
