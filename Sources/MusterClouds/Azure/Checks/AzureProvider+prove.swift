public import MusterCore

extension AzureProvider {
    public func prove(_ claim: IdentityClaim) async throws(Problem) -> ProvenIdentity {
        try await identity.prove(claim)
    }

    /// A document is held against the machine of the worker's name, and says nothing else that a launch knows.
    public func contradiction(between identity: ProvenIdentity, and launch: SentLaunch) -> String? { nil }
}
