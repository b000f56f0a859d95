/// What tells a launch from others, and where it belongs.
public struct LaunchReference: Hashable, Sendable {
    public let id: LaunchID
    public let poolID: PoolID
    public let providerID: ProviderID
    public let plannedAt: Timestamp

    /// Makes a reference.
    public init(id: LaunchID, poolID: PoolID, providerID: ProviderID, plannedAt: Timestamp) {
        self.id = id
        self.poolID = poolID
        self.providerID = providerID
        self.plannedAt = plannedAt
    }

    /// That of a launch.
    public init(_ launch: Launch) {
        self.init(
            id: launch.id, poolID: launch.poolID, providerID: launch.providerID, plannedAt: launch.plannedAt)
    }
}
