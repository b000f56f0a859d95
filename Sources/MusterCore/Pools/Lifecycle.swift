/// The times that a pool gives its workers. All are seconds in a pool's definition.
public struct Lifecycle: Hashable, Sendable {
    /// Whether instances count as workers once they register, or once they run.
    public var registration = Registration.required
    /// Whether workers take their tasks from Muster's own queue, so that their silence means something.
    public var claimsFromQueue = true
    /// How long an instance that does not register must have run, as its provider says, to count as running.
    public var runningAfter: Duration = .seconds(60)
    /// From asking the cloud to seeing an instance.
    public var launchTimeout: Duration = .seconds(5 * 60)
    /// From the instance's start to its worker's registration.
    public var registrationTimeout: Duration = .seconds(15 * 60)
    /// From registration to the first claim.
    public var firstContactTimeout: Duration = .seconds(5 * 60)
    /// Silence after which a worker is no longer counted on. A long poll lasts 30 s, so that three of them
    /// are missed by then.
    public var suspicionTimeout: Duration = .seconds(2 * 60)
    /// Silence after which a worker is ended.
    public var queueInactivityTimeout: Duration = .seconds(2 * 60 * 60)
    /// How long the credentials of a registered worker last.
    public var reregistrationTimeout: Duration = .seconds(96 * 60 * 60)
    /// How long a worker lives at most; nil for as long as its credentials.
    public var maximumLifetime: Duration?
    /// How long a worker that is not needed is kept all the same.
    public var idleTimeout: Duration = .seconds(2 * 60)
    /// From the decision to end a worker to the moment when it is overdue.
    public var stoppingTimeout: Duration = .seconds(10 * 60)
    /// How long a claim lasts unless it is renewed.
    public var claimTimeout: Duration = .seconds(2 * 60)

    /// The default times.
    public init() {}

    /// What makes an instance a worker.
    public enum Registration: String, CaseIterable, Codable, Sendable {
        /// It registers with Muster.
        case required
        /// Its provider lists it as running: nobody need be there for it to call.
        case none
    }
}
