/// A pool as it stands: its definition and what people and Muster have decided about it since.
public struct Pool: Hashable, Sendable {
    /// What it should be; launch configs are rows of their own, so that this list is empty when stored.
    public var definition: PoolDefinition
    /// Whether nothing is launched for it.
    public var pause: Pause?
    /// Whether it has been deleted and only waits for its workers to go.
    public var isDeleted: Bool
    /// When it was first defined.
    public var createdAt: Timestamp
    /// When its definition last changed.
    public var modifiedAt: Timestamp

    /// Makes a pool.
    public init(
        definition: PoolDefinition, pause: Pause? = nil, isDeleted: Bool = false, createdAt: Timestamp,
        modifiedAt: Timestamp
    ) {
        self.definition = definition
        self.pause = pause
        self.isDeleted = isDeleted
        self.createdAt = createdAt
        self.modifiedAt = modifiedAt
    }

    /// Its name.
    public var id: PoolID { definition.id }
}

/// A stop that a person has ordered.
public struct Pause: Hashable, Sendable {
    /// When it ends by itself; nil until somebody resumes.
    public var until: Timestamp?
    /// Why, in a person's words.
    public var reason: String

    /// Makes a pause.
    public init(until: Timestamp? = nil, reason: String = "") {
        self.until = until
        self.reason = reason
    }

    /// Whether it still holds.
    public func holds(at now: Timestamp) -> Bool { until.map { now < $0 } ?? true }
}
