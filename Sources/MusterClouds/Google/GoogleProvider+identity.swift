public import MusterCore

extension GoogleProvider {
    /// By the identity token that the instance's metadata server gave it for this Muster.
    public func prove(_ claim: IdentityClaim) async throws(Problem) -> ProvenIdentity {
        try await identity.prove(claim)
    }

    /// A token names the instance and its zone, which say what its launch may have made.
    public func contradiction(between identity: ProvenIdentity, and launch: SentLaunch) -> String? {
        guard let call = GoogleLaunch(text: launch.body), call.id == launch.id else {
            return "the launch is none of this provider's"
        }
        if let name = identity.facts["name"], !call.names.contains(name) {
            return "the instance is called \(name), and no instance of the launch is"
        }
        guard let zone = identity.facts["zone"] else { return nil }
        if let wanted = call.content.zone {
            return zone == wanted ? nil : "the instance is in \(zone), and the launch was for \(wanted)"
        }
        return GoogleAddress.region(ofZone: zone) == call.content.region
            ? nil : "the instance is in \(zone), and the launch was for \(call.content.region)"
    }
}
