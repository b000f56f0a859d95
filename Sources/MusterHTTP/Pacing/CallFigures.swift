/// What became of the calls of one kind since the start.
public struct CallFigures: Codable, Hashable, Sendable {
    /// The kind.
    public var kind: CallKind
    /// Calls that are over: successes and failures together.
    public var calls = 0
    /// Calls that were answered as they should be.
    public var successes = 0
    /// The others by what they failed of: a verdict's label, `status-503`, `throttled`, or a problem's code.
    public var failures: [String: Int] = [:]
    /// Requests that were sent.
    public var attempts = 0
    /// Those among them that were not a call's first.
    public var retries = 0
    /// Answers that said that there were too many calls.
    public var throttled = 0
    /// Calls in line for their turn, now.
    public var waiting = 0
    /// Requests whose answer is not there, now.
    public var inFlight = 0
    /// Tokens in the bucket, now; below 0 when a call took more than it holds; nil when they are not counted.
    public var tokens: Double?
    /// The part of the rate that is in use, now: below 1 after what was throttled.
    public var pace = 1.0
    /// Seconds for which nothing is sent, from now.
    public var pauseSeconds = 0.0
    /// How long requests took, from sending to the answer or the failure.
    public var latency = LatencyHistogram()
    /// How long calls stood in line before each request.
    public var wait = LatencyHistogram()
    /// What the cloud has said last of what is left, by the name under which it was noted.
    public var notes: [String: Double] = [:]

    /// Figures of a kind that was never called.
    public init(_ kind: CallKind) { self.kind = kind }

    /// Notes how a call ended: nil for a success, else what it failed of.
    mutating func end(_ failure: String?) {
        calls += 1
        guard let failure else { return successes += 1 }
        // Labels come from what clouds answer: they must not grow without bound.
        let isKnown = failures[failure] != nil || failures.count < HTTPPolicy.failureLabels
        failures[isKnown ? failure : Self.otherFailure, default: 0] += 1
    }

    /// The label of failures that came when there were too many labels.
    public static let otherFailure = "other"
}
