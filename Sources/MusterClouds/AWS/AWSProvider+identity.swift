public import MusterCore

extension AWSProvider {
    /// Where settings name no account, the one that counts is asked of AWS once, and kept.
    public func prove(_ claim: IdentityClaim) async throws(Problem) -> ProvenIdentity {
        var own: String?
        if configuration.identity.accounts.isEmpty {
            do throws(CloudError) {
                own = try await place()
            } catch {
                throw Problem(
                    .unavailable, "the account that workers must be of cannot be told: \(error.description)")
            }
        }
        return try configuration.identity.prove(claim, own: own)
    }

    /// Account and region are compared with every proof; this is what is the launch's own.
    public func contradiction(between identity: ProvenIdentity, and launch: SentLaunch) -> String? {
        guard let body = AWSLaunchBody(text: launch.body) else { return nil }
        let facts = identity.facts
        if let region = facts["region"], region != body.region {
            return "it runs in \(region), and its launch was for \(body.region)"
        }
        if let zone = facts["zone"], let zones = body.zones, !zones.contains(zone) {
            return "it runs in \(zone), and its launch was for \(zones.sorted().joined(separator: ", "))"
        }
        if let image = facts["image"], let wanted = body.image, image != wanted, wanted.hasPrefix("ami-") {
            return "its image is \(image), and its launch's is \(wanted)"
        }
        let types = Set(body.offerings.map(\.type))
        if let type = facts["type"], !types.isEmpty, !types.contains(type) {
            return "its type is \(type), which its launch did not ask for"
        }
        return nil
    }
}
