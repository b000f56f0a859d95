public import MusterCore

/// How the local provider is set up.
public struct LocalProviderConfiguration: Sendable {
    /// The name that pools use.
    public var id: ProviderID
    /// The unique id of this Muster's store: two on one machine never see each other's instances.
    public var fleet: String
    /// Where the instances' folders are, each under its instance's name. Nothing else belongs in it.
    public var folder: String
    /// The worker's executable, as an absolute path, and its first arguments.
    public var workerCommand: [String]
    /// The users that a launch config may name.
    public var allowedUsers: Set<String>
    /// How long an instance has to end after it was asked to.
    public var terminationGrace: Duration
    /// How long an instance that is gone is remembered, with its folder and its output.
    public var retention: Duration

    /// Makes a configuration.
    public init(
        id: ProviderID, fleet: String, folder: String, workerCommand: [String],
        allowedUsers: Set<String> = [],
        terminationGrace: Duration = CloudPolicy.localTerminationGrace,
        retention: Duration = CloudPolicy.localRetention
    ) {
        self.id = id
        self.fleet = fleet
        self.folder = folder
        self.workerCommand = workerCommand
        self.allowedUsers = allowedUsers
        self.terminationGrace = terminationGrace
        self.retention = retention
    }
}
