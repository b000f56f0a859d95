extension Selection {
    /// Some of the candidates.
    struct Part {
        /// Of instances that bring so much; nil for any.
        var unit: Int?
        /// Those that are taken only where the others are not enough, or the others.
        var isReserve = false

        func has(_ candidate: Candidate) -> Bool {
            candidate.isReserve == isReserve && (unit.map { $0 == candidate.unit } ?? true)
        }
    }

    /// The capacity that is launched so far, of instances that bring `unit` where that is given.
    func launched(of unit: Int? = nil) -> Int {
        var sum = 0
        for candidate in candidates where unit == nil || candidate.unit == unit {
            sum += candidate.launched * candidate.unit
        }
        return sum
    }

    /// Gives each candidate of a part the whole instances of its deficit.
    ///
    /// The level is found by water-filling: those above their share get nothing, those whose bounds are below it get
    /// what their bounds allow, and the shares of the others are of what is left.
    mutating func distribute(_ capacity: Int, among part: Part) {
        var capacity = capacity
        openThoseWithRoom(part)
        while true {
            var (weight, committed) = (0.0, 0)
            for candidate in candidates where candidate.isOpen && part.has(candidate) {
                weight += candidate.weight
                committed += candidate.committed
            }
            guard weight > 0 else { return }
            let total = Double(committed + capacity)
            guard !closeThoseAbove(total, weight, part) else { continue }
            let bounded = fillThoseBounded(total, weight, part)
            guard bounded == 0 else {
                capacity -= bounded
                openThoseWithRoom(part)
                continue
            }
            for index in candidates.indices where candidates[index].isOpen && part.has(candidates[index]) {
                let deficit = candidates[index].deficit(of: total, weight)
                candidates[index].launched = Int(deficit.rounded(.down)) / candidates[index].unit
            }
            return
        }
    }

    /// Closes the candidates that have more than their share; whether there were any.
    private mutating func closeThoseAbove(_ total: Double, _ weight: Double, _ part: Part) -> Bool {
        var isAnyAbove = false
        for index in candidates.indices where candidates[index].isOpen && part.has(candidates[index]) {
            guard Double(candidates[index].committed) > candidates[index].weight / weight * total else {
                continue
            }
            candidates[index].isOpen = false
            isAnyAbove = true
        }
        return isAnyAbove
    }

    /// What others may not have raises the shares of those that seemed above theirs: they are looked at again.
    private mutating func openThoseWithRoom(_ part: Part) {
        for index in candidates.indices where part.has(candidates[index]) {
            candidates[index].isOpen = candidates[index].hasRoom
        }
    }

    /// Gives those that may have less than their share all that they may have.
    ///
    /// - Returns: what they got, which is more than nothing when there were any.
    private mutating func fillThoseBounded(_ total: Double, _ weight: Double, _ part: Part) -> Int {
        var given = 0
        for index in candidates.indices where candidates[index].isOpen && part.has(candidates[index]) {
            let candidate = candidates[index]
            guard candidate.deficit(of: total, weight) > Double(candidate.room) else { continue }
            candidates[index].launched = candidate.room / candidate.unit
            given += candidates[index].launched * candidate.unit
        }
        return given
    }

    /// Gives what rounding and bounds left over, an instance at a time: to the candidate that is furthest
    /// below its share, and between near equals by chance.
    mutating func topUp(
        _ missing: Int, among part: Part, using generator: inout some RandomNumberGenerator
    ) {
        var left = missing
        while left > 0 {
            var (count, weight, held) = (0, 0.0, 0)
            for candidate in candidates where candidate.fits(left, part) {
                count += 1
                weight += candidate.weight
                held += candidate.held
            }
            guard
                let chosen = choose(
                    left, part, Double(held + left), weight, Self.chance(using: &generator))
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
    private func choose(
        _ left: Int, _ part: Part, _ total: Double, _ weight: Double, _ chance: Double
    ) -> Int? {
        var sum = 0.0
        for candidate in candidates where candidate.fits(left, part) {
            sum += candidate.deficit(of: total, weight)
        }
        var draw = chance * sum
        var last: Int?
        for index in candidates.indices where candidates[index].fits(left, part) {
            last = index
            let deficit = candidates[index].deficit(of: total, weight)
            guard deficit > 0 else { continue }
            draw -= deficit
            if draw < 0 { return index }
        }
        return last
    }
}

extension Selection.Candidate {
    /// Whether it belongs to a part, and one more instance of it brings no more than `left`.
    fileprivate func fits(_ left: Int, _ part: Selection.Part) -> Bool {
        unit <= left && hasRoom && part.has(self)
    }
}
