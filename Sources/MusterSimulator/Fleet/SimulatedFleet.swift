import MusterCore

/// All instances, with their capacity counted by launch config and bucket as the store counts it.
struct SimulatedFleet {
    /// By number, those that are gone among them.
    private(set) var workers: [SimulatedWorker] = []
    /// The launch configs with what is there of each.
    private(set) var configs: [SimulatedConfig]
    /// Instances that are billed, by launch config.
    private(set) var living: [Int]
    /// Those that hold no task.
    private(set) var idle = IdleLine()
    /// Those that hold some and have room for more, the one that got room last at the end.
    private(set) var partlyBusy = IdleLine()
    /// Workers that run tasks.
    private(set) var busy = 0
    /// Registered workers that hold no task, whether or not they would get one.
    private(set) var idling = 0
    /// Claims on workers that the cloud will take back.
    private(set) var reclaimedClaims = 0

    init(_ configs: [SimulatedLaunchConfig]) {
        self.configs = configs.map { SimulatedConfig(id: $0.id, settings: $0.settings) }
        living = Array(repeating: 0, count: configs.count)
    }

    /// Instances that are billed.
    var billed: Int { living.reduce(0, +) }

    /// Claims on workers that are counted on.
    var claimed: Int { configs.reduce(0) { $0 + $1.capacity[.running].claimed } }

    /// Counts instances as requested until the cloud answers; a negative number when it has.
    mutating func request(_ instances: Int, of config: Int) {
        let unit = configs[config].settings.capacityPerInstance
        configs[config].capacity[.requested] =
            configs[config].capacity[.requested]
            + CapacityTally(workers: instances, capacity: instances * unit)
    }

    /// Adds an instance that the cloud has given; its number.
    mutating func accept(_ config: Int, at now: Int64) -> Int {
        let worker = SimulatedWorker(
            config: config, capacity: configs[config].settings.capacityPerInstance, acceptedAt: now)
        workers.append(worker)
        living[config] += 1
        count(worker, 1)
        return workers.count - 1
    }

    /// Changes a worker, and all that is counted of it.
    private mutating func change(_ worker: Int, _ change: (inout SimulatedWorker) -> Void) {
        let old = workers[worker]
        change(&workers[worker])
        let new = workers[worker]
        if old.bucket == new.bucket {
            guard old.tasks.count != new.tasks.count else { return }
            let claims = CapacityTally(claimed: new.tasks.count - old.tasks.count)
            configs[new.config].capacity[new.bucket] = configs[new.config].capacity[new.bucket] + claims
        } else {
            count(old, -1)
            count(new, 1)
        }
    }

    private mutating func count(_ worker: SimulatedWorker, _ sign: Int) {
        guard worker.bucket != .stopped else { return }
        let tally = sign > 0 ? worker.tally : -worker.tally
        configs[worker.config].capacity[worker.bucket] =
            configs[worker.config].capacity[worker.bucket] + tally
    }
}

extension SimulatedFleet {
    /// It has registered.
    mutating func register(_ worker: Int, at now: Int64) {
        change(worker) {
            $0.state = .running
            $0.idleSince = now
        }
        idling += 1
        if !workers[worker].isReclaimed {
            idle.append(worker, since: now, capacity: workers[worker].capacity)
        }
    }

    /// It begins a task.
    mutating func begin(_ task: Int, on worker: Int) {
        if workers[worker].tasks.isEmpty {
            idle.remove(worker)
            idling -= 1
            busy += 1
        } else {
            partlyBusy.remove(worker)
        }
        change(worker) {
            $0.tasks.append(task)
            $0.idleSince = nil
        }
        let free = workers[worker].capacity - workers[worker].tasks.count
        // What it has room for counts from now on: it is the one that was busy last.
        if free > 0 { partlyBusy.append(worker, since: 0, capacity: free) }
    }

    /// It has ended a task.
    mutating func end(_ task: Int, on worker: Int, at now: Int64) {
        partlyBusy.remove(worker)
        change(worker) { $0.tasks.removeAll { $0 == task } }
        let isReclaimed = workers[worker].isReclaimed
        if isReclaimed { reclaimedClaims -= 1 }
        if workers[worker].tasks.isEmpty {
            busy -= 1
            idling += 1
            change(worker) { $0.idleSince = now }
            if !isReclaimed { idle.append(worker, since: now, capacity: workers[worker].capacity) }
        } else if !isReclaimed {
            partlyBusy.append(
                worker, since: 0, capacity: workers[worker].capacity - workers[worker].tasks.count)
        }
    }

    /// A worker with room: one that is partly busy before an idle one, by the rule of the one who dispatches.
    mutating func takeFree(_ dispatch: Dispatch, using generator: inout SeededGenerator) -> Int? {
        switch dispatch {
        case .busyLast: return partlyBusy.takeLast() ?? idle.takeLast()
        case .random:
            let both = partlyBusy.count + idle.count
            guard both > 0 else { return nil }
            let isPartlyBusy = Int.random(in: 0..<both, using: &generator) < partlyBusy.count
            func draw(_ count: Int) -> Int { Int.random(in: 0..<count, using: &generator) }
            return isPartlyBusy ? partlyBusy.takeRandom(draw) : idle.takeRandom(draw)
        }
    }

    /// The cloud will take it back: it gets no more tasks.
    mutating func reclaim(_ worker: Int) {
        idle.remove(worker)
        partlyBusy.remove(worker)
        reclaimedClaims += workers[worker].tasks.count
        change(worker) { $0.isReclaimed = true }
    }

    /// Its instance is to be ended; the tasks that it held.
    mutating func stop(_ worker: Int) -> [Int] {
        idle.remove(worker)
        partlyBusy.remove(worker)
        let lost = workers[worker].tasks
        if workers[worker].state == .running { if lost.isEmpty { idling -= 1 } else { busy -= 1 } }
        if workers[worker].isReclaimed { reclaimedClaims -= lost.count }
        change(worker) {
            $0.state = .stopping
            $0.tasks = []
            $0.idleSince = nil
        }
        return lost
    }

    /// It should have been gone by now.
    mutating func becomeOverdue(_ worker: Int) { change(worker) { $0.isOverdue = true } }

    /// Its instance is gone.
    mutating func remove(_ worker: Int) {
        living[workers[worker].config] -= 1
        change(worker) { $0.state = .gone }
    }
}
