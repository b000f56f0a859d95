import MusterCore
import MusterHTTP

/// The machines of the resource group, by one paged list.
struct AzureInventory: Sendable {
    /// This fleet's machines, by their names in small letters: Azure compares names without case.
    var machines: [String: ListedMachine] = [:]
    /// Names of machines that are not this fleet's.
    var strangers: Set<String> = []

    /// Reads all pages.
    static func read(_ api: AzureAPI) async throws(CloudError) -> AzureInventory {
        let listed = try await api.pages(
            ListedMachine.self, AzureRequest(kind: .list, method: .get, url: api.paths.machines))
        var inventory = AzureInventory()
        for machine in listed {
            let name = machine.name.lowercased()
            if machine.tag(AzureTags.deployment) == api.configuration.fleet {
                inventory.machines[name] = machine
            } else {
                inventory.strangers.insert(name)
            }
        }
        return inventory
    }

    /// The names of all machines.
    var names: Set<String> { strangers.union(machines.keys) }
}
