public import MusterCore

extension AzureProvider {
    public func prove(_ claim: IdentityClaim) async throws(Problem) -> ProvenIdentity {
        try TokenProof.prove(claim)
    }

    public func contradiction(between identity: ProvenIdentity, and launch: SentLaunch) -> String? { nil }
}
