import MusterCore

/// A permission that the account needs in the project; the role in docs/operating/google.md has them all.
struct GooglePermission: Hashable, Sendable {
    var name: String
    /// What it is needed for, where it is not needed for everything.
    var purpose: String?

    static let all = [
        GooglePermission(name: "compute.disks.create"),
        GooglePermission(name: "compute.disks.setLabels"),
        GooglePermission(name: "compute.images.get", purpose: "to look at images before a launch"),
        GooglePermission(name: "compute.images.useReadOnly"),
        GooglePermission(name: "compute.instances.create"),
        GooglePermission(name: "compute.instances.delete"),
        GooglePermission(name: "compute.instances.get"),
        GooglePermission(name: "compute.instances.list"),
        GooglePermission(name: "compute.instances.setLabels"),
        GooglePermission(name: "compute.instances.setMetadata"),
        GooglePermission(name: "compute.instances.setServiceAccount"),
        GooglePermission(name: "compute.instances.setTags", purpose: "for launch configs with tags"),
        GooglePermission(name: "compute.machineTypes.get"),
        GooglePermission(name: "compute.projects.get"),
        GooglePermission(name: "compute.regionOperations.list"),
        GooglePermission(name: "compute.regions.get"),
        GooglePermission(name: "compute.regions.list"),
        GooglePermission(name: "compute.subnetworks.get"),
        GooglePermission(name: "compute.subnetworks.use"),
        GooglePermission(
            name: "compute.subnetworks.useExternalIp", purpose: "for instances with external addresses"),
        GooglePermission(name: "compute.zoneOperations.list"),
        GooglePermission(name: "compute.zones.get"),
    ]

    /// What is to be said of the account that has these.
    static func finding(granted: Set<String>) -> ProviderFinding {
        let missing = all.filter { !granted.contains($0.name) }
        guard !missing.isEmpty else {
            return ProviderFinding("permissions", .good, "all \(all.count) are granted")
        }
        let words = missing.map { $0.purpose == nil ? $0.name : "\($0.name) (\($0.purpose ?? ""))" }
        return ProviderFinding(
            "permissions", missing.contains { $0.purpose == nil } ? .bad : .warning,
            "missing in the project: \(words.joined(separator: ", "))",
            remedy: "Grant the role in docs/operating/google.md to the account.")
    }
}
