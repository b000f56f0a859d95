public import MusterCore

extension WorkerManagerSelector {
    /// Draws launch configs until they bring `toSpawn`, one instance a draw, each by chance in proportion to
    /// its weight.
    ///
    /// The last instance may bring more than was missing, and a launch config's own bound is passed by the
    /// same. When no launch config is left, what is missing is left missing.
    ///
    /// - Returns: the launch config of each instance, in the order drawn.
    public func draw(_ toSpawn: Double, using generator: inout some RandomNumberGenerator) -> [LaunchConfigID]
    {
        // Ascending by weight as the original keeps them, which decides what a number drawn means.
        var left = candidates.enumerated().filter { $0.element.weight > 0 }
            .sorted { ($0.element.weight, $0.offset) < ($1.element.weight, $1.offset) }
            .map(\.element)
        var total = left.map(\.weight).reduce(0, +)
        var missing = toSpawn
        var drawn: [LaunchConfigID] = []
        while missing > 0, !left.isEmpty {
            let index = Self.draw(from: left, total, using: &generator)
            drawn.append(left[index].id)
            missing -= Double(left[index].capacityPerInstance)
            left[index].remainingCapacity -= left[index].capacityPerInstance
            if left[index].remainingCapacity <= 0 {
                total -= left[index].weight
                left.remove(at: index)
            }
        }
        return drawn
    }

    private static func draw(
        from candidates: [Candidate], _ total: Double, using generator: inout some RandomNumberGenerator
    ) -> Int {
        let number = Double.random(in: 0..<1, using: &generator) * total
        var sum = 0.0
        for (index, candidate) in candidates.enumerated() {
            sum += candidate.weight
            if number < sum { return index }
        }
        // Sums of weights taken away one by one need not be exact.
        return candidates.count - 1
    }
}
