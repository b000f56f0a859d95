// A worker that a person made is no launch's, and its machine is nobody's here: it is told to finish, and gone as
// soon as it has. Nobody ends the machine, and its silence only means that it is not counted on.

extension LaunchID {
    /// Stands where a launch would: a person made the worker.
    public static let byHand = LaunchID(rawValue: "by-hand")
}

extension Worker {
    /// Whether a person made it, and no launch.
    public var isMadeByHand: Bool { launchID == .byHand }

    /// A worker that a person has just made.
    public static func madeByHand(
        _ key: WorkerKey, of config: LaunchConfigID, at provider: ProviderID, capacity: Int,
        endsAt: Timestamp?, now: Timestamp
    ) -> Worker {
        var worker = Worker(
            key: key, launchConfigID: config, launchID: .byHand, providerID: provider,
            instanceID: "\(key.poolID)/\(key.group)/\(key.id)", capacity: capacity, requestedAt: now)
        worker.endsAt = endsAt
        return worker
    }

    /// It proved who it is once more: whoever made it may start its program as often as they like.
    public mutating func registerAgain(at now: Timestamp, nonce: String?, expiresAt: Timestamp) -> Effect {
        guard isMadeByHand, state == .running else { return .none }
        registeredAt = now
        self.nonce = nonce
        self.expiresAt = expiresAt
        credentialsUsedAt = nil
        return contact(at: now)
    }

    /// What its deadlines say when a person made it.
    func verdictOfMadeByHand(_ lifecycle: Lifecycle, _ attendedSince: Timestamp, _ now: Timestamp) -> Verdict
    {
        switch state {
        case .stopped: return .wait(until: nil)
        case .stopping: return .end(stopReason ?? StopReason.retired)
        case .requested, .running: break
        }
        if let drain, claimed == 0 { return .end(drain) }
        if drain == nil, let endsAt, now >= endsAt { return .drain(StopReason.expired) }
        let end = drain == nil ? endsAt : nil
        guard state == .running, claimed == 0, suspectedAt == nil, lifecycle.claimsFromQueue else {
            return .wait(until: end)
        }
        let heard = max(contactedAt ?? registeredAt ?? requestedAt, attendedSince)
        let suspicion = heard + min(lifecycle.suspicionTimeout, lifecycle.queueInactivityTimeout)
        if now >= suspicion { return .suspect }
        return .wait(until: min(suspicion, end ?? suspicion))
    }
}
