//              register, or runs            retire                    gone
//   requested ───────────────▶ running ───────────────▶ stopping ───────────────▶ stopped
//       │                         │                          ▲                       ▲
//       │ retire                  │ gone                     │ overdue: stays here,  │
//       ├─────────────────────────│──────────────────────────┘ counted apart         │
//       └─────────────────────────┴──────────────────────────────────────────────────┘
//                       gone (whatever it was doing)
//
//   Within requested and running a worker may be told to drain (once, for good), and within running it may
//   be suspected and trusted again. An event that does not fit the state changes nothing and says so.

extension Worker {
    /// What an event did to a worker.
    public enum Effect: Hashable, Sendable {
        /// It did not fit the state.
        case none
        /// Something changed that nobody else needs to know of.
        case noted
        /// It changed, and this is the event to publish.
        case became(EventType)
    }

    /// The provider says that its instance is there.
    public mutating func see(startedAt: Timestamp?) -> Effect {
        guard state != .stopped else { return .none }
        let wasMissed = missedSince != nil
        missedSince = nil
        guard self.startedAt == nil, let startedAt else { return wasMissed ? .noted : .none }
        self.startedAt = startedAt
        return .noted
    }

    /// A complete listing lacked its instance; gone when one still does some time later.
    public mutating func miss(at now: Timestamp) -> Effect {
        guard state != .stopped, missedSince == nil else { return .none }
        missedSince = now
        return .noted
    }

    /// It proved who it is.
    public mutating func register(at now: Timestamp, nonce: String?, expiresAt: Timestamp) -> Effect {
        guard state == .requested else { return .none }
        state = .running
        registeredAt = now
        self.nonce = nonce
        self.expiresAt = expiresAt
        idleSince = now
        return .became(.workerRunning)
    }

    /// It runs, as its provider says, and need not register to count.
    public mutating func countAsRunning(at now: Timestamp) -> Effect {
        guard state == .requested, drain == nil else { return .none }
        state = .running
        return .became(.workerRunning)
    }

    /// It used its credentials for the first time.
    public mutating func useCredentials(at now: Timestamp) -> Effect {
        guard state != .stopped, credentialsUsedAt == nil else { return .none }
        credentialsUsedAt = now
        return .noted
    }

    /// It called: whoever calls is there.
    public mutating func contact(at now: Timestamp) -> Effect {
        guard state != .stopped else { return .none }
        contactedAt = max(contactedAt ?? now, now)
        guard suspectedAt != nil else { return .noted }
        suspectedAt = nil
        return .became(.workerTrusted)
    }

    /// It has been silent for too long. One that holds a claim is never suspected.
    public mutating func suspect(at now: Timestamp) -> Effect {
        guard state == .running, suspectedAt == nil, claimed == 0 else { return .none }
        suspectedAt = now
        return .became(.workerSuspected)
    }

    /// It is to finish what it has and take no more.
    public mutating func drain(because reason: String) -> Effect {
        guard state == .requested || state == .running, drain == nil else { return .none }
        drain = reason
        return .became(.workerDraining)
    }

    /// Its instance is to be ended.
    public mutating func retire(because reason: String, at now: Timestamp) -> Effect {
        guard state == .requested || state == .running else { return .none }
        state = .stopping
        stoppingAt = now
        stopReason = reason
        return .became(.workerStopping)
    }

    /// The provider was asked to end it.
    public mutating func terminationSent(at now: Timestamp) -> Effect {
        guard state == .stopping else { return .none }
        terminationSentAt = now
        return .noted
    }

    /// It should have been gone by now.
    public mutating func becomeOverdue() -> Effect {
        guard state == .stopping, !isOverdue else { return .none }
        isOverdue = true
        return .became(.workerOverdue)
    }

    /// Its instance is gone.
    public mutating func gone(at now: Timestamp, because detail: String) -> Effect {
        guard state != .stopped else { return .none }
        state = .stopped
        stoppedAt = now
        stopReason = stopReason ?? detail
        suspectedAt = nil
        return .became(.workerStopped)
    }
}
