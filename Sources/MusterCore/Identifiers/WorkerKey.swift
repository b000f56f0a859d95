/// The full name of a worker.
public struct WorkerKey: Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
    /// The pool it belongs to.
    public var poolID: PoolID
    /// Where it runs.
    public var group: WorkerGroup
    /// Its name there.
    public var id: WorkerID

    /// Makes a name from its parts.
    public init(poolID: PoolID, group: WorkerGroup, id: WorkerID) {
        self.poolID = poolID
        self.group = group
        self.id = id
    }

    private enum CodingKeys: String, CodingKey {
        case poolID = "workerPoolId"
        case group = "workerGroup"
        case id = "workerId"
    }

    /// `owner/name/group/id`, as scopes and subjects of events write it.
    public var description: String { "\(poolID)/\(group)/\(id)" }

    public static func < (left: WorkerKey, right: WorkerKey) -> Bool {
        (left.poolID, left.group, left.id) < (right.poolID, right.group, right.id)
    }
}
