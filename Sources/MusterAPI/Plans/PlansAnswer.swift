public import MusterCore

/// A plan as it is kept: with how long the passes have decided so.
public struct StoredPlanDocument: Codable, Sendable {
    /// When it was first decided.
    public var first: Timestamp
    /// When it was last written down.
    public var last: Timestamp
    /// How often it has been written down.
    public var repeats: Int
    /// The plan, as it was last decided.
    public var plan: PlanDocument

    /// Makes a document.
    public init(first: Timestamp, last: Timestamp, repeats: Int, plan: PlanDocument) {
        self.first = first
        self.last = last
        self.repeats = repeats
        self.plan = plan
    }
}

/// A page of a worker pool's plans, newest first; each differs from the one before it.
public struct PlansAnswer: PagedAnswer {
    public var plans: [StoredPlanDocument]
    public var continuationToken: String?

    public var elements: [StoredPlanDocument] { plans }

    public init(elements: [StoredPlanDocument], continuationToken: String?) {
        plans = elements
        self.continuationToken = continuationToken
    }
}
