import MusterCore

/// A snapshot of anything that can be there at once: holds, brakes, limits, stale numbers, launch configs in
/// every condition, bounds that contradict each other.
func anySnapshot(_ generator: inout SeededGenerator) -> PoolSnapshot {
    func some(_ bound: Int) -> Int { Int.random(in: 0...bound, using: &generator) }
    func one(in chances: Int) -> Bool { some(chances - 1) == 0 }

    let configs = (0..<some(5)).map { index in
        let unit = one(in: 2) ? 1 : 1 + some(7)
        var table = CapacityTable()
        for bucket in Bucket.allCases {
            let workers = one(in: 2) ? 0 : some(bucket == .running ? 10 : 4)
            table[bucket] = CapacityTally(
                workers: workers, capacity: workers * unit, claimed: min(workers * unit, some(3)))
        }
        var config = LaunchConfigSnapshot(
            id: LaunchConfigID(rawValue: "c\(index)"),
            settings: LaunchConfigSettings(
                capacityPerInstance: unit, initialWeight: [0, 0.2, 1, 1][some(3)],
                maxCapacity: one(in: 2) ? some(60) : nil),
            pause: one(in: 8) ? Pause(until: one(in: 2) ? noon + .seconds(some(120) - 60) : nil) : nil,
            isSuspended: one(in: 8), isArchived: one(in: 8), capacity: table,
            health: Health(
                successes: Double(some(40)), failures: one(in: 2) ? 0 : Double(some(60)),
                at: noon - .seconds(some(600)), allowance: one(in: 3) ? 1 + some(7) : nil,
                isCanary: one(in: 4), triedAt: one(in: 2) ? noon - .seconds(some(240)) : nil,
                setbacks: one(in: 2) ? some(6) : 0, failedAt: one(in: 2) ? noon - .seconds(some(600)) : nil,
                silentInARow: one(in: 2) ? some(3) : 0))
        switch some(9) {
        case 0: config.availability = .probe
        case 1, 2:
            let markedAt = noon - .seconds(some(240))
            config.availability = .closed(.init(until: markedAt + .seconds(some(600)), markedAt: markedAt))
        default: break
        }
        if one(in: 2) { config.unanswered = some(config.capacity[.requested].workers) }
        return config
    }
    let pending = one(in: 4) ? some(5) : some(150)
    var snapshot = PoolSnapshot(
        poolID: PoolID(rawValue: "a/b"),
        scale: PoolScale(
            minCapacity: one(in: 2) ? 0 : some(120), maxCapacity: some(200),
            scalingRatio: one(in: 2) ? 1 : Double(some(100)) / 100),
        hold: one(in: 12) ? .frozen : nil,
        demand: one(in: 10)
            ? .unknown(because: "nobody answers")
            : .known(pending: pending, claimed: some(60), observedAt: noon - .seconds(some(200))),
        launchConfigs: configs,
        brake: one(in: 6) ? .init(instancesPerHour: some(100), asked: some(100), first: noon) : nil,
        idle: (0..<some(8)).map {
            let key = WorkerKey(
                poolID: PoolID(rawValue: "a/b"), group: WorkerGroup(rawValue: "g"),
                id: WorkerID(rawValue: "w\($0)"))
            return IdleWorker(key: key, capacity: 1 + some(7))
        })
    if one(in: 4) { snapshot.scheduled = ScheduledFloor(minimum: some(120)) }
    if one(in: 4) { snapshot.notStartable = some(pending) }
    if one(in: 2) { anticipate() }
    return snapshot

    func anticipate() {
        snapshot.outlook = DemandOutlook(
            riseWhileWaiting: some(120) - 80, rise: some(30), peak: some(60))
        snapshot.anticipation.countsOnFreed = !one(in: 4)
        snapshot.anticipation.keepsByNeed = !one(in: 4)
        snapshot.anticipation.headroom =
            [.auto, .auto, .none, .fixed(some(20)), .percent(Double(some(50)))][some(4)]
    }
}
