/// A worker, from the moment its instance was asked for until it is gone.
public struct Worker: Hashable, Sendable {
    /// Where it is on its way; see `Worker+StateMachine.swift`.
    public enum State: String, CaseIterable, Codable, Sendable {
        case requested, running, stopping, stopped
    }

    /// Its name.
    public var key: WorkerKey
    /// What it was launched from.
    public var launchConfigID: LaunchConfigID
    /// The launch that asked for it.
    public var launchID: LaunchID
    /// Where it runs.
    public var providerID: ProviderID
    /// The provider's name for its instance.
    public var instanceID: String
    /// How many tasks it runs at once.
    public var capacity: Int
    /// How many it holds.
    public var claimed = 0

    /// Where it is on its way.
    public package(set) var state = State.requested
    /// Why it gets no more tasks.
    public package(set) var drain: String?
    /// Since when it has been silent for too long.
    public package(set) var suspectedAt: Timestamp?
    /// Until when a person keeps it from work.
    public package(set) var quarantinedUntil: Timestamp?
    /// Whether it should have been gone by now.
    public package(set) var isOverdue = false

    /// When it was asked for.
    public var requestedAt: Timestamp
    /// When its instance started, as far as the provider says.
    public package(set) var startedAt: Timestamp?
    /// When it proved who it is.
    public package(set) var registeredAt: Timestamp?
    /// What binds its registration to it.
    public package(set) var nonce: String?
    /// When its credentials end.
    public package(set) var expiresAt: Timestamp?
    /// When its credentials were first used; from then on its registration is not answered again.
    public package(set) var credentialsUsedAt: Timestamp?
    /// When it last called.
    public var contactedAt: Timestamp?
    /// Since when it has held no claim.
    public var idleSince: Timestamp?
    /// When it was decided to end it.
    public package(set) var stoppingAt: Timestamp?
    /// Why it was ended, or how it went.
    public package(set) var stopReason: String?
    /// When the provider was last asked to end it.
    public package(set) var terminationSentAt: Timestamp?
    /// Since when every listing has lacked it that should have it.
    public package(set) var missedSince: Timestamp?
    /// When the person who made it wants it to end; nil for never, and for all that was launched.
    public var endsAt: Timestamp?
    /// When it was gone.
    public package(set) var stoppedAt: Timestamp?

    /// A worker that has just been asked for.
    public init(
        key: WorkerKey, launchConfigID: LaunchConfigID, launchID: LaunchID, providerID: ProviderID,
        instanceID: String, capacity: Int, requestedAt: Timestamp
    ) {
        self.key = key
        self.launchConfigID = launchConfigID
        self.launchID = launchID
        self.providerID = providerID
        self.instanceID = instanceID
        self.capacity = capacity
        self.requestedAt = requestedAt
    }

    /// The bucket in which it is counted. Draining comes before quarantined, that before suspected, and
    /// that before running.
    public var bucket: Bucket {
        switch state {
        case .stopped: .stopped
        case .stopping: isOverdue ? .overdue : .stopping
        case .requested: drain == nil ? .requested : .draining
        case .running:
            if drain != nil {
                .draining
            } else if quarantinedUntil != nil {
                .quarantined
            } else {
                suspectedAt == nil ? .running : .suspected
            }
        }
    }

    /// Whether the queue gives it tasks. A suspected worker that asks is there after all.
    public var takesWork: Bool {
        state == .running && drain == nil && quarantinedUntil == nil
    }
}
