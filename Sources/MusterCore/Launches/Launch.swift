/// One request to a provider for a number of instances of one launch config.
public struct Launch: Hashable, Sendable {
    /// Where it is on its way; see `Launch+StateMachine.swift`.
    public enum State: String, CaseIterable, Codable, Sendable {
        case planned, settled, abandoned
    }

    /// Its name, written before the call; the call's idempotency token.
    public var id: LaunchID
    /// The pool that it is for.
    public var poolID: PoolID
    /// The launch config that it follows.
    public var launchConfigID: LaunchConfigID
    /// Where it goes.
    public var providerID: ProviderID
    /// How many instances it asks for.
    public var count: Int
    /// How many tasks each of them runs at once.
    public var capacityPerInstance: Int
    /// The rendered call: a repeat sends these bytes.
    public var body: String
    /// The epoch of the pool's lease under which it was decided.
    public var epoch: Int64
    /// When it was decided.
    public var plannedAt: Timestamp

    /// Where it is on its way. Planned already means: may have been sent.
    public package(set) var state = State.planned
    /// When the call was last sent.
    public package(set) var sentAt: Timestamp?
    /// How often it was sent.
    public package(set) var attempts = 0
    /// How many instances came, as far as is known: while it is planned, those whose workers are recorded.
    public package(set) var obtained = 0
    /// What failed, when something did.
    public package(set) var error: CloudError?
    /// When it was known what came of it.
    public package(set) var settledAt: Timestamp?

    /// A launch that has just been decided.
    public init(
        id: LaunchID, poolID: PoolID, launchConfigID: LaunchConfigID, providerID: ProviderID, count: Int,
        capacityPerInstance: Int, body: String, epoch: Int64, plannedAt: Timestamp
    ) {
        self.id = id
        self.poolID = poolID
        self.launchConfigID = launchConfigID
        self.providerID = providerID
        self.count = count
        self.capacityPerInstance = capacityPerInstance
        self.body = body
        self.epoch = epoch
        self.plannedAt = plannedAt
    }
}
