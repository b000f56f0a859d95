/// A launch config as it stands.
public struct LaunchConfig: Hashable, Sendable {
    /// The pool that it belongs to.
    public var poolID: PoolID
    /// What it launches, and how.
    public var definition: LaunchConfigDefinition
    /// Whether nothing is launched from it.
    public var pause: Pause?
    /// Why Muster stopped launching from it, until a person resumes it.
    public var suspension: String?
    /// When it left the pool's definition.
    public var archivedAt: Timestamp?
    /// How its launches have gone lately.
    public var health: Health
    /// How long its workers take to come.
    public var boots = BootStatistics()
    /// When it was first defined.
    public var createdAt: Timestamp
    /// When it last changed.
    public var modifiedAt: Timestamp

    /// Makes a launch config that has just been defined.
    public init(poolID: PoolID, definition: LaunchConfigDefinition, createdAt: Timestamp) {
        self.poolID = poolID
        self.definition = definition
        health = Health(at: createdAt)
        self.createdAt = createdAt
        modifiedAt = createdAt
    }

    /// Its name.
    public var id: LaunchConfigID { definition.id }
}
