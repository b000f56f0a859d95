import MusterCore

/// A resource as the list of all kinds shows it.
struct ListedResource: Decodable, Hashable, Sendable {
    var id: String
    var type: String
    var tags: [String: String]?
    var managedBy: String?
}

/// A part of a machine.
struct MachinePart: Hashable, Sendable {
    /// What it is.
    enum Kind: String, Hashable, Sendable {
        case interface = "microsoft.network/networkinterfaces"
        case disk = "microsoft.compute/disks"
        case address = "microsoft.network/publicipaddresses"

        /// An address cannot go before the interface that has it.
        var rank: Int { self == .address ? 1 : 0 }

        var version: String { self == .disk ? AzurePaths.disks : AzurePaths.network }

        fileprivate var path: String {
            switch self {
            case .interface: "Microsoft.Network/networkInterfaces"
            case .disk: "Microsoft.Compute/disks"
            case .address: "Microsoft.Network/publicIPAddresses"
            }
        }
    }

    var id: String
    var kind: Kind
    /// The machine that it was made for, in small letters.
    var machine: String
    /// Whether it has this fleet's tag; without it its name alone says whose it is.
    var isTagged = false
    /// Whether it says that it is attached to something.
    var isAttached = false

    /// A part by its name.
    init(_ name: String, _ kind: Kind, of machine: WorkerID, in group: String) {
        id = "\(group)/providers/\(kind.path)/\(name)"
        self.kind = kind
        self.machine = machine.rawValue.lowercased()
    }

    /// A part as it is listed; nil for what is none, what is another fleet's, and what says of no machine.
    init?(_ resource: ListedResource, of fleet: String, in group: String) {
        guard let kind = Kind(rawValue: resource.type.lowercased()),
            AzureContent.isResource(resource.id, type: String(kind.rawValue.split(separator: "/")[1])),
            resource.id.lowercased().hasPrefix(group.lowercased() + "/")
        else { return nil }
        let owner = AzureTags.value(AzureTags.deployment, in: resource.tags)
        guard owner == fleet || owner == nil else { return nil }
        let machine =
            owner == nil
            ? AzurePartName.machine(AzureText.name(ofID: resource.id), kind)
            : AzureTags.value(AzureTags.worker, in: resource.tags)?.lowercased()
        guard let machine else { return nil }
        (id, isTagged) = (resource.id, owner != nil)
        (self.kind, self.machine) = (kind, machine)
        isAttached = resource.managedBy.map { !$0.isEmpty } ?? false
    }

    /// All that a machine may have, by the names that they are made with.
    static func all(of machine: WorkerID, dataDisks: Int, in group: String) -> [MachinePart] {
        let disks =
            [AzurePartName.systemDisk(machine)] + (0..<dataDisks).map { AzurePartName.dataDisk(machine, $0) }
        return [MachinePart(AzurePartName.interface(machine), .interface, of: machine, in: group)]
            + disks.map { MachinePart($0, .disk, of: machine, in: group) }
            + [MachinePart(AzurePartName.address(machine), .address, of: machine, in: group)]
    }
}
