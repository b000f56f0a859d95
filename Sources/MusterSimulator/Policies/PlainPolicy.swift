import Glibc
public import MusterCore

/// The plain formula: as many as wait and run, launch configs drawn by simple weights, and a fixed idle time.
///
/// What a careful person would write first: no anticipation, no rest after failures, no shares.
public struct PlainPolicy: SimulatedPolicy {
    public let name = "plain"
    public let passes = PassTiming(
        interval: SimulatorPolicy.passInterval, gap: SimulatorPolicy.passGap)
    public let dispatch = Dispatch.busyLast

    private let idleTime: Duration
    private var counts: [FadingCounts]

    /// The formula, knowing nothing yet of the launch configs.
    public init(_ settings: SimulatedPoolSettings) {
        idleTime = settings.fixedIdleTime
        counts = settings.configs.map { _ in FadingCounts() }
    }

    public mutating func plan(
        _ pool: SimulatedPool, now: Timestamp, using generator: inout SeededGenerator
    ) -> SimulatedPlan {
        let scale = pool.settings.scale
        let capacity = pool.capacity
        let demand = pool.toFinish + Int((scale.scalingRatio * Double(pool.pending)).rounded(.up))
        let wanted = min(scale.maxCapacity, max(scale.minCapacity, demand))
        let missing = min(wanted - capacity.supply, scale.maxCapacity - capacity.counted)
        let cutoff = (now - idleTime).milliseconds
        var surplus = capacity.supply - max(wanted, pool.toFinish + pool.pending)
        var retirements: [Int] = []
        for entry in pool.idle.idle(since: cutoff, limit: .max) where entry.capacity <= surplus {
            surplus -= entry.capacity
            retirements.append(entry.worker)
        }
        let next = pool.idle.first(after: cutoff).map { Timestamp(milliseconds: $0.since) + idleTime }
        return SimulatedPlan(
            launches: launches(of: missing, pool, now, using: &generator), retirements: retirements,
            nextPass: next)
    }

    public mutating func observe(_ event: SimulatedEvent, now: Timestamp) {
        switch event {
        case .refused(let config, let instances, _): counts[config].add(failures: instances, at: now)
        case .neverRegistered(let config): counts[config].add(failures: 1, at: now)
        case .registered(let config, _): counts[config].add(successes: 1, at: now)
        case .arrived, .finished, .accepted, .gone: break
        }
    }

    /// An instance at a time, each of a launch config drawn by its weight.
    private func launches(
        of capacity: Int, _ pool: SimulatedPool, _ now: Timestamp, using generator: inout SeededGenerator
    ) -> [SimulatedPlan.Launch] {
        guard capacity > 0 else { return [] }
        var rooms = pool.configs.map { config in
            config.settings.maxCapacity.map { max(0, $0 - config.capacity.counted) } ?? .max
        }
        let weights = zip(pool.configs, counts).map { config, counts in
            config.settings.initialWeight
                * max(1 - counts.errorRatio(at: now), DecisionPolicy.weightFloor)
        }
        var instances = Array(repeating: 0, count: pool.configs.count)
        var left = capacity
        var room = pool.settings.scale.maxCapacity - pool.capacity.counted
        while left > 0 {
            let fitting = pool.configs.indices.filter {
                let unit = pool.configs[$0].settings.capacityPerInstance
                return weights[$0] > 0 && unit <= rooms[$0] && unit <= room
            }
            let total = fitting.reduce(0) { $0 + weights[$1] }
            guard let last = fitting.last else { break }
            var draw = generator.nextUnit() * total
            let chosen = fitting.first {
                draw -= weights[$0]
                return draw < 0
            }
            let config = chosen ?? last
            let unit = pool.configs[config].settings.capacityPerInstance
            instances[config] += 1
            rooms[config] -= rooms[config] == .max ? 0 : unit
            left -= unit
            room -= unit
        }
        return instances.indices.filter { instances[$0] > 0 }.map {
            SimulatedPlan.Launch(config: $0, instances: instances[$0])
        }
    }
}

/// Successes and failures that fade, and no more: what is refused counts once for each instance, and nothing but
/// time and successes makes it good again.
private struct FadingCounts {
    private var successes = 0.0
    private var failures = 0.0
    private var at = Timestamp(milliseconds: 0)

    mutating func add(successes: Int = 0, failures: Int = 0, at now: Timestamp) {
        let factor = factor(at: now)
        self.successes = self.successes * factor + Double(successes)
        self.failures = self.failures * factor + Double(failures)
        at = now
    }

    func errorRatio(at now: Timestamp) -> Double {
        let factor = factor(at: now)
        return failures * factor / ((successes + failures) * factor + DecisionPolicy.healthPrior)
    }

    private func factor(at now: Timestamp) -> Double {
        exp(-log(2) * (now - at).inSeconds / DecisionPolicy.healthHalfLife.inSeconds)
    }
}
