extension [PlannedLaunch] {
    /// Takes instances away until the brake allows what is left, from the largest launch first.
    ///
    /// - Returns: whether any were taken away.
    mutating func brake(_ brake: PoolSnapshot.Brake?, _ reasons: inout [PlanReason]) -> Bool {
        guard let brake else { return false }
        var excess = map(\.count).reduce(0, +) - brake.left
        guard excess > 0 else { return false }
        reasons.append(.braked(instancesPerHour: brake.instancesPerHour, until: brake.loosensAt))
        while excess > 0, let largest = indices.max(by: { self[$0].count < self[$1].count }) {
            // Down to the next largest, so that what is left keeps the shares even.
            let next = indices.filter { $0 != largest }.map { self[$0].count }.max() ?? 0
            let step = Swift.min(excess, Swift.max(1, self[largest].count - next))
            self[largest].count -= step
            excess -= step
        }
        removeAll { $0.count == 0 }
        return true
    }
}
