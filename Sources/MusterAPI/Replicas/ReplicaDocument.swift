public import MusterCore

/// A process that works on the database, and what it holds.
public struct ReplicaDocument: Codable, Sendable {
    /// Its name, unique among all.
    public var name: String
    /// `service` or `run`.
    public var role: String
    /// `there`, or `gone` when it did not say so itself and its time is over.
    public var state: String
    /// The machine it runs on, and its number there.
    public var host: String
    public var pid: Int
    /// Where workers reach it; empty for one that answers nobody.
    public var address: String
    public var version: String
    /// The providers that it can reach.
    public var providers: [ProviderID]
    public var since: Timestamp
    public var lastSeen: Timestamp
    /// When it counts as gone unless it is seen before.
    public var expires: Timestamp
    /// The pools that it works on.
    public var workerPools: [PoolID]
    /// What else it alone does, such as `sink:NAME`, `reconcile:PROVIDER`, `retention`.
    public var leases: [String]
    /// Whether it is the one that answers.
    public var answers: Bool

    /// Makes a document.
    public init(
        name: String, role: String, state: String, host: String, pid: Int, address: String, version: String,
        providers: [ProviderID], since: Timestamp, lastSeen: Timestamp, expires: Timestamp,
        workerPools: [PoolID], leases: [String], answers: Bool
    ) {
        self.name = name
        self.role = role
        self.state = state
        self.host = host
        self.pid = pid
        self.address = address
        self.version = version
        self.providers = providers
        self.since = since
        self.lastSeen = lastSeen
        self.expires = expires
        self.workerPools = workerPools
        self.leases = leases
        self.answers = answers
    }
}

/// All processes that work on the database, or did until shortly before.
public struct ReplicasAnswer: Codable, Sendable {
    public var replicas: [ReplicaDocument]

    /// Makes an answer.
    public init(replicas: [ReplicaDocument]) { self.replicas = replicas }
}
