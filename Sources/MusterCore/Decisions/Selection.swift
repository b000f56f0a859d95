/// Divides capacity between launch configs so that what is committed comes near shares proportional to
/// their weights.
struct Selection {
    /// What each launch config weighs.
    let weights: [LaunchConfigID: LaunchConfigWeight]
    private var candidates: [Candidate]

    private struct Candidate {
        let id: LaunchConfigID
        let weight: Double
        let unit: Int
        /// Supply that is there already.
        let committed: Int
        /// How much more its own bound allows.
        let room: Int
        var launched = 0
    }

    init(_ configs: [LaunchConfigSnapshot], now: Timestamp) {
        var weights: [LaunchConfigID: LaunchConfigWeight] = [:]
        candidates = []
        for config in configs {
            let weight = Self.weight(of: config, now: now)
            weights[config.id] = weight
            guard weight.exclusion == nil, weight.restsUntil == nil else { continue }
            let unit = config.settings.capacityPerInstance
            let trusted = weight.headroom.map { min($0, DecisionPolicy.instancesAtOnce) * unit } ?? .max
            candidates.append(
                Candidate(
                    id: config.id, weight: weight.weight, unit: unit, committed: config.capacity.supply,
                    room: min(Self.room(of: config), trusted)))
        }
        // By id, so that the order in which rows were read decides nothing.
        candidates.sort { $0.id < $1.id }
        for (id, balance) in Self.balances(candidates) { weights[id]?.balance = balance }
        self.weights = weights
    }

    /// `initialWeight × (1 − errorRatio)`, never quite 0 for what may launch.
    private static func weight(of config: LaunchConfigSnapshot, now: Timestamp) -> LaunchConfigWeight {
        let ratio = config.health.errorRatio(at: now)
        let initial = config.settings.initialWeight
        let exclusion = exclusion(of: config, now: now)
        let weight = exclusion == nil ? max(initial * (1 - ratio), initial * DecisionPolicy.weightFloor) : 0
        var result = LaunchConfigWeight(
            weight: weight, errorRatio: ratio, balance: 0, exclusion: exclusion,
            pausedUntil: exclusion == .paused ? config.pause?.until : nil)
        guard exclusion == nil else { return result }
        result.allowance = config.health.allowance(at: now)
        if let rest = config.health.restsUntil, rest > now {
            result.restsUntil = rest
        } else {
            let headroom = config.health.headroom(inFlight: config.capacity[.requested].workers, at: now)
            result.headroom = headroom?.instances
            result.waitsUntil = headroom?.until
        }
        return result
    }

    private static func exclusion(
        of config: LaunchConfigSnapshot, now: Timestamp
    ) -> LaunchConfigWeight.Exclusion? {
        if config.isArchived { return .archived }
        if config.isSuspended { return .suspended }
        if config.pause?.holds(at: now) == true { return .paused }
        if config.settings.initialWeight == 0 { return .switchedOff }
        if room(of: config) < config.settings.capacityPerInstance { return .full }
        return nil
    }

    private static func room(of config: LaunchConfigSnapshot) -> Int {
        guard let bound = config.settings.maxCapacity else { return .max }
        return max(0, bound - config.capacity.counted)
    }

    /// Each candidate's part of the next unit: how far it is below an equal footing with the others.
    ///
    /// With committed capacity C over n candidates of share s: `max(0, n·s·C − committed)`, normalised. Two
    /// equal ones with 10 and 5 give a third and two thirds.
    private static func balances(_ candidates: [Candidate]) -> [(LaunchConfigID, Double)] {
        let weight = candidates.map(\.weight).reduce(0, +)
        let committed = Double(candidates.map(\.committed).reduce(0, +))
        let deficits = candidates.map { candidate in
            let share = candidate.weight / weight
            guard committed > 0 else { return share }
            return max(0, Double(candidates.count) * share * committed - Double(candidate.committed))
        }
        let total = deficits.reduce(0, +)
        return zip(candidates, deficits).map { candidate, deficit in
            (candidate.id, total > 0 ? deficit / total : candidate.weight / weight)
        }
    }

    /// Launches that bring `capacity`, largest deficit first; never more than any bound allows.
    ///
    /// What is less than an instance is worth one, as long as that stays within `room`, which the pool's
    /// maximum leaves: one waiting task is launched for, however many an instance could run.
    mutating func launches(
        for capacity: Int, within room: Int, using generator: inout some RandomNumberGenerator
    ) -> [PlannedLaunch] {
        distribute(capacity)
        topUp(capacity, using: &generator)
        roundUp(capacity, within: room)
        return
            candidates
            .filter { $0.launched > 0 }
            .sorted { ($1.launched * $1.unit, $0.id) < ($0.launched * $0.unit, $1.id) }
            .flatMap { candidate in
                Self.pieces(candidate.launched).map {
                    PlannedLaunch(
                        launchConfigID: candidate.id, count: $0, capacityPerInstance: candidate.unit)
                }
            }
    }

    /// Gives each candidate the whole instances of its deficit.
    ///
    /// The level is found by water-filling: those above their share get nothing, and the shares of those
    /// that are left are of what is left.
    private mutating func distribute(_ capacity: Int) {
        var open = Array(candidates.indices)
        var targets: [Int: Double] = [:]
        while !open.isEmpty {
            let weight = open.map { candidates[$0].weight }.reduce(0, +)
            let committed = open.map { candidates[$0].committed }.reduce(0, +)
            let total = Double(committed + capacity)
            let above = open.filter {
                Double(candidates[$0].committed) > candidates[$0].weight / weight * total
            }
            if above.isEmpty {
                for index in open {
                    targets[index] =
                        candidates[index].weight / weight * total - Double(candidates[index].committed)
                }
                break
            }
            open.removeAll { above.contains($0) }
        }
        for (index, deficit) in targets {
            let bounded = min(Int(deficit.rounded(.down)), candidates[index].room)
            candidates[index].launched = bounded / candidates[index].unit
        }
    }

    /// Gives what rounding and bounds left over, an instance at a time: to the candidate that is furthest
    /// below its share, and between near equals by chance.
    private mutating func topUp(_ capacity: Int, using generator: inout some RandomNumberGenerator) {
        var left = capacity - candidates.map { $0.launched * $0.unit }.reduce(0, +)
        while left > 0 {
            let fitting = candidates.indices.filter { index in
                let candidate = candidates[index]
                return candidate.unit <= left
                    && (candidate.launched + 1) * candidate.unit <= candidate.room
            }
            guard !fitting.isEmpty else { return }
            let chosen = choose(among: fitting, left: left, using: &generator)
            // Many instances may be left when bounds cut a share: as many at once as its part is worth.
            let candidate = candidates[chosen]
            let fits = min(
                left / candidate.unit, (candidate.room - candidate.launched * candidate.unit) / candidate.unit
            )
            let steps =
                fitting.count == 1 ? fits : max(1, min(fits, left / candidate.unit / fitting.count / 2))
            candidates[chosen].launched += steps
            left -= steps * candidate.unit
        }
    }

    /// Gives what is less than any instance to the smallest instance that fits, if one does.
    private mutating func roundUp(_ capacity: Int, within room: Int) {
        let launched = candidates.map { $0.launched * $0.unit }.reduce(0, +)
        guard launched < capacity else { return }
        let fitting = candidates.indices.filter { index in
            let candidate = candidates[index]
            return launched + candidate.unit <= room
                && (candidate.launched + 1) * candidate.unit <= candidate.room
        }
        // Among equal ones the heaviest, then the first by name, so that the choice repeats.
        let best = fitting.min {
            (candidates[$0].unit, -candidates[$0].weight) < (candidates[$1].unit, -candidates[$1].weight)
        }
        if let best { candidates[best].launched += 1 }
    }

    /// One of `fitting`, by chance in proportion to how far each is below its share after what is left.
    private func choose(
        among fitting: [Int], left: Int, using generator: inout some RandomNumberGenerator
    ) -> Int {
        let weight = fitting.map { candidates[$0].weight }.reduce(0, +)
        let held = fitting.map { candidates[$0].committed + candidates[$0].launched * candidates[$0].unit }
        let total = Double(held.reduce(0, +) + left)
        let deficits = zip(fitting, held).map { index, held in
            max(0, candidates[index].weight / weight * total - Double(held))
        }
        var draw = Double.random(in: 0..<1, using: &generator) * deficits.reduce(0, +)
        for (index, deficit) in zip(fitting, deficits) where deficit > 0 {
            draw -= deficit
            if draw < 0 { return index }
        }
        return fitting[fitting.count - 1]
    }

    private static func pieces(_ count: Int) -> [Int] {
        let most = DecisionPolicy.instancesPerLaunch
        return Array(repeating: most, count: count / most) + (count % most > 0 ? [count % most] : [])
    }
}
