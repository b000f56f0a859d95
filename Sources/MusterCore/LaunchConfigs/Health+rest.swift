extension Health {
    /// Until when it is not tried after a failure while others can launch: a minute at first, and twice as long after
    /// each try that fails. Nil when it need not rest; a try that succeeds ends the rest.
    public var restsUntil: Timestamp? {
        guard allowance == 1, setbacks > 0, let failedAt else { return nil }
        let rest =
            DecisionPolicy.firstRest * (1 / halving(min(Double(setbacks - 1), DecisionPolicy.restDoublings)))
        return failedAt + min(rest, DecisionPolicy.longestRest)
    }

    /// Until when it is not tried after a failure even where nothing else can be launched: a fraction of a second,
    /// twice as long with each failure that is remembered, and never longer than two minutes.
    public var restsAloneUntil: Timestamp? {
        guard let restsUntil, let failedAt else { return nil }
        let doublings = min(failures, DecisionPolicy.restDoublings)
        let rest = DecisionPolicy.shortestRest * (1 / halving(doublings))
        return min(restsUntil, failedAt + min(rest, DecisionPolicy.longestRestAlone))
    }

    /// Whether something has been launched under an allowance since it failed the last time, of which nobody knows yet
    /// what becomes.
    var isAnswerOpen: Bool {
        guard let triedAt else { return false }
        return failedAt.map { triedAt >= $0 } ?? true
    }

    /// How many more instances may be launched with so many on their way; nil for as many as are wanted.
    ///
    /// What proves itself by instances waits for the cloud's answer, and what does so by workers for those that are on
    /// their way: two minutes at the longest.
    public func headroom(inFlight: Int, at now: Timestamp) -> Headroom? {
        guard let allowance = allowance(at: now) else { return nil }
        if isProvenByInstances {
            guard isAnswerOpen else { return Headroom(instances: allowance, until: nil) }
        } else if inFlight < allowance {
            return Headroom(instances: allowance - inFlight, until: nil)
        }
        guard let triedAt else { return Headroom(instances: 1, until: nil) }
        let next = triedAt + DecisionPolicy.longestWait
        return now >= next ? Headroom(instances: 1, until: nil) : Headroom(instances: 0, until: next)
    }

    /// What an allowance leaves.
    public struct Headroom: Hashable, Sendable {
        /// How many instances.
        public let instances: Int
        /// When there is more by time alone; nil when there is some now.
        public let until: Timestamp?
    }
}
