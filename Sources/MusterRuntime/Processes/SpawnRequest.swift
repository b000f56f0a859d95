/// A process to be started.
///
/// The child gets exactly what is named here: this environment, these descriptors, the default signal mask
/// and dispositions.
public struct SpawnRequest: Sendable {
    /// Which process group the child is in.
    public enum Group: Hashable, Sendable {
        /// Its parent's.
        case inherited
        /// One of its own, in its parent's session; the group's id is the child's.
        case ownGroup
        /// One of its own in a session of its own; both have the child's id.
        case ownSession
    }

    /// The program's absolute path; it becomes the first word of the command line too.
    public var executable: String
    /// The command line after its first word.
    public var arguments: [String]
    /// The whole environment.
    public var environment: [String: String]
    /// The working folder; nil is the parent's.
    public var folder: String?
    /// The child's descriptors: the one at index n becomes its descriptor n. Everything else is closed.
    public var descriptors: [OwnedDescriptor]
    /// Which process group it is in.
    public var group: Group
    /// Whether what is left of its own group when it ends is killed, before the group's id can be given to
    /// another. Of no effect for an inherited group.
    public var killsGroupAtExit: Bool

    /// Makes a request.
    public init(
        executable: String, arguments: [String] = [], environment: [String: String] = [:],
        folder: String? = nil, descriptors: [OwnedDescriptor], group: Group = .ownGroup,
        killsGroupAtExit: Bool = false
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.folder = folder
        self.descriptors = descriptors
        self.group = group
        self.killsGroupAtExit = killsGroupAtExit
    }
}
