extension Launch {
    /// What to do with a launch that is still planned when somebody finds it.
    public enum Recovery: Hashable, Sendable {
        /// Its call may still be on its way, or its instances not listed yet: look again then.
        case wait(until: Timestamp)
        /// Its instances exist: record them.
        case adopt
        /// Nothing came of it, and the cloud would still know a repeat: send the same bytes.
        case sendAgain
        /// Nothing came of it, and a repeat could launch twice, or has been tried often enough.
        case abandon
    }

    /// Decides from a complete look-up that found `found` instances, gone ones included.
    ///
    /// - Parameters:
    ///   - quietAfter: how long after the last sending an instance may still be missing from a look-up.
    ///   - repeatWindow: how long after planning a repeat is sure to be recognised.
    public func recovery(
        found: Int, quietAfter: Duration, repeatWindow: Duration, now: Timestamp
    ) -> Recovery {
        let quiet = (sentAt ?? plannedAt) + quietAfter
        if found < count, now < quiet { return .wait(until: quiet) }
        if found > 0 { return .adopt }
        guard now < plannedAt + repeatWindow, attempts < DecisionPolicy.launchAttempts else {
            return .abandon
        }
        return .sendAgain
    }
}
