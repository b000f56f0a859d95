/// Divides capacity between launch configs so that what is committed comes near shares proportional to
/// their weights.
///
/// It is made in every pass and a million times in a simulation: its loops are plain, and allocate nothing.
struct Selection {
    /// What each launch config weighs, in the order of their ids.
    private var entries: [LaunchConfigWeights.Entry]
    /// Those that may launch.
    var candidates: [Candidate]
    /// Those that rest or are closed: their places among the launch configs and among the weights.
    private var deferred: [(index: Int, place: Int)] = []
    private let configs: [LaunchConfigSnapshot]
    private let now: Timestamp
    /// Whether the brake kept something from being launched.
    private(set) var isBraked = false

    /// What each launch config weighs.
    var weights: LaunchConfigWeights { LaunchConfigWeights(inOrder: entries) }

    /// A launch config that may launch.
    struct Candidate {
        /// Its place among the weights.
        let place: Int
        let weight: Double
        let unit: Int
        /// Supply that is there already.
        let committed: Int
        /// How much more its own bound, and what it is trusted with, allow.
        let room: Int
        var launched = 0
        /// Whether it is taken only where the others are not enough.
        var isReserve = false
        /// Whether it is below its share, and within its bounds.
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
        var hasRoom: Bool { unit <= room - launched * unit }

        /// How far it is below its share of `total`, where all shares together weigh `sum`.
        func deficit(of total: Double, _ sum: Double) -> Double {
            max(0, weight / sum * total - Double(held))
        }
    }

    init(_ configs: [LaunchConfigSnapshot], now: Timestamp) {
        self.configs = configs
        self.now = now
        entries = []
        entries.reserveCapacity(configs.count)
        candidates = []
        candidates.reserveCapacity(configs.count)
        for index in Self.order(of: configs) {
            let weight = Self.weight(of: configs[index], now: now)
            if weight.isFree {
                candidates.append(Candidate(configs[index], weight, place: entries.count))
            } else if weight.exclusion == nil {
                deferred.append((index, entries.count))
            }
            entries.append(LaunchConfigWeights.Entry(id: configs[index].id, weight: weight))
        }
        if !candidates.contains(where: \.hasRoom) { wakeReserves() }
        Self.balance(candidates, &entries)
    }

    /// The second look, for when those that launch as usual cannot take all that is missing: adds those that rest or
    /// are closed and have been left alone for long enough for that.
    ///
    /// - Returns: whether there are any.
    @discardableResult
    private mutating func wakeReserves() -> Bool {
        let before = candidates.count
        for (index, place) in deferred {
            let weight = Self.weight(of: configs[index], isLastHope: true, now: now)
            entries[place].weight = weight
            guard weight.isFree else { continue }
            var candidate = Candidate(configs[index], weight, place: place)
            candidate.isReserve = true
            candidates.append(candidate)
        }
        deferred = []
        return candidates.count > before
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

    /// Launches that bring `capacity`; never more than any bound allows.
    ///
    /// First the sum is found: the smallest of whole instances that is enough, else the largest that there is. It
    /// never falls when more is missing, and never grows when a bound falls, whatever instances bring. Only then is
    /// it divided. One waiting task is launched for, however many an instance could run.
    ///
    /// - Parameter room: what the pool's maximum leaves.
    /// - Parameter instances: how many the brake leaves.
    mutating func launches(
        for capacity: Int, within room: Int, instances: Int, using generator: inout some RandomNumberGenerator
    ) -> [PlannedLaunch] {
        var total = total(for: capacity, within: room, instances: instances)
        if total.capacity < capacity, wakeReserves() {
            total = self.total(for: capacity, within: room, instances: instances)
        }
        // As many as the brake leaves may come to what is missing or not: more are asked about only then.
        isBraked =
            total.capacity < capacity && instances < capacity
            && self.total(for: capacity, within: room, instances: .max).capacity > total.capacity
        share(total, instances: instances, using: &generator)
        return plannedLaunches
    }

    /// How many instances are launched of the one at a place among the weights.
    func instances(at place: Int) -> Int {
        for candidate in candidates where candidate.place == place { return candidate.launched }
        return 0
    }

    /// Few and large, the largest first.
    private var plannedLaunches: [PlannedLaunch] {
        var launches: [PlannedLaunch] = []
        // Of equal ones the first by name comes first.
        for candidate in candidates.filter({ $0.launched > 0 }).sorted(by: {
            ($1.launched * $1.unit, $0.place) < ($0.launched * $0.unit, $1.place)
        }) {
            var left = candidate.launched
            while left > 0 {
                let count = min(left, DecisionPolicy.instancesPerLaunch)
                launches.append(
                    PlannedLaunch(
                        launchConfigID: entries[candidate.place].id, count: count,
                        capacityPerInstance: candidate.unit))
                left -= count
            }
        }
        return launches
    }
}
