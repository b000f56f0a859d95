import MusterCore

/// What marks a container as one of ours.
struct DockerLabels: Hashable, Sendable {
    var fleet: String
    var provider: ProviderID
    var launch: LaunchID
    var pool: PoolID
    var launchConfig: LaunchConfigID

    static let fleetName = "muster-deployment"
    static let providerName = "muster-provider"
    static let launchName = "muster-launch"
    static let poolName = "muster-pool"
    static let launchConfigName = "muster-launch-config"

    /// The labels as Docker has them.
    var values: [String: String] {
        [
            Self.fleetName: fleet, Self.providerName: provider.rawValue, Self.launchName: launch.rawValue,
            Self.poolName: pool.rawValue, Self.launchConfigName: launchConfig.rawValue,
        ]
    }

    /// The launch that a container with these labels is of, if it is this provider's.
    static func launch(in labels: [String: String], of configuration: DockerProviderConfiguration)
        -> LaunchID?
    {
        guard labels[fleetName] == configuration.fleet, labels[providerName] == configuration.id.rawValue,
            let launch = labels[launchName], LaunchID.accepts(launch)
        else { return nil }
        return LaunchID(rawValue: launch)
    }
}
