extension Selection {
    /// The capacity that is launched, and how many instances of each kind bring it where there are several kinds.
    struct Total {
        var capacity: Int
        var kinds: Kinds?

        /// Instances of unequal capacity.
        struct Kinds {
            /// The largest first.
            let units: [Int]
            let sums: InstanceSums
            /// Few instances that come to the capacity; the fewest where the brake could hold some back.
            let fewest: [Int]
        }
    }

    /// The smallest sum of whole instances that is enough for `capacity`, else the largest there is.
    func total(for capacity: Int, within room: Int, instances: Int) -> Total {
        guard let first = candidates.first else { return Total(capacity: 0) }
        var isEqual = true
        var most = 0
        for candidate in candidates {
            if candidate.unit != first.unit { isEqual = false }
            most += min(candidate.room, room) / candidate.unit
        }
        guard !isEqual else {
            let enough = (capacity + first.unit - 1) / first.unit
            return Total(capacity: min(enough, most, room / first.unit, instances) * first.unit)
        }
        var kinds: [InstanceSums.Kind] = []
        for candidate in candidates {
            let most = min(candidate.room, room) / candidate.unit
            if let same = kinds.firstIndex(where: { $0.unit == candidate.unit }) {
                kinds[same].most = min(kinds[same].most + most, room / candidate.unit)
            } else {
                kinds.append(InstanceSums.Kind(unit: candidate.unit, most: most))
            }
        }
        kinds.sort { $0.unit > $1.unit }
        let sums = InstanceSums(kinds)
        let choice = sums.choice(for: capacity, within: room, instances: instances)
        return Total(
            capacity: choice.capacity,
            kinds: Total.Kinds(units: kinds.map(\.unit), sums: sums, fewest: choice.counts))
    }

    /// Divides a total between the candidates, so that what is there of each comes near its share.
    mutating func share(
        _ total: Total, instances: Int, using generator: inout some RandomNumberGenerator
    ) {
        distribute(total.capacity, among: Part())
        topUp(total.capacity - launched(), among: Part(), using: &generator)
        topUp(total.capacity - launched(), among: Part(isReserve: true), using: &generator)
        guard let kinds = total.kinds else { return }
        let wanted = kinds.units.map { launched(of: $0) / $0 }
        guard launched() != total.capacity || wanted.reduce(0, +) > instances else { return }
        // The shares alone do not come to the total: a few instances are exchanged for others.
        let near = kinds.sums.counts(comingTo: total.capacity, near: wanted)
        let counts = near.flatMap { $0.reduce(0, +) <= instances ? $0 : nil } ?? kinds.fewest
        for (index, unit) in kinds.units.enumerated() where counts[index] != wanted[index] {
            for place in candidates.indices where candidates[place].unit == unit {
                candidates[place].launched = 0
            }
            let capacity = counts[index] * unit
            distribute(capacity, among: Part(unit: unit))
            for isReserve in [false, true] {
                topUp(
                    capacity - launched(of: unit), among: Part(unit: unit, isReserve: isReserve),
                    using: &generator)
            }
        }
    }
}
