/// How the fake behaves; a test may change it at any time.
public struct FakeGoogleSettings: Sendable {
    /// Its zones.
    public var zones = [
        "us-central1-a", "us-central1-b", "us-central1-c", "europe-west1-b", "europe-west1-c",
        "europe-west1-d",
    ]
    /// How long insertions take.
    public var insertTime: Duration = .milliseconds(50)
    /// How long deletions take.
    public var deleteTime: Duration = .milliseconds(50)
    /// How long a request id is remembered.
    public var requestIDTime: Duration = .seconds(60 * 60)
    /// How long operations are listed after they have ended.
    public var operationTime: Duration = .seconds(14 * 86_400)
    /// How long a token lasts, in seconds.
    public var tokenLifetime = 3_600

    /// What there is no room for: `n2-standard-4/us-central1-a`, or a zone.
    public var stockouts: Set<String> = []
    /// Whether errors of capacity come with details.
    public var stockoutsHaveDetails = true
    /// How many instances fit of a type in a zone (`n2-standard-4/us-central1-a`); any number of others.
    public var room: [String: Int] = [:]
    /// How many instances the project may have in a region.
    public var instanceQuota: [String: Int] = [:]
    /// Zones that answer nothing, and get no new instances of a region's.
    public var unreachable: Set<String> = []
    /// Zones whose operations cannot be read.
    public var unreadableOperations: Set<String> = []
    /// Reasons for which single insertions are refused, by the instance's name.
    public var refusedInsertions: [String: String] = [:]
    /// Names of instances that are made, without an answer ever coming that says so.
    public var unansweredInsertions: Set<String> = []
    /// Whether single insertions are refused that are sent again, as when the account has lost its role meanwhile.
    public var forbidsRepeats = false
    /// How many calls are taken in a minute of the clock; nil for any number.
    public var callsPerMinute: Int?
    /// The most entries of a page.
    public var pageSize = 500
    /// The page of an aggregated list from which on it fails, from 0.
    public var failingPage: Int?
    /// Whether lists of instances show what the filter does not fit.
    public var ignoresFilters = false
    /// Tokens that are not taken any more.
    public var withdrawnTokens = false
    /// Permissions that the account has not.
    public var missingPermissions: Set<String> = []
    /// What the clock of its answers is off.
    public var clockOffset: Duration = .zero
    /// Metrics that are nearly used up, of the first region.
    public var scarceQuotas: Set<String> = []

    /// How likely each of these is, for each call that it concerns.
    public var chances = Chances()

    /// Probabilities, from 0 to 1.
    public struct Chances: Sendable {
        /// The connection ends before anything is done.
        public var lostCalls = 0.0
        /// The connection ends after everything was done.
        public var lostAnswers = 0.0
        /// Half of the answer comes.
        public var halfAnswers = 0.0
        /// The answer comes after `lateTime`.
        public var lateAnswers = 0.0
        /// The call is refused for there being too many, with a time after which it may come again.
        public var throttled = 0.0
        /// The call is refused with status 503.
        public var unavailable = 0.0
        /// An instance is refused for want of room.
        public var stockouts = 0.0
        /// An instance goes away by itself when it has been made.
        public var preemptions = 0.0

        /// Nothing goes wrong.
        public init() {}
    }

    /// How late late answers are.
    public var lateTime: Duration = .milliseconds(200)

    /// A fake without faults.
    public init() {}
}
