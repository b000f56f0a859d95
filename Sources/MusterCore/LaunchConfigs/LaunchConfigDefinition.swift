/// SHA-256 of bytes; handed in, since the domain does no cryptography of its own.
public typealias ContentDigest = @Sendable ([UInt8]) -> [UInt8]

/// One way to launch workers for a pool.
public struct LaunchConfigDefinition: Hashable, Sendable {
    /// Its name within the pool.
    public var id: LaunchConfigID
    /// What the cloud sees. Immutable: other content is another launch config.
    public var content: Document
    /// What only Muster sees. May change in place.
    public var settings: LaunchConfigSettings

    /// Makes a definition.
    public init(id: LaunchConfigID, content: Document, settings: LaunchConfigSettings) {
        self.id = id
        self.content = content
        self.settings = settings
    }
}

/// What may be changed about a launch config without making another one of it.
public struct LaunchConfigSettings: Hashable, Sendable {
    /// How many tasks an instance runs at once.
    public var capacityPerInstance: Int
    /// The weight without errors, 0 to 1; 0 switches the launch config off.
    public var initialWeight: Double
    /// The most capacity that the pool may have of it; nil for no bound but the pool's.
    public var maxCapacity: Int?
    /// How many instances a new one may have on their way at first; 0 for as many as are wanted, nil for the usual.
    public var canary: Int?

    /// Makes settings.
    public init(
        capacityPerInstance: Int = 1, initialWeight: Double = 1, maxCapacity: Int? = nil, canary: Int? = nil
    ) {
        self.capacityPerInstance = capacityPerInstance
        self.initialWeight = initialWeight
        self.maxCapacity = maxCapacity
        self.canary = canary
    }
}
