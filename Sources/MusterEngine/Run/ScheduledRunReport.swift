public import MusterCore

/// What a scheduled run came to.
public struct ScheduledRunReport: Codable, Sendable {
    /// When it began.
    public var startedAt: Timestamp
    /// When it was done.
    public var finishedAt: Timestamp
    /// The pools, by name.
    public var pools: [Pool] = []
    /// How many launches have not settled: the next run looks them up.
    public var unsettled = 0
    /// How many events were delivered.
    public var events = 0
    /// What failed.
    public var problems: [Fault] = []

    /// Makes a report of nothing yet.
    public init(startedAt: Timestamp) {
        self.startedAt = startedAt
        finishedAt = startedAt
    }

    /// What became of a pool.
    public struct Pool: Codable, Sendable {
        /// What was decided.
        public var plan: PlanDocument
        /// Who works on the pool instead, so that nothing of it was done.
        public var heldBy: String?

        init(_ plan: PlanDocument, heldBy: String?) {
            self.plan = plan
            self.heldBy = heldBy
        }
    }

    /// A part that failed.
    public struct Fault: Codable, Sendable {
        /// Which part, such as `reconcile:aws`.
        public var part: String
        /// The problem's stable code.
        public var code: String
        /// A sentence for a person.
        public var message: String

        init(part: String, _ error: any Error) {
            self.part = part
            switch error {
            case let problem as Problem:
                code = problem.code.rawValue
                message = problem.message
            case let cloud as CloudError:
                code = cloud.label
                message = cloud.message
            default:
                code = ProblemCode.internalError.rawValue
                message = "\(error)"
            }
        }
    }
}
