/// How a launch config's launches have gone lately: successes and failures that fade with time.
///
/// Both counts halve every half-life, so that two numbers and a time say all there is to know and an event
/// costs O(1).
public struct Health: Hashable, Sendable {
    /// Workers that registered, faded to `at`.
    public private(set) var successes: Double
    /// Instances asked for and not had, registrations that never came, errors reported; faded to `at`.
    public private(set) var failures: Double
    /// The moment that the counts are of.
    public private(set) var at: Timestamp

    /// Health of which nothing is known, or as it was stored.
    public init(successes: Double = 0, failures: Double = 0, at: Timestamp) {
        self.successes = successes
        self.failures = failures
        self.at = at
    }

    /// Counts `count` workers that registered.
    public mutating func succeed(_ count: Int = 1, at now: Timestamp) {
        fade(to: now)
        successes += Double(count)
    }

    /// Counts `count` failures with one cause; no more than five of them, so that one refused burst does not
    /// weigh as many separate ones.
    public mutating func fail(_ count: Int = 1, at now: Timestamp) {
        fade(to: now)
        failures += Double(min(count, DecisionPolicy.failuresPerCall))
    }

    /// Failures' part of all, from 0 to nearly 1. A prior keeps a single early failure from deciding.
    public func errorRatio(at now: Timestamp) -> Double {
        var faded = self
        faded.fade(to: now)
        return faded.failures / (faded.successes + faded.failures + DecisionPolicy.healthPrior)
    }

    /// Until when nothing is tried after the last failure, for a launch config of which most fails lately.
    ///
    /// Twice as long with each failure that is remembered: what fails at once must not be launched at once
    /// again, and never more seldom than every two minutes. Nil when it need not rest.
    public var restsUntil: Timestamp? {
        guard errorRatio(at: at) > DecisionPolicy.troubleRatio else { return nil }
        let doublings = min(failures, DecisionPolicy.restDoublings)
        let rest = DecisionPolicy.shortestRest * (1 / halving(doublings))
        return at + min(rest, DecisionPolicy.longestRest)
    }

    /// A clock that steps back fades nothing.
    private mutating func fade(to now: Timestamp) {
        guard now > at else { return }
        let factor = halving((now - at).inSeconds / DecisionPolicy.healthHalfLife.inSeconds)
        successes *= factor
        failures *= factor
        at = now
    }
}
