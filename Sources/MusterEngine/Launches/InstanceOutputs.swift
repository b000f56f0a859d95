import MusterClouds
import MusterCore

/// Where a person finds what instances have written, as their providers say.
struct InstanceOutputs: Sendable {
    private let providers: [ProviderID: any CloudProvider]

    init(_ providers: [ProviderID: any CloudProvider]) { self.providers = providers }

    /// A path or an address; nil where the provider has none.
    func output(of worker: Worker) -> String? {
        providers[worker.providerID]?.output(of: worker.instanceID, in: worker.key.group)
    }
}
