/// How many calls of a kind a cloud takes.
public struct CallRate: Codable, Hashable, Sendable {
    /// As many at once, after a rest.
    public var burst: Double
    /// So many more in each second.
    public var perSecond: Double

    /// A rate; one that is not above 0 lets nothing pass.
    public init(burst: Double, perSecond: Double) {
        self.burst = burst
        self.perSecond = perSecond
    }
}

/// What a call may cost in time and tries.
public struct CallPolicy: Hashable, Sendable {
    /// How many calls of the kind may be sent; nil where the cloud publishes none: then only what it refuses
    /// slows calls down.
    public var rate: CallRate?
    /// In all: from `send` to its end, with all waits and attempts.
    public var deadline: Duration
    /// How often it is sent at most; 1 never repeats.
    public var attempts: Int
    /// Whether sending it twice does what sending it once does, although its method does not say so: a question
    /// asked by POST, or a launch with an idempotency token.
    public var isRepeatable: Bool

    /// A policy; calls by POST and PATCH are not repeated after a network failure unless `isRepeatable` says so.
    public init(
        rate: CallRate? = nil, deadline: Duration = HTTPPolicy.pacedDeadline,
        attempts: Int = HTTPPolicy.attempts, isRepeatable: Bool = false
    ) {
        self.rate = rate
        self.deadline = deadline
        self.attempts = attempts
        self.isRepeatable = isRepeatable
    }
}
