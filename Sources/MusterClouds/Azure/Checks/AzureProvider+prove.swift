public import MusterCore
import MusterRuntime

extension AzureProvider {
    public func prove(_ claim: IdentityClaim) async throws(Problem) -> ProvenIdentity {
        try await identity.prove(claim)
    }

    /// A document is held against the machine of the worker's name, and says nothing else that a launch knows.
    public func contradiction(between identity: ProvenIdentity, and launch: SentLaunch) -> String? { nil }

    /// What verifies attested documents: they name a machine by Azure's id of it, which Azure alone gives.
    static func identity(
        _ configuration: AzureConfiguration, _ api: AzureAPI, _ inventory: SharedLook<AzureInventory>
    ) -> AzureIdentity {
        AzureIdentity(
            subscriptions: [configuration.subscription], domains: configuration.endpoints.attestation
        ) {
            worker, group async throws(Problem) in
            // Names are used once: what was listed at any time is still so.
            let listed = inventory.last?.machines[worker.rawValue.lowercased()]
            do throws(CloudError) {
                var known = listed
                if known == nil { known = try await api.machine(worker.rawValue) }
                guard let machine = known else { return nil }
                let isOurs = machine.tag(AzureTags.deployment) == configuration.fleet
                return isOurs && machine.location == group.rawValue ? machine.properties?.vmId : nil
            } catch {
                throw Problem(.unavailable, "the machine \(worker) cannot be looked up: \(error)")
            }
        }
    }
}
