public import MusterCore

/// What worker-manager's launch configs weigh in a pass (`launch-config-selector.js`, RFC 191).
///
/// Its faults are kept: the weight of errors is their share of the pool's errors and not of launches, so that
/// one error in an hour can take a launch config out while evenly failing ones lose little; a weight of 0
/// comes back when no other launch config is left; when all weights come to nothing, the first takes all; and
/// a bound of 0 holds only where workers are.
public struct WorkerManagerSelector: Hashable, Sendable {
    /// A launch config's part in a pass.
    public struct Candidate: Hashable, Sendable {
        /// Its name.
        public var id: LaunchConfigID
        /// Its part of the draws; nothing is drawn from one whose weight is not positive.
        public var weight: Double
        /// How much more may be launched of it.
        public var remainingCapacity: Int
        /// What one instance brings.
        public var capacityPerInstance: Int
    }

    /// The launch configs that are not archived, by id.
    public let candidates: [Candidate]

    /// Weighs launch configs.
    ///
    /// - Parameter launchConfigs: the settings of those that are not archived.
    /// - Parameter maxCapacity: the pool's maximum: the bound of a launch config that has none of its own.
    public init(
        _ launchConfigs: [LaunchConfigID: LaunchConfigSettings], maxCapacity: Int,
        capacity: WorkerManagerCapacity, errors: WorkerManagerErrors.Tally
    ) {
        var candidates = launchConfigs.sorted { $0.key < $1.key }.map { id, settings in
            let existing = capacity.byLaunchConfig[id] ?? 0
            return Self.weigh(
                id, settings, most: settings.maxCapacity ?? maxCapacity, existing: existing, errors)
        }
        for index in candidates.indices {
            let candidate = candidates[index]
            guard candidate.remainingCapacity > 0, candidate.weight <= 0 else { continue }
            let hasOther = candidates.indices.contains { other in
                other != index && candidates[other].remainingCapacity > 0 && candidates[other].weight > 0
            }
            candidates[index].weight = hasOther ? 0 : WorkerManagerDefaults.lastResortWeight
        }
        self.candidates = candidates
    }

    private static func weigh(
        _ id: LaunchConfigID, _ settings: LaunchConfigSettings, most: Int, existing: Int,
        _ errors: WorkerManagerErrors.Tally
    ) -> Candidate {
        var candidate = Candidate(
            id: id, weight: settings.initialWeight, remainingCapacity: most,
            capacityPerInstance: settings.capacityPerInstance)
        if most > 0, existing > 0 {
            candidate.weight -= Double(existing) / Double(most)
            candidate.remainingCapacity = max(0, most - existing)
        }
        if let own = errors.byLaunchConfig[id], own > 0, errors.total > 0 {
            candidate.weight -= Double(own) / Double(errors.total)
        }
        return candidate
    }
}
