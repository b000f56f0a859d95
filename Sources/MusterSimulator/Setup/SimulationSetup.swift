/// Everything that a simulation depends on but the policy: the same for all policies that are compared.
public struct SimulationSetup: Sendable {
    /// The workload.
    public var trace: Trace
    /// The pool.
    public var pool: SimulatedPoolSettings
    /// The cloud.
    public var cloud: CloudScript
    /// What all chance is drawn from.
    public var seed: UInt64

    /// Makes a setup.
    public init(
        trace: Trace, pool: SimulatedPoolSettings = SimulatedPoolSettings(),
        cloud: CloudScript = CloudScript(), seed: UInt64 = 1
    ) {
        self.trace = trace
        self.pool = pool
        self.cloud = cloud
        self.seed = seed
    }
}
