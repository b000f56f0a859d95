extension Worker {
    /// What a worker's deadlines say.
    public enum Verdict: Hashable, Sendable {
        /// Nothing for now; look again then, or never.
        case wait(until: Timestamp?)
        /// It has been silent for too long to be counted on.
        case suspect
        /// It should finish what it has and take no more.
        case drain(String)
        /// End its instance. `countsAsFailure` when its launch config is to blame.
        case retire(String, countsAsFailure: Bool)
        /// It has nothing left to do and no instance of anybody's: it is gone.
        case end(String)
        /// Ask the provider again to end it.
        case terminateAgain
        /// It should have been gone by now.
        case overdue
    }

    /// Judges the worker by its pool's times.
    ///
    /// - Parameter attendedSince: since when Muster has been there to be contacted. Deadlines do not run
    ///   before that: after an outage of Muster's they start again.
    public func verdict(_ lifecycle: Lifecycle, attendedSince: Timestamp, now: Timestamp) -> Verdict {
        if isMadeByHand { return verdictOfMadeByHand(lifecycle, attendedSince, now) }
        switch state {
        case .requested: return verdictOfRequested(lifecycle, attendedSince, now)
        case .running: return verdictOfRunning(lifecycle, attendedSince, now)
        case .stopping: return verdictOfStopping(lifecycle, attendedSince, now)
        case .stopped: return .wait(until: nil)
        }
    }

    /// When somebody has to look at its deadlines next: now when there is something to do; nil for never.
    public func nextLook(_ lifecycle: Lifecycle, at now: Timestamp) -> Timestamp? {
        // As if Muster had always been there: a look that comes too soon sets the next.
        let verdict = verdict(lifecycle, attendedSince: Timestamp(milliseconds: .min), now: now)
        guard case .wait(let until) = verdict else { return now }
        return until
    }

    private func verdictOfRequested(
        _ lifecycle: Lifecycle, _ attendedSince: Timestamp, _ now: Timestamp
    ) -> Verdict {
        if let drain { return .retire(drain, countsAsFailure: false) }
        let deadline: Timestamp
        if let startedAt {
            // Whether it goes on running is for its provider to say.
            guard lifecycle.registration == .required else { return .wait(until: nil) }
            deadline = max(startedAt, attendedSince) + lifecycle.registrationTimeout
        } else {
            deadline = max(requestedAt, attendedSince) + lifecycle.launchTimeout
        }
        guard now >= deadline else { return .wait(until: deadline) }
        let reason = startedAt == nil ? StopReason.noInstance : StopReason.noRegistration
        return .retire(reason, countsAsFailure: true)
    }

    private func verdictOfRunning(
        _ lifecycle: Lifecycle, _ attendedSince: Timestamp, _ now: Timestamp
    ) -> Verdict {
        if let drain, isFree(lifecycle) { return .retire(drain, countsAsFailure: false) }
        if drain == nil, let end = endOfWork(lifecycle), now >= end {
            return .drain(StopReason.lifetime)
        }
        // Its claims are leases of their own: as long as one lives, so does the worker.
        if claimed > 0 { return .wait(until: drain == nil ? endOfWork(lifecycle) : nil) }

        guard lifecycle.claimsFromQueue else { return .wait(until: endOfWork(lifecycle)) }
        let registered = registeredAt ?? requestedAt
        let heard = max(contactedAt ?? registered, attendedSince)
        let patience = contactedAt == nil ? lifecycle.firstContactTimeout : lifecycle.queueInactivityTimeout
        if now >= heard + patience {
            let reason = contactedAt == nil ? StopReason.noContact : StopReason.silence
            return .retire(reason, countsAsFailure: contactedAt == nil)
        }
        let suspicion = heard + min(lifecycle.suspicionTimeout, patience)
        if suspectedAt == nil, now >= suspicion { return .suspect }
        let next = suspectedAt == nil ? suspicion : heard + patience
        return .wait(until: min(next, endOfWork(lifecycle) ?? next))
    }

    /// Whether it has nothing left to finish. Of one that takes its tasks elsewhere only its idleness tells; at
    /// the end of its life it goes all the same.
    private func isFree(_ lifecycle: Lifecycle) -> Bool {
        guard claimed == 0 else { return false }
        return lifecycle.claimsFromQueue || idleSince != nil || drain == StopReason.lifetime
    }

    private func verdictOfStopping(
        _ lifecycle: Lifecycle, _ attendedSince: Timestamp, _ now: Timestamp
    ) -> Verdict {
        let deadline = max(stoppingAt ?? requestedAt, attendedSince) + lifecycle.stoppingTimeout
        if !isOverdue, now >= deadline { return .overdue }
        let again = terminationSentAt.map { $0 + DecisionPolicy.terminationRepeat } ?? now
        if now >= again { return .terminateAgain }
        return .wait(until: isOverdue ? again : min(again, deadline))
    }

    /// When it should take no more work: its life's end, or so long before its credentials' end that what it
    /// holds can still be finished and reported.
    private func endOfWork(_ lifecycle: Lifecycle) -> Timestamp? {
        let life = lifecycle.maximumLifetime.map { (startedAt ?? requestedAt) + $0 }
        let credentials = expiresAt.map {
            $0 - min(DecisionPolicy.drainBeforeExpiry, lifecycle.reregistrationTimeout / 4)
        }
        return [life, credentials].compactMap(\.self).min()
    }
}

/// Why workers are ended; also what `should-terminate` answers.
public enum StopReason {
    public static let noInstance = "no instance within the launch timeout"
    public static let noRegistration = "did not register in time"
    public static let noContact = "registered, but never asked for work"
    public static let silence = "silent for too long"
    public static let lifetime = "at the end of its life"
    public static let idle = "idle and not needed"
    public static let archived = "launch config archived"
    public static let poolDeleted = "worker pool deleted"
    public static let exitedUnregistered = "ended before it registered"
    public static let exited = "its instance ended"
    public static let missing = "its instance is gone"
    public static let retired = "retired by an operator"
    public static let removed = "removed by an operator"
    public static let expired = "at the end that was set for it"
    public static let forgotten = "its provider was forgotten by an operator"
    public static let abandoned = "its launch was abandoned"
}
