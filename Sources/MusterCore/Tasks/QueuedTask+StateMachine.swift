//                claim                        end: completed
//   pending ───────────────▶ running ─────────────────────────▶ completed
//    │   ▲                    │  │ │ end: failed
//    │   │ end, worth another │  │ └────────────────────────────▶ failed
//    │   │ try, retries left  │  │ end, not worth one, or none left
//    │   └────────────────────┘  └──────────────────────────────▶ exception
//    │            cancel or deadline                                 ▲
//    └───────────────────────────────────────────────────────────────┘
//
//   Each claim is a run of its own: whoever speaks of an earlier run is told that its claim is lost.

extension QueuedTask {
    /// What an event did to a task.
    public enum Effect: Hashable, Sendable {
        /// It did not fit the state.
        case none
        /// It is pending again, as the next run.
        case retried
        /// It is over.
        case resolved
    }

    /// A worker takes it until `end`. False when it is not there to be taken.
    public mutating func claim(by holder: TaskHolder, until end: Timestamp, at now: Timestamp) -> Bool {
        guard state == .pending else { return false }
        state = .running
        self.holder = holder
        startedAt = now
        takenUntil = end
        reservedAt = nil
        return true
    }

    /// Its holder keeps it until `end`. False when the claim is lost.
    public mutating func renew(run: Int, by holder: TaskHolder, until end: Timestamp) -> Bool {
        guard isHeld(run: run, by: holder) else { return false }
        takenUntil = max(takenUntil ?? end, end)
        return true
    }

    /// Its current run is over.
    ///
    /// What is worth another try becomes pending again as long as retries are left.
    public mutating func end(_ resolution: Resolution, because reason: RunReason, at now: Timestamp) -> Effect
    {
        guard state == .running else { return .none }
        if resolution == .exception, reason.isWorthRetrying, retriesLeft > 0, now < deadlineAt {
            state = .pending
            runID += 1
            retriesLeft -= 1
            leaveWorker()
            return .retried
        }
        resolve(State(resolution), reason, now)
        return .resolved
    }

    /// Nobody wants it any more.
    public mutating func cancel(at now: Timestamp) -> Effect {
        guard state == .pending || state == .running else { return .none }
        resolve(.exception, .cancelled, now)
        return .resolved
    }

    /// Its deadline has passed.
    public mutating func passDeadline(at now: Timestamp) -> Effect {
        guard state == .pending || state == .running, now >= deadlineAt else { return .none }
        resolve(.exception, .deadlineExceeded, now)
        return .resolved
    }

    /// Whether `holder` holds this run of it.
    public func isHeld(run: Int, by holder: TaskHolder) -> Bool {
        state == .running && runID == run && self.holder == holder
    }

    private mutating func resolve(_ state: State, _ reason: RunReason, _ now: Timestamp) {
        self.state = state
        self.reason = reason
        resolvedAt = now
        reservedAt = nil
        leaveWorker()
    }

    private mutating func leaveWorker() {
        holder = nil
        startedAt = nil
        takenUntil = nil
        holdsSlots = false
    }
}

extension QueuedTask.State {
    init(_ resolution: Resolution) {
        switch resolution {
        case .completed: self = .completed
        case .failed: self = .failed
        case .exception: self = .exception
        }
    }

    /// The event that tells of this end.
    public var event: EventType? {
        switch self {
        case .completed: .taskCompleted
        case .failed: .taskFailed
        case .exception: .taskException
        case .pending, .running: nil
        }
    }
}
