public import MusterCore

/// A launch config of a simulated pool.
public struct SimulatedLaunchConfig: Hashable, Sendable {
    /// Its name.
    public var id: LaunchConfigID
    /// Weight, bounds and capacity per instance.
    public var settings: LaunchConfigSettings

    /// Makes a launch config.
    public init(id: LaunchConfigID, settings: LaunchConfigSettings = LaunchConfigSettings()) {
        self.id = id
        self.settings = settings
    }
}

/// What the pool that is simulated is like: the part of a pool's definition that decisions depend on.
public struct SimulatedPoolSettings: Hashable, Sendable {
    /// How large it may be.
    public var scale: PoolScale
    /// The times that its workers have.
    public var lifecycle: Lifecycle
    /// The idle time of policies that have a fixed one.
    public var fixedIdleTime: Duration
    /// After so many workers in a row that ran and never came to work a launch config is suspended; 0 for never.
    public var suspendAfter = DecisionPolicy.silentBeforeSuspension
    /// How it prepares for work that has not come yet.
    public var anticipation = Anticipation()
    /// The times in which Muster's own policy is to have more than the work asks for; by universal time.
    public var schedule: [ScheduleWindow] = []
    /// What may be launched.
    public var configs: [SimulatedLaunchConfig]

    /// How long Muster keeps a worker that is idle and not justified.
    public var idleTime: Duration { anticipation.idleTime(lifecycle) }

    /// Makes settings; without arguments the usual ones.
    public init(
        scale: PoolScale = PoolScale(maxCapacity: SimulatorPolicy.maxCapacity),
        lifecycle: Lifecycle = Lifecycle(), fixedIdleTime: Duration = SimulatorPolicy.fixedIdleTime,
        configs: [SimulatedLaunchConfig] = Self.equalConfigs(SimulatorPolicy.configs)
    ) {
        self.scale = scale
        self.lifecycle = lifecycle
        self.fixedIdleTime = fixedIdleTime
        self.configs = configs
    }

    /// So many launch configs of equal weight: `config-1`, `config-2`, ...
    public static func equalConfigs(_ count: Int) -> [SimulatedLaunchConfig] {
        (0..<count).map {
            SimulatedLaunchConfig(id: LaunchConfigID(rawValue: "config-\($0 + 1)"))
        }
    }
}
