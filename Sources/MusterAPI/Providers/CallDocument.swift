/// What became of a provider's calls of one kind since the service began, and how they stand now.
public struct CallDocument: Codable, Hashable, Sendable {
    /// The region, zone or location; the cloud's own word for all of them where it has none.
    public var region: String
    /// What is called, as finely as the cloud counts it.
    public var name: String
    /// Calls that are over.
    public var calls: Int
    /// Those among them that failed, by what they failed of.
    public var failures: [String: Int]
    /// Requests that were sent, and those among them that were not a call's first.
    public var attempts: Int
    public var retries: Int
    /// Answers that said that there were too many calls.
    public var throttled: Int
    /// Calls in line for their turn, and requests without an answer yet.
    public var waiting: Int
    public var inFlight: Int
    /// What is left of the calls that may be made at once; absent where nobody counts them.
    public var tokens: Double?
    /// The part of the usual rate that is in use: below 1 after what was throttled.
    public var pace: Double
    /// For how long nothing of the kind is sent, from now.
    public var pauseSeconds: Double
    /// Within how long half of the requests were answered or had failed, and nineteen of twenty; absent without any.
    public var medianSeconds: Double?
    public var slowSeconds: Double?
    /// What the cloud last said is left, by its own name for it.
    public var remaining: [String: Double]

    /// Makes a document of a kind that was never called.
    public init(region: String, name: String) {
        self.region = region
        self.name = name
        calls = 0
        failures = [:]
        attempts = 0
        retries = 0
        throttled = 0
        waiting = 0
        inFlight = 0
        pace = 1
        pauseSeconds = 0
        remaining = [:]
    }
}
