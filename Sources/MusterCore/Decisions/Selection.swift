/// Divides capacity between launch configs so that what is committed comes near shares proportional to
/// their weights.
///
/// It is made in every pass and a million times in a simulation: its loops are plain, and allocate nothing.
struct Selection {
    /// What each launch config weighs.
    let weights: LaunchConfigWeights
    private var candidates: [Candidate]

    private struct Candidate {
        /// Its place among the weights.
        let place: Int
        let weight: Double
        let unit: Int
        /// Supply that is there already.
        let committed: Int
        /// How much more its own bound, and what it is trusted with, allow.
        let room: Int
        var launched = 0
        /// Whether it is below its share.
        var isOpen = true

        init(_ config: LaunchConfigSnapshot, _ weight: LaunchConfigWeight, place: Int) {
            self.place = place
            self.weight = weight.weight
            unit = config.settings.capacityPerInstance
            committed = config.capacity.supply
            let unit = unit
            let trusted = weight.headroom.map { min($0, DecisionPolicy.instancesAtOnce) * unit } ?? .max
            room = min(Selection.room(of: config), trusted)
        }

        /// What there is of it with what is launched.
        var held: Int { committed + launched * unit }

        /// Whether one more instance stays within its bounds.
        var hasRoom: Bool { (launched + 1) * unit <= room }

        /// How far it is below its share of `total`, where all shares together weigh `sum`.
        func deficit(of total: Double, _ sum: Double) -> Double {
            max(0, weight / sum * total - Double(held))
        }
    }

    init(_ configs: [LaunchConfigSnapshot], now: Timestamp) {
        var entries: [LaunchConfigWeights.Entry] = []
        entries.reserveCapacity(configs.count)
        var candidates: [Candidate] = []
        candidates.reserveCapacity(configs.count)
        for index in Self.order(of: configs) {
            let weight = Self.weight(of: configs[index], now: now)
            if weight.isFree {
                candidates.append(Candidate(configs[index], weight, place: entries.count))
            }
            entries.append(LaunchConfigWeights.Entry(id: configs[index].id, weight: weight))
        }
        if candidates.isEmpty, Self.isLastHope(in: entries) {
            for (place, index) in Self.order(of: configs).enumerated()
            where entries[place].weight.unavailableUntil != nil {
                let weight = Self.weight(of: configs[index], isLastHope: true, now: now)
                entries[place].weight = weight
                if weight.isFree { candidates.append(Candidate(configs[index], weight, place: place)) }
            }
        }
        Self.balance(candidates, &entries)
        self.candidates = candidates
        weights = LaunchConfigWeights(inOrder: entries)
    }

    /// By id, so that the order in which rows were read decides nothing.
    private static func order(of configs: [LaunchConfigSnapshot]) -> [Int] {
        let places = Array(configs.indices)
        let isInOrder = places.dropFirst().allSatisfy { configs[$0 - 1].id < configs[$0].id }
        return isInOrder ? places : places.sorted { configs[$0].id < configs[$1].id }
    }

    /// Each candidate's part of the next unit: how far it is below an equal footing with the others.
    ///
    /// With committed capacity C over n candidates of share s: `max(0, n·s·C − committed)`, normalised. Two
    /// equal ones with 10 and 5 give a third and two thirds.
    private static func balance(_ candidates: [Candidate], _ entries: inout [LaunchConfigWeights.Entry]) {
        var (weight, committed) = (0.0, 0)
        for candidate in candidates {
            weight += candidate.weight
            committed += candidate.committed
        }
        let footing = Double(candidates.count) * Double(committed)
        var total = 0.0
        for candidate in candidates { total += candidate.deficit(of: footing, weight) }
        for candidate in candidates {
            entries[candidate.place].weight.balance =
                total > 0 ? candidate.deficit(of: footing, weight) / total : candidate.weight / weight
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
        var launches: [PlannedLaunch] = []
        // Of equal ones the first by name comes first: candidates are in that order, and sorting keeps it.
        for candidate in candidates.filter({ $0.launched > 0 }).sorted(by: {
            ($1.launched * $1.unit, $0.place) < ($0.launched * $0.unit, $1.place)
        }) {
            var left = candidate.launched
            while left > 0 {
                let count = min(left, DecisionPolicy.instancesPerLaunch)
                launches.append(
                    PlannedLaunch(
                        launchConfigID: weights[candidate.place].id, count: count,
                        capacityPerInstance: candidate.unit))
                left -= count
            }
        }
        return launches
    }

    /// Gives each candidate the whole instances of its deficit.
    ///
    /// The level is found by water-filling: those above their share get nothing, and the shares of those
    /// that are left are of what is left.
    private mutating func distribute(_ capacity: Int) {
        while true {
            var (weight, committed) = (0.0, 0)
            for candidate in candidates where candidate.isOpen {
                weight += candidate.weight
                committed += candidate.committed
            }
            guard weight > 0 else { return }
            let total = Double(committed + capacity)
            var isLevel = true
            for index in candidates.indices where candidates[index].isOpen {
                let share = candidates[index].weight / weight * total
                guard Double(candidates[index].committed) > share else { continue }
                candidates[index].isOpen = false
                isLevel = false
            }
            guard isLevel else { continue }
            for index in candidates.indices where candidates[index].isOpen {
                let deficit = candidates[index].deficit(of: total, weight)
                let bounded = min(Int(deficit.rounded(.down)), candidates[index].room)
                candidates[index].launched = bounded / candidates[index].unit
            }
            return
        }
    }

    /// Gives what rounding and bounds left over, an instance at a time: to the candidate that is furthest
    /// below its share, and between near equals by chance.
    private mutating func topUp(_ capacity: Int, using generator: inout some RandomNumberGenerator) {
        var left = capacity - launched
        while left > 0 {
            var (count, weight, held) = (0, 0.0, 0)
            for candidate in candidates where candidate.unit <= left && candidate.hasRoom {
                count += 1
                weight += candidate.weight
                held += candidate.held
            }
            guard
                let chosen = choose(
                    left, Double(held + left), weight, Self.chance(using: &generator))
            else { return }
            // Many instances may be left when bounds cut a share: as many at once as its part is worth.
            let candidate = candidates[chosen]
            let fits = min(
                left / candidate.unit, (candidate.room - candidate.launched * candidate.unit) / candidate.unit
            )
            let steps = count == 1 ? fits : max(1, min(fits, left / candidate.unit / count / 2))
            candidates[chosen].launched += steps
            left -= steps * candidate.unit
        }
    }

    /// A number from 0 to below 1.
    private static func chance(using generator: inout some RandomNumberGenerator) -> Double {
        Double(generator.next() >> 11) * 0x1p-53
    }

    /// One of those that fit, by chance in proportion to how far each is below its share of `total`; nil when none
    /// fits.
    private func choose(_ left: Int, _ total: Double, _ weight: Double, _ chance: Double) -> Int? {
        var sum = 0.0
        for candidate in candidates where candidate.unit <= left && candidate.hasRoom {
            sum += candidate.deficit(of: total, weight)
        }
        var draw = chance * sum
        var last: Int?
        for index in candidates.indices where candidates[index].unit <= left && candidates[index].hasRoom {
            last = index
            let deficit = candidates[index].deficit(of: total, weight)
            guard deficit > 0 else { continue }
            draw -= deficit
            if draw < 0 { return index }
        }
        return last
    }

    /// Gives what is less than any instance to the smallest instance that fits, if one does.
    private mutating func roundUp(_ capacity: Int, within room: Int) {
        let launched = launched
        guard launched < capacity else { return }
        // Among equal ones the heaviest, then the first by name, so that the choice repeats.
        var best: Int?
        for index in candidates.indices {
            let candidate = candidates[index]
            guard launched + candidate.unit <= room, candidate.hasRoom else { continue }
            if let best {
                let other = candidates[best]
                guard (candidate.unit, -candidate.weight) < (other.unit, -other.weight) else { continue }
            }
            best = index
        }
        if let best { candidates[best].launched += 1 }
    }

    /// The capacity that is launched so far.
    private var launched: Int {
        var sum = 0
        for candidate in candidates { sum += candidate.launched * candidate.unit }
        return sum
    }
}
