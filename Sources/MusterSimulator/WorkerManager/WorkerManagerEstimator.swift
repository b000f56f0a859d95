public import MusterCore

/// How much worker-manager wants and launches (`estimator.js`, `simple` and `targetCapacity`).
///
/// Its faults are kept: what is requested counts as idle and is subtracted once more at the end, so that the
/// tasks that arrive while workers boot wait for those workers to register; what is stopping takes the
/// minimum's place; a minimum above the maximum wins; and the result may be a fraction, which the selector
/// rounds up.
public struct WorkerManagerEstimator: Hashable, Sendable {
    /// How large the pool may be; a minimum above the maximum wins here.
    public var scale: PoolScale
    /// Whether what is requested is subtracted twice, as shipped; false for the formula without that fault.
    public var subtractsRequestedTwice: Bool

    /// Makes an estimator.
    public init(scale: PoolScale, subtractsRequestedTwice: Bool = true) {
        self.scale = scale
        self.subtractsRequestedTwice = subtractsRequestedTwice
    }

    /// What a pass comes to.
    public struct Estimate: Hashable, Sendable {
        /// What exists and holds no claim, requested workers included; never negative.
        public var idleCapacity: Int
        /// The pending tasks that idle capacity will not take.
        public var adjustedPending: Int
        /// The capacity that there should be, stopping included.
        public var desiredCapacity: Double
        /// The capacity to launch; never negative, and not always whole.
        public var toSpawn: Double
    }

    /// Estimates from the queue's counts and the pool's capacity, which may be of different moments.
    public func estimate(pending: Int, claimed: Int, capacity: WorkerManagerCapacity) -> Estimate {
        let idle = max(0, capacity.existing - claimed)
        let adjusted = max(0, pending - idle)
        let nonStopped = Double(capacity.existing + capacity.stopping)
        let desired = within(scale.scalingRatio * Double(adjusted) + nonStopped)
        let missing = max(0, desired - nonStopped)
        let again = subtractsRequestedTwice ? Double(capacity.requested) : 0
        return Estimate(
            idleCapacity: idle, adjustedPending: adjusted, desiredCapacity: desired,
            toSpawn: max(0, missing - again))
    }

    /// The capacity beyond which running workers are told to terminate.
    ///
    /// The scaling ratio applies to the claimed tasks too, so that with a ratio below 1 busy workers are too
    /// many.
    public func targetCapacity(pending: Int, claimed: Int) -> Double {
        within(scale.scalingRatio * Double(pending + claimed))
    }

    private func within(_ capacity: Double) -> Double {
        max(Double(scale.minCapacity), min(capacity, Double(scale.maxCapacity)))
    }
}
