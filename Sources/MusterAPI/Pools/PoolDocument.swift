public import MusterCore

/// A worker pool as it stands: its definition, what waits, what is there and what was last decided.
public struct PoolDocument: Codable, Sendable {
    public var workerPoolId: PoolID
    public var providerId: ProviderID
    public var description: String
    public var owner: String
    public var emailOnError: Bool
    public var created: Timestamp
    public var lastModified: Timestamp
    /// The definition's `config`, launch configs with their ids included.
    public var config: Document
    /// `active`, `paused`, `frozen` or `deleted`.
    public var state: String
    /// Until when it is paused, if that ends by itself.
    public var pausedUntil: Timestamp?
    public var pauseReason: String?
    /// The limit that its tasks are subject to; absent for none.
    public var concurrencyLimit: LimitDocument?
    /// How many tasks wait and are claimed; absent when nobody knows.
    public var pendingTasks: Int?
    public var claimedTasks: Int?
    /// By bucket; empty ones are left out.
    public var capacity: [String: CapacityTally]
    public var launchConfigs: [LaunchConfigDocument]
    /// The last plan; absent before the first pass.
    public var plan: PlanDocument?

    /// Makes a document.
    public init(
        _ pool: Pool, config: Document, state: String, pendingTasks: Int?, claimedTasks: Int?,
        concurrencyLimit: LimitDocument? = nil, capacity: CapacityTable,
        launchConfigs: [LaunchConfigDocument], plan: PlanDocument?
    ) {
        workerPoolId = pool.id
        providerId = pool.definition.providerID
        description = pool.definition.description
        owner = pool.definition.owner
        emailOnError = pool.definition.emailOnError
        created = pool.createdAt
        lastModified = pool.modifiedAt
        self.config = config
        self.state = state
        pausedUntil = pool.pause?.until
        pauseReason = pool.pause?.reason
        self.concurrencyLimit = concurrencyLimit
        self.pendingTasks = pendingTasks
        self.claimedTasks = claimedTasks
        self.capacity = capacity.byName
        self.launchConfigs = launchConfigs
        self.plan = plan
    }
}

/// All worker pools.
public struct PoolsAnswer: Codable, Sendable {
    public var workerPools: [PoolDocument]

    /// Makes an answer.
    public init(workerPools: [PoolDocument]) { self.workerPools = workerPools }
}

/// `POST .../pause`: stops launching for a pool.
public struct PauseRequest: Codable, Sendable {
    /// When it goes on by itself; absent until somebody resumes it.
    public var until: Timestamp?
    /// Why, for whoever wonders.
    public var reason: String?

    /// Makes a request.
    public init(until: Timestamp? = nil, reason: String? = nil) {
        self.until = until
        self.reason = reason
    }

    /// Reads and checks a request as it came.
    ///
    /// - Throws: everything that is wrong with it.
    public init(_ document: Document) throws(Problems) {
        let reader = DocumentReader(document)
        reason = reader.string("reason", limit: 1_000)
        if let text = reader.string("until") {
            until = Timestamp(text)
            if until == nil {
                reader.refuse("until", "must be ISO 8601 in UTC, such as 2026-11-21T07:30:00Z")
            }
        }
        try reader.finish()
    }
}

/// `POST /api/muster/v1/apply`: brings pools to what their definitions say, all or none.
public struct ApplyRequest: Codable, Sendable {
    /// The definitions.
    public var workerPools: [Document]
    /// Whether pools that are not named are deleted.
    public var prune: Bool
    /// Whether nothing is changed.
    public var dryRun: Bool
    /// The digest of the difference that was shown before: with another difference nothing is changed.
    public var asShown: String?

    /// Makes a request.
    public init(workerPools: [Document], prune: Bool, dryRun: Bool, asShown: String? = nil) {
        self.workerPools = workerPools
        self.prune = prune
        self.dryRun = dryRun
        self.asShown = asShown
    }
}

/// What was changed, or would be.
public struct ApplyAnswer: Codable, Sendable {
    public var changes: [PoolChange]
    public var dryRun: Bool
    /// What tells this difference from every other; `asShown` of a later request.
    public var digest: String

    /// Makes an answer.
    public init(changes: [PoolChange], dryRun: Bool, digest: String) {
        self.changes = changes
        self.dryRun = dryRun
        self.digest = digest
    }
}

extension CapacityTable {
    /// The tallies by their buckets' names; empty ones are left out.
    public var byName: [String: CapacityTally] {
        Dictionary(
            uniqueKeysWithValues: Bucket.allCases.filter { self[$0] != .zero }.map { ($0.rawValue, self[$0]) }
        )
    }
}
