import MusterCore

/// Azure's own ids of machines, which attested documents name.
struct AzureMachineIDs: Sendable {
    let api: AzureAPI
    let inventory: SharedReading<AzureInventory>

    /// The id of a worker's machine; nil where there is none of this fleet.
    func id(of worker: WorkerID, in group: WorkerGroup) async throws(Problem) -> String? {
        // Names are used once: what was listed at any time is still so.
        var known = inventory.last?.machines[worker.rawValue.lowercased()]
        do throws(CloudError) {
            if known == nil { known = try await api.machine(worker.rawValue) }
        } catch {
            throw Problem(.unavailable, "the machine \(worker) cannot be looked up: \(error)")
        }
        guard let machine = known, machine.tag(AzureTags.deployment) == api.configuration.fleet,
            machine.location == group.rawValue
        else { return nil }
        return machine.properties?.vmId
    }
}
