public import MusterCore

/// One pool's part of a provisioning pass (`provisioner.js`): count the workers that are not gone, then the
/// errors of the last hour, ask the queue, estimate, and draw launch configs.
///
/// Each drawn instance is a call of its own. All are sent at once, and none is tried elsewhere when it fails:
/// that waits for the next pass.
public struct WorkerManagerProvisioner: Hashable, Sendable {
    /// The formula.
    public var estimator: WorkerManagerEstimator
    /// The settings of the launch configs that are not archived.
    public var launchConfigs: [LaunchConfigID: LaunchConfigSettings]

    /// Makes a provisioner.
    public init(
        estimator: WorkerManagerEstimator, launchConfigs: [LaunchConfigID: LaunchConfigSettings]
    ) {
        self.estimator = estimator
        self.launchConfigs = launchConfigs
    }

    /// Decides what to launch.
    ///
    /// - Returns: the launch config of each instance, in the order drawn.
    public func pass(
        pending: Int, claimed: Int, capacity: WorkerManagerCapacity, errors: WorkerManagerErrors.Tally,
        using generator: inout some RandomNumberGenerator
    ) -> [LaunchConfigID] {
        let estimate = estimator.estimate(pending: pending, claimed: claimed, capacity: capacity)
        guard estimate.toSpawn > 0 else { return [] }
        return WorkerManagerSelector(
            launchConfigs, maxCapacity: estimator.scale.maxCapacity, capacity: capacity, errors: errors
        ).draw(estimate.toSpawn, using: &generator)
    }
}
