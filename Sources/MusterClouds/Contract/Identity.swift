public import MusterCore
public import MusterRuntime

/// What a worker shows to prove which instance it runs on.
public struct IdentityClaim: Sendable {
    /// The name that it gives itself.
    public var worker: WorkerID
    /// Where it says that it runs.
    public var group: WorkerGroup
    /// Its proof, as it came.
    public var proof: Document
    /// The moment at which the proof must hold.
    public var at: Timestamp
    /// Where workers reach this Muster: what proofs for somebody in particular must be for.
    public var audience: String
    /// The one-time token of the worker of this name, where its launch has one.
    public var registrationToken: Secret<String>?
    /// Whether a text is the secret that a person gave the worker of this name, where one did; takes the same time
    /// for every text.
    public var isOwnSecret: (@Sendable (String) -> Bool)?

    /// Makes a claim.
    public init(
        worker: WorkerID, group: WorkerGroup, proof: Document, at: Timestamp, audience: String,
        registrationToken: Secret<String>? = nil, isOwnSecret: (@Sendable (String) -> Bool)? = nil
    ) {
        self.worker = worker
        self.group = group
        self.proof = proof
        self.at = at
        self.audience = audience
        self.registrationToken = registrationToken
        self.isOwnSecret = isOwnSecret
    }
}

/// What a proof has shown.
public struct ProvenIdentity: Hashable, Sendable {
    /// The worker, whose name is the instance's, or belongs to it.
    public var worker: WorkerID
    /// What else the provider vouches for, by name, such as `image`, `type`, `zone`, `account`.
    public var facts: [String: String]

    /// Makes an identity.
    public init(worker: WorkerID, facts: [String: String] = [:]) {
        self.worker = worker
        self.facts = facts
    }
}
