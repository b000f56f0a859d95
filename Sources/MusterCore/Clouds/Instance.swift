/// A machine, container or process as its provider sees it.
public struct Instance: Hashable, Sendable {
    /// What the provider says of it.
    public enum State: String, Hashable, Codable, Sendable {
        /// Asked for; not running yet.
        case pending
        /// Running, as far as the provider knows.
        case running
        /// On its way out.
        case stopping
        /// No longer there.
        case gone
    }

    /// The provider's own name for it, unique within the provider.
    public var id: String
    /// The launch whose tag it carries.
    public var launchID: LaunchID
    /// Where it runs.
    public var group: WorkerGroup
    /// The name under which its worker registers.
    public var workerID: WorkerID
    /// What the provider says of it.
    public var state: State
    /// When it started.
    public var startedAt: Timestamp?
    /// Why it is gone, as far as the provider knows ("exit code 1").
    public var detail: String?
    /// Which of its launch config's offerings it is, where the provider says so.
    public var offering: String?

    /// Makes an instance.
    public init(
        id: String, launchID: LaunchID, group: WorkerGroup, workerID: WorkerID, state: State,
        startedAt: Timestamp? = nil, detail: String? = nil,
        offering: String? = nil
    ) {
        self.id = id
        self.launchID = launchID
        self.group = group
        self.workerID = workerID
        self.state = state
        self.startedAt = startedAt
        self.detail = detail
        self.offering = offering
    }
}
