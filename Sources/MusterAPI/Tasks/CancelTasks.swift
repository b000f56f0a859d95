public import MusterCore

/// Tasks that nobody wants any more: those named, or all of a worker pool or of one tenant in it that are not
/// over.
public enum CancelTasksRequest: Encodable, Sendable {
    case tasks([TaskID])
    case all(of: PoolID, tenant: Tenant? = nil, continuationToken: String? = nil)

    private enum Field: String, CodingKey {
        case taskIds, workerPoolId, tenant, continuationToken
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Field.self)
        switch self {
        case .tasks(let ids): try container.encode(ids, forKey: .taskIds)
        case .all(let pool, let tenant, let token):
            try container.encode(pool, forKey: .workerPoolId)
            try container.encodeIfPresent(tenant, forKey: .tenant)
            try container.encodeIfPresent(token, forKey: .continuationToken)
        }
    }

    /// Reads and checks a request as it came.
    ///
    /// - Throws: everything that is wrong with it.
    public init(_ document: Document) throws(Problems) {
        let reader = DocumentReader(document)
        let ids = reader.strings("taskIds", limit: QueuePolicy.tasksPerSubmission)
        let pool = reader.identifier("workerPoolId", PoolID.self)
        let tenant = reader.identifier("tenant", Tenant.self)
        let token = reader.string("continuationToken", limit: 64)
        if reader.has("taskIds") == reader.has("workerPoolId") {
            reader.refuse("taskIds", "or workerPoolId must be given, and not both")
        }
        if reader.has("taskIds"), reader.has("tenant") || reader.has("continuationToken") {
            reader.refuse("taskIds", "cannot be given with tenant or continuationToken")
        }
        var tasks: [TaskID] = []
        for (index, id) in (ids ?? []).enumerated() {
            do {
                tasks.append(try TaskID(validating: id))
            } catch {
                reader.refuse("taskIds[\(index)]", error.message)
            }
        }
        try reader.finish()
        self = pool.map { .all(of: $0, tenant: tenant, continuationToken: token) } ?? .tasks(tasks)
    }
}

/// What came of cancelling tasks.
public struct CancelTasksAnswer: Codable, Sendable {
    /// How many were cancelled: those that were over already do not count.
    public var cancelled: Int
    /// What to ask with for the rest; absent when there is none.
    public var continuationToken: String?

    /// Makes an answer.
    public init(cancelled: Int, continuationToken: String? = nil) {
        self.cancelled = cancelled
        self.continuationToken = continuationToken
    }
}
