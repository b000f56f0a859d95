public import MusterCore

/// A launch that may have been sent, as it is looked up.
public struct SentLaunch: Hashable, Sendable {
    /// Its id: the tag on its instances, and part of their names.
    public var id: LaunchID
    /// What `render` wrote, which says where it went.
    public var body: String
    /// When it was decided.
    public var plannedAt: Timestamp

    /// Makes a launch to look up.
    public init(id: LaunchID, body: String, plannedAt: Timestamp) {
        self.id = id
        self.body = body
        self.plannedAt = plannedAt
    }

    /// The same of a launch's row.
    public init(_ launch: Launch) {
        self.init(id: launch.id, body: launch.body, plannedAt: launch.plannedAt)
    }
}

/// What a complete look-up found of a launch.
public struct LaunchFinding: Sendable {
    /// Its instances, those that are gone included as far as the provider remembers them.
    public var instances: [Instance]
    /// What the provider says has failed of what was asked for.
    public var refusals: [LaunchRefusal]
    /// Whether the provider is still at it, so that more may come, or fail.
    public var isUnderWay: Bool

    /// Makes a finding.
    public init(instances: [Instance], refusals: [LaunchRefusal] = [], isUnderWay: Bool = false) {
        self.instances = instances
        self.refusals = refusals
        self.isUnderWay = isUnderWay
    }
}
