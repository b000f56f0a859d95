public import MusterCore

extension GoogleProvider {
    public func prove(_ claim: IdentityClaim) async throws(Problem) -> ProvenIdentity {
        throw Problem(.registrationRefused, "not yet")
    }
    public func contradiction(between identity: ProvenIdentity, and launch: SentLaunch) -> String? { nil }
}
