public import MusterCore

/// A request to a provider for instances, and what came of it.
public struct LaunchDocument: Codable, Sendable {
    public var launchId: LaunchID
    public var workerPoolId: PoolID
    public var launchConfigId: LaunchConfigID
    public var providerId: ProviderID
    /// `planned`, `settled` or `abandoned`.
    public var state: Launch.State
    /// How many instances were asked for.
    public var instances: Int
    /// How many came.
    public var obtained: Int
    public var capacityPerInstance: Int
    public var planned: Timestamp
    /// How often its call was sent again, because nobody knew what had come of it.
    public var repeats: Int
    /// When it was last sent again.
    public var repeated: Timestamp?
    public var settled: Timestamp?
    public var error: Failure?
    /// The instances that it gave; absent in lists.
    public var workers: [WorkerDocument]?
    /// The call as it is sent, in which there is no secret; absent in lists.
    public var body: String?

    /// What failed.
    public struct Failure: Codable, Hashable, Sendable {
        /// The kind, such as `capacity`.
        public var kind: String
        /// What it is about: an offering, a scope.
        public var detail: String?
        /// The cloud's own code.
        public var cloudCode: String
        /// A sentence for a person.
        public var message: String
    }

    /// Makes a document of a launch, without its workers and its body.
    public init(_ launch: Launch) {
        launchId = launch.id
        workerPoolId = launch.poolID
        launchConfigId = launch.launchConfigID
        providerId = launch.providerID
        state = launch.state
        instances = launch.count
        obtained = launch.obtained
        capacityPerInstance = launch.capacityPerInstance
        planned = launch.plannedAt
        repeats = launch.attempts
        repeated = launch.sentAt
        settled = launch.settledAt
        error = launch.error.map {
            Failure(kind: $0.label, detail: $0.kindDetail, cloudCode: $0.cloudCode, message: $0.message)
        }
    }
}

/// A page of launches, newest first.
public struct LaunchesAnswer: PagedAnswer {
    public var launches: [LaunchDocument]
    public var continuationToken: String?

    public var elements: [LaunchDocument] { launches }

    public init(elements: [LaunchDocument], continuationToken: String?) {
        launches = elements
        self.continuationToken = continuationToken
    }
}
