/// How a launch config's launches have gone lately: successes and failures that fade with time, and how far it
/// is trusted for now.
///
/// Both counts halve every half-life, so that a few numbers say all there is to know and an event costs O(1).
///
///     trusted ── most fails ──▶ in trouble: one at a time, with rests ──▶ recovering: 1, 2, 4, ... ──▶ trusted
///     new beside others ──────────────────────────────────────────────▶ canary: the same from its first size
public struct Health: Hashable, Sendable {
    /// Workers that registered, faded to `at`.
    public private(set) var successes: Double
    /// Instances asked for and not had, registrations that never came, errors reported; faded to `at`.
    public private(set) var failures: Double
    /// The moment that the counts are of.
    public private(set) var at: Timestamp
    /// How many instances may be on their way at once; nil for as many as are wanted. It lapses as errors age:
    /// see `allowance(at:)`.
    public private(set) var allowance: Int?
    /// Whether it is new beside others, and nothing of it has come to work yet.
    public private(set) var isCanary: Bool
    /// When something was last launched under an allowance.
    public private(set) var triedAt: Timestamp?
    /// How many workers in a row ran, as their provider said, and never came to work.
    public internal(set) var silentInARow: Int

    /// Health of which nothing is known, or as it was stored.
    ///
    /// - Parameter isCanary: whether it is new beside others; then `allowance` says how large it may begin.
    public init(
        successes: Double = 0, failures: Double = 0, at: Timestamp, allowance: Int? = nil,
        isCanary: Bool = false, triedAt: Timestamp? = nil, silentInARow: Int = 0
    ) {
        self.successes = successes
        self.failures = failures
        self.at = at
        self.allowance = allowance
        self.isCanary = isCanary
        self.triedAt = triedAt
        self.silentInARow = silentInARow
    }

    /// Counts a worker that registered. Under an allowance it is a probe that succeeded: half of what is held
    /// against the launch config is forgiven, and one more may be on its way, so that each round has twice as many.
    mutating func succeed(at now: Timestamp) {
        fade(to: now)
        successes += 1
        let allowance = allowance(at: now)
        isCanary = false
        if allowance != nil { failures /= 2 }
        self.allowance = allowance.flatMap { $0 < DecisionPolicy.fullTrust ? $0 + 1 : nil }
    }

    /// Counts `count` failures with one cause; no more than five of them, so that one refused burst does not
    /// weigh as many separate ones. When most fails, or less than most does while it recovers, less is risked.
    mutating func fail(_ count: Int = 1, at now: Timestamp) {
        fade(to: now)
        let before = allowance(at: now)
        failures += Double(min(count, DecisionPolicy.failuresPerCall))
        allowance = isInTrouble ? 1 : before.map { max(1, $0 / 2) }
    }

    /// Notes that something is launched, if that matters.
    ///
    /// - Returns: whether anything has changed.
    public mutating func launch(at now: Timestamp) -> Bool {
        guard allowance(at: now) != nil else { return false }
        triedAt = now
        return true
    }

    /// A person says that it may be tried again: carefully, and without what was held against it.
    public mutating func resume(at now: Timestamp) {
        fade(to: now)
        failures = 0
        silentInARow = 0
        allowance = 1
        isCanary = true
        triedAt = nil
    }

    /// Failures' part of all, from 0 to nearly 1. A prior keeps a single early failure from deciding.
    public func errorRatio(at now: Timestamp) -> Double {
        guard failures > 0 else { return 0 }
        let factor = fading(to: now)
        return failures * factor / ((successes + failures) * factor + DecisionPolicy.healthPrior)
    }

    /// How many instances may be on their way at once now: what trouble has left lapses when nothing has happened
    /// for as long as errors take to age.
    public func allowance(at now: Timestamp) -> Int? {
        isCanary || now < at + DecisionPolicy.cautionLasts ? allowance : nil
    }

    private var isInTrouble: Bool { errorRatio(at: at) > DecisionPolicy.troubleRatio }

    /// Until when nothing is tried after the last failure, for a launch config of which most fails lately.
    ///
    /// Twice as long with each failure that is remembered: what fails at once must not be launched at once
    /// again, and never more seldom than every two minutes. Nil when it need not rest; a success ends the rest.
    public var restsUntil: Timestamp? {
        guard allowance == 1, isInTrouble else { return nil }
        let doublings = min(failures, DecisionPolicy.restDoublings)
        let rest = DecisionPolicy.shortestRest * (1 / halving(doublings))
        return at + min(rest, DecisionPolicy.longestRest)
    }

    /// How many more instances may be launched with so many on their way; nil for as many as are wanted.
    ///
    /// One that is on its way for long holds up the next for two minutes at the longest.
    public func headroom(inFlight: Int, at now: Timestamp) -> Headroom? {
        guard let allowance = allowance(at: now) else { return nil }
        if inFlight < allowance { return Headroom(instances: allowance - inFlight, until: nil) }
        guard let triedAt else { return Headroom(instances: 1, until: nil) }
        let next = triedAt + DecisionPolicy.longestRest
        return now >= next ? Headroom(instances: 1, until: nil) : Headroom(instances: 0, until: next)
    }

    /// What an allowance leaves.
    public struct Headroom: Hashable, Sendable {
        /// How many instances.
        public let instances: Int
        /// When there is more by time alone; nil when there is some now.
        public let until: Timestamp?
    }

    /// A clock that steps back fades nothing.
    private mutating func fade(to now: Timestamp) {
        guard now > at else { return }
        let factor = fading(to: now)
        successes *= factor
        failures *= factor
        at = now
    }

    /// What is left of a count by then.
    private func fading(to now: Timestamp) -> Double {
        guard now > at else { return 1 }
        return halving(Double(now.milliseconds - at.milliseconds) / DecisionPolicy.healthHalfLifeMilliseconds)
    }
}
