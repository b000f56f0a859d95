extension Launch {
    /// What to do with a launch that is still planned when somebody finds it.
    public enum Recovery: Hashable, Sendable {
        /// Its call may still be on its way, or its instances not listed yet: look again then.
        case wait(until: Timestamp)
        /// It is known what came of it, or will not be known better: record that.
        case adopt
        /// Nothing came of it, and the cloud would still know a repeat: send the same bytes.
        case sendAgain
        /// Nothing came of it, and a repeat could launch twice, or has been tried often enough.
        case abandon
    }

    /// Decides from a complete look-up.
    ///
    /// - Parameters:
    ///   - found: how many of its instances there are, gone ones included.
    ///   - refused: of how many the provider says that they failed.
    ///   - isUnderWay: whether the provider is still at it. One that never says how it ended is not waited for
    ///     for ever: what is there then is recorded.
    ///   - quietAfter: how long after the last sending an instance may still be missing from a look-up.
    ///   - repeatWindow: how long after planning a repeat is sure to be recognised.
    public func recovery(
        found: Int, refused: Int, isUnderWay: Bool, quietAfter: Duration, repeatWindow: Duration,
        now: Timestamp
    ) -> Recovery {
        let sent = sentAt ?? plannedAt
        let end = sent + max(quietAfter, DecisionPolicy.longestUnderWay)
        if isUnderWay, now < end { return .wait(until: end) }
        let quiet = sent + quietAfter
        if found + refused < count, now < quiet { return .wait(until: quiet) }
        if found + refused > 0 { return .adopt }
        guard !isUnderWay, now < plannedAt + repeatWindow, attempts < DecisionPolicy.launchAttempts else {
            return .abandon
        }
        return .sendAgain
    }
}
