/// How a launch config's launches have gone lately: successes and failures that fade with time, and how far it
/// is trusted for now.
///
/// Both counts halve every half-life, so that a few numbers say all there is to know and an event costs O(1).
///
///     trusted ── too much fails ──▶ in trouble: one try, and a rest ──▶ recovering: 1, 2, 4, ... ──▶ trusted
///                                          ▲── anything fails ────────────────┘
///     new beside others ──▶ canary: 1, 2, 4, ... from its first size, proven by workers that come to work
public struct Health: Hashable, Sendable {
    /// Workers that registered, faded to `at`.
    public private(set) var successes: Double
    /// Instances asked for and not had, registrations that never came, errors reported; faded to `at`.
    public private(set) var failures: Double
    /// The moment that the counts are of.
    public private(set) var at: Timestamp
    /// How many instances may be tried at once; nil for as many as are wanted. It lapses as errors age: see
    /// `allowance(at:)`.
    public private(set) var allowance: Int?
    /// Whether it is new beside others, and nothing of it has come to work yet.
    public private(set) var isCanary: Bool
    /// When something was last launched under an allowance; nil when the cloud has answered since, where its answer is
    /// what matters.
    public private(set) var triedAt: Timestamp?
    /// How many tries have failed, none of them more than two hours after the one before.
    public private(set) var setbacks: Int
    /// When something last failed under an allowance: it rests from then on.
    public private(set) var failedAt: Timestamp?
    /// How many workers in a row ran, as their provider said, and never came to work.
    public internal(set) var silentInARow: Int

    /// Health of which nothing is known, or as it was stored.
    ///
    /// - Parameter isCanary: whether it is new beside others; then `allowance` says how large it may begin.
    public init(
        successes: Double = 0, failures: Double = 0, at: Timestamp, allowance: Int? = nil,
        isCanary: Bool = false, triedAt: Timestamp? = nil, setbacks: Int = 0, failedAt: Timestamp? = nil,
        silentInARow: Int = 0
    ) {
        self.successes = successes
        self.failures = failures
        self.at = at
        self.allowance = allowance
        self.isCanary = isCanary
        self.triedAt = triedAt
        self.setbacks = setbacks
        self.failedAt = failedAt
        self.silentInARow = silentInARow
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
        setbacks = 0
        failedAt = nil
    }

    /// Failures' part of all, from 0 to nearly 1. A prior keeps a single early failure from deciding.
    public func errorRatio(at now: Timestamp) -> Double {
        guard failures > 0 else { return 0 }
        let factor = fading(to: now)
        return failures * factor / ((successes + failures) * factor + DecisionPolicy.healthPrior)
    }

    /// How many instances may be tried at once now.
    ///
    /// After a proof it doubles with time as long as nothing fails, and what trouble has left lapses when nothing has
    /// happened for as long as errors take to age.
    public func allowance(at now: Timestamp) -> Int? {
        guard let allowance else { return nil }
        let age = now.milliseconds - at.milliseconds
        guard isCanary || age < DecisionPolicy.cautionLastsMilliseconds else { return nil }
        guard allowance > 1, age > 0, isProvenByInstances else { return allowance }
        let late = allowance == 2 ? DecisionPolicy.doublingsForLuck : 0
        let quiet = max(0, Double(age) / DecisionPolicy.quietDoublingMilliseconds - late)
        let grown = Int(Double(allowance) / halving(quiet))
        return grown > DecisionPolicy.fullTrust ? nil : grown
    }

    /// Whether an instance that the cloud gives proves that the trouble is over: it is refusals then. Where instances
    /// were given all along, or the image is new, only a worker that comes is a proof.
    var isProvenByInstances: Bool { setbacks > 0 && !isCanary && silentInARow == 0 }

    private var isInTrouble: Bool { errorRatio(at: at) > DecisionPolicy.troubleRatio }
}

extension Health {
    /// Counts a worker that registered.
    mutating func succeed(at now: Timestamp) {
        fade(to: now)
        successes += 1
        if !isProvenByInstances { prove(1, at: now) }
        isCanary = false
    }

    /// Counts instances that the cloud gave.
    mutating func obtain(_ count: Int, at now: Timestamp) {
        guard count > 0, isProvenByInstances, allowance(at: now) != nil else { return }
        fade(to: now)
        triedAt = nil
        prove(count, at: now)
    }

    /// So many probes have succeeded: half of what is held against the launch config is forgiven for each, and one
    /// more may be tried for each, so that each round has twice as many.
    private mutating func prove(_ count: Int, at now: Timestamp) {
        guard let allowance = allowance(at: now) else { return restoreTrust() }
        failures *= halving(Double(count))
        self.allowance = allowance + count
        if allowance + count > DecisionPolicy.fullTrust { restoreTrust() }
    }

    private mutating func restoreTrust() {
        // Its setbacks are remembered for a while: what fails again and again rests long at once.
        allowance = nil
        triedAt = nil
    }

    /// Counts `count` failures with one cause; no more than five of them, so that one refused burst does not
    /// weigh as many separate ones.
    ///
    /// When too much fails, or anything does while it recovers, it begins anew with one and rests; a canary of
    /// which little fails risks half.
    mutating func fail(_ count: Int = 1, at now: Timestamp) {
        fade(to: now)
        let before = allowance(at: now)
        if let last = failedAt, now >= last + DecisionPolicy.cautionLasts {
            setbacks = 0
            failedAt = nil
        }
        failures += Double(min(count, DecisionPolicy.failuresPerCall))
        guard isInTrouble || (before != nil && setbacks > 0) else {
            allowance = before.map { max(1, $0 / 2) }
            return
        }
        // What was asked for before it failed the last time tells nothing new.
        if before == nil || setbacks == 0 || isAnswerOpen {
            setbacks = min(setbacks + 1, DecisionPolicy.mostSetbacks)
        }
        if isProvenByInstances { triedAt = nil }
        allowance = 1
        failedAt = now
    }

    /// A clock that steps back fades nothing.
    private mutating func fade(to now: Timestamp) {
        guard now > at else { return }
        allowance = allowance(at: now)
        let factor = fading(to: now)
        successes *= factor
        failures *= factor
        at = now
    }

    /// What is left of a count by then.
    func fading(to now: Timestamp) -> Double {
        guard now > at else { return 1 }
        return halving(Double(now.milliseconds - at.milliseconds) / DecisionPolicy.healthHalfLifeMilliseconds)
    }
}
