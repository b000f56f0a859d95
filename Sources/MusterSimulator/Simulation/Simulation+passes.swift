import MusterCore

/// When the next pass is due. A pass that was put forward leaves its old event behind, which says nothing.
struct PassSchedule {
    private(set) var number = 0
    private(set) var due: Int64?
    private(set) var last: Int64?

    /// Puts the next pass at `moment` unless it is due before; its number if so.
    mutating func put(at moment: Int64) -> Int? {
        if let due, due <= moment { return nil }
        due = moment
        number += 1
        return number
    }

    /// Begins the pass of this number; false when it has been put forward.
    mutating func begin(_ number: Int, at now: Int64) -> Bool {
        guard number == self.number, due != nil else { return false }
        due = nil
        last = now
        return true
    }
}

extension Simulation {
    /// Makes sure that there is a pass at `moment` at the latest.
    mutating func require(passAt moment: Int64) {
        if let number = passes.put(at: moment) { events.add(.pass(number: number), at: moment) }
    }

    /// Something has changed that a policy may answer: those that hear of it make a pass soon.
    mutating func change() {
        guard let gap = policy.passes.gap else { return }
        require(passAt: passes.last.map { max(now, $0 + gap.milliseconds) } ?? now)
    }

    /// Makes a pass and does what it decides.
    mutating func pass(_ number: Int) {
        guard passes.begin(number, at: now) else { return }
        let plan = decide()
        var asked = Array(repeating: 0, count: setup.pool.configs.count)
        for launch in plan.launches where launch.instances > 0 && asked.indices.contains(launch.config) {
            asked[launch.config] += launch.instances
            fleet.request(launch.instances, of: launch.config)
            callsInFlight += 1
            events.add(
                .answered(config: launch.config, instances: launch.instances), at: now + cloud.answerTime)
        }
        recorder.note(passAt: now, asked: asked, fleet)
        for worker in plan.retirements { retire(worker) }
        require(passAt: now + policy.passes.interval.milliseconds)
        if let next = plan.nextPass {
            let earliest = now + max(1, policy.passes.gap?.milliseconds ?? 1)
            require(passAt: max(next.milliseconds, earliest))
        }
    }

    private mutating func decide() -> SimulatedPlan {
        var settings = setup.pool
        if isDone {
            settings.scale.minCapacity = 0
            settings.schedule = []
        }
        let pool = SimulatedPool(
            settings: settings, pending: staleCounts?.pending ?? queue.count,
            claimed: staleCounts?.claimed ?? fleet.claimed, reclaimed: fleet.reclaimedClaims,
            observedAt: Timestamp(milliseconds: staleCounts?.at ?? now), configs: fleet.configs,
            idle: fleet.idle, workers: fleet.workers)
        return policy.plan(pool, now: timestamp, using: &policyChance)
    }

    /// A fault begins or ends: of those that concern the counts somebody must remember what they were.
    mutating func changeWeather() {
        if !cloud.hasStaleCounts(at: now) {
            staleCounts = nil
        } else if staleCounts == nil {
            staleCounts = (queue.count, fleet.claimed, now)
        }
        change()
    }
}
