/// What whole instances of unequal capacity can come to together.
///
/// Exact, and cheap all the same: few kinds of instance are ever tried in numbers that differ by more than the
/// largest unit from filling up with the largest. For what is needed at a time and can be divided differently
/// the sums are enumerated; everything is counted in steps of which every unit is a multiple.
struct InstanceSums {
    /// Instances that bring the same capacity.
    struct Kind: Hashable {
        /// The capacity of each.
        var unit: Int
        /// How many there may be.
        var most: Int
    }

    /// How many instances of each kind, and what they come to.
    struct Choice: Hashable {
        var capacity: Int
        var counts: [Int]
    }

    /// In steps, the largest unit first.
    private let kinds: [Kind]
    private let step: Int

    /// - Parameter kinds: each unit once, the largest first.
    init(_ kinds: [Kind]) {
        let step = kinds.reduce(0) { Self.divisor($0, $1.unit) }
        self.step = step
        self.kinds = kinds.map { Kind(unit: $0.unit / step, most: $0.most) }
    }

    /// The smallest sum that is `needed` at least, within `room` and with so many instances at most; the largest
    /// that there is when none is enough. Where so many instances could be too few, it is of the fewest that come to it.
    func choice(for needed: Int, within room: Int, instances: Int) -> Choice {
        let room = room / step
        let needed = min((needed + step - 1) / step, room)
        let largest = filled(to: .max, instances: instances)
        guard largest.capacity > needed, let unit = kinds.first?.unit, let smallest = kinds.last else {
            return scaled(largest)
        }
        // With enough of the smallest every sum can be made, and what is filled up with the largest leaves a rest that
        // the smallest make up.
        if smallest.unit == 1, smallest.most >= unit - 1, instances >= needed {
            return scaled(filled(to: needed, instances: instances))
        }
        return scaled(enumerated(needed, within: min(room, needed + unit - 1), instances: instances))
    }

    /// How many of each kind come to `capacity`, as near to `wanted` as may be; nil when none is near.
    func counts(comingTo capacity: Int, near wanted: [Int]) -> [Int]? {
        var reach = 1
        while true {
            let least = wanted.map { max(0, $0 - reach) }
            let most = zip(kinds, wanted).map { min($0.most, $1 + reach) }
            if let counts = nearest(capacity / step, wanted, least, most) { return counts }
            guard reach < DecisionPolicy.instancesExchanged else { return nil }
            reach *= 2
        }
    }

    private static func divisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : divisor(b, a % b) }

    private func scaled(_ choice: Choice) -> Choice {
        Choice(capacity: choice.capacity * step, counts: choice.counts)
    }

    /// The largest first, never more than `capacity`.
    private func filled(to capacity: Int, instances: Int) -> Choice {
        var choice = Choice(capacity: 0, counts: [])
        var left = instances
        for kind in kinds {
            let count = min(kind.most, left, (capacity - choice.capacity) / kind.unit)
            choice.counts.append(count)
            choice.capacity += count * kind.unit
            left -= count
        }
        return choice
    }

    /// The fewest instances for every sum near what is needed.
    ///
    /// Fewer than the largest unit of those that fill up to less than every sum asked for would be exchanged for
    /// smaller ones: were it more, some of them and some of what they are exchanged for would come to the same.
    private func enumerated(_ needed: Int, within most: Int, instances: Int) -> Choice {
        let unit = kinds[0].unit
        let margin = min(unit, DecisionPolicy.sumsTried / kinds.reduce(0) { $0 + $1.unit })
        let floor = filled(to: max(0, needed - unit), instances: .max).counts.map { max(0, $0 - margin) }
        let base = zip(kinds, floor).reduce(0) { $0 + $1.0.unit * $1.1 }
        let left = instances - floor.reduce(0, +)
        let width = most - base
        let tables = fewest(upTo: width, beyond: floor)
        func isReached(_ sum: Int) -> Bool {
            let fewest = tables[kinds.count][sum]
            return fewest < .max && fewest <= left
        }
        let enough = (needed - base...width).first(where: isReached)
        guard var sum = enough ?? (0..<needed - base).last(where: isReached) else {
            // So few instances that what was filled up with takes more than all of them: the largest alone, then.
            return filled(to: most, instances: instances)
        }
        var choice = Choice(capacity: base + sum, counts: floor)
        for index in kinds.indices.reversed() {
            let (fewest, before) = (tables[index + 1][sum], tables[index])
            var count = 0
            while Int(before[sum]) + count != Int(fewest) {
                count += 1
                sum -= kinds[index].unit
            }
            choice.counts[index] += count
        }
        return choice
    }

    /// The fewest instances by sum, of the first 0, 1, 2, ... kinds; `.max` for what they do not come to.
    private func fewest(upTo width: Int, beyond floor: [Int]) -> [[Int32]] {
        var table = Array(repeating: Int32.max, count: width + 1)
        table[0] = 0
        var tables = [table]
        for (kind, floor) in zip(kinds, floor) {
            var left = min(kind.most - floor, width / kind.unit)
            var part = 1
            // One, two, four, ... together are any number.
            while left > 0 {
                let count = min(part, left)
                let capacity = count * kind.unit
                for sum in stride(from: width, through: capacity, by: -1) where table[sum - capacity] < .max {
                    table[sum] = min(table[sum], table[sum - capacity] + Int32(count))
                }
                left -= count
                part *= 2
            }
            tables.append(table)
        }
        return tables
    }

    /// Those within bounds that come to `capacity` and differ the least from `wanted`.
    private func nearest(_ capacity: Int, _ wanted: [Int], _ least: [Int], _ most: [Int]) -> [Int]? {
        var width = capacity
        for (kind, least) in zip(kinds, least) { width -= kind.unit * least }
        guard width >= 0, width <= DecisionPolicy.sumsTried else { return nil }
        var costs = Array(repeating: Int32.max, count: width + 1)
        costs[0] = 0
        var choices: [[Int32]] = []
        for index in kinds.indices {
            var next = Array(repeating: Int32.max, count: width + 1)
            var chosen = Array(repeating: Int32(0), count: width + 1)
            let unit = kinds[index].unit
            for extra in 0...(most[index] - least[index]) where extra * unit <= width {
                let cost = Int32(abs(least[index] + extra - wanted[index]))
                for sum in extra * unit...width where costs[sum - extra * unit] < .max {
                    let total = costs[sum - extra * unit] + cost
                    guard total < next[sum] else { continue }
                    next[sum] = total
                    chosen[sum] = Int32(extra)
                }
            }
            costs = next
            choices.append(chosen)
        }
        guard costs[width] < .max else { return nil }
        var counts = least
        var sum = width
        for index in kinds.indices.reversed() {
            let extra = Int(choices[index][sum])
            counts[index] += extra
            sum -= extra * kinds[index].unit
        }
        return counts
    }
}
