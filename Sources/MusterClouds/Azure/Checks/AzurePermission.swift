/// What a role assignment allows, as `Microsoft.Authorization/permissions` lists it.
struct AzurePermission: Decodable, Hashable, Sendable {
    var actions: [String]
    var notActions: [String]?

    /// What Muster does, as docs/operating/azure.md gives it in a role.
    static let needed = [
        "Microsoft.Compute/virtualMachines/read", "Microsoft.Compute/virtualMachines/write",
        "Microsoft.Compute/virtualMachines/delete", "Microsoft.Compute/virtualMachines/instanceView/read",
        "Microsoft.Compute/disks/read", "Microsoft.Compute/disks/write", "Microsoft.Compute/disks/delete",
        "Microsoft.Network/networkInterfaces/read", "Microsoft.Network/networkInterfaces/write",
        "Microsoft.Network/networkInterfaces/delete", "Microsoft.Network/networkInterfaces/join/action",
        "Microsoft.Network/publicIPAddresses/read", "Microsoft.Network/publicIPAddresses/write",
        "Microsoft.Network/publicIPAddresses/delete", "Microsoft.Network/publicIPAddresses/join/action",
        "Microsoft.Resources/subscriptions/resourceGroups/read",
        "Microsoft.Resources/subscriptions/resourceGroups/resources/read",
    ]

    /// Whether it allows an action; what it takes away it does not.
    func allows(_ action: String) -> Bool {
        actions.contains { Self.matches($0, action) }
            && !(notActions ?? []).contains { Self.matches($0, action) }
    }

    /// Whether a pattern, in which `*` stands for anything, fits; case does not matter.
    static func matches(_ pattern: String, _ action: String) -> Bool {
        let parts = pattern.lowercased().split(separator: "*", omittingEmptySubsequences: false).map(
            String.init)
        var rest = Substring(action.lowercased())
        guard let first = parts.first, rest.hasPrefix(first) else { return false }
        guard parts.count > 1 else { return rest == first }
        rest = rest.dropFirst(first.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let range = rest.firstRange(of: part) else { return false }
            rest = rest[range.upperBound...]
        }
        return rest.hasSuffix(parts[parts.count - 1])
    }
}

/// How much of a quota is used.
struct AzureUsage: Decodable, Hashable, Sendable {
    struct Name: Decodable, Hashable, Sendable {
        var value: String
        var localizedValue: String?
    }

    var currentValue: Int64
    var limit: Int64
    var name: Name
}

/// A size of machines as a location has it.
struct AzureSKU: Decodable, Hashable, Sendable {
    struct Restriction: Decodable, Hashable, Sendable {
        struct Info: Decodable, Hashable, Sendable {
            var zones: [String]?
            var locations: [String]?
        }

        var type: String?
        var reasonCode: String?
        var restrictionInfo: Info?
    }

    struct Capability: Decodable, Hashable, Sendable {
        var name: String
        var value: String?
    }

    struct Place: Decodable, Hashable, Sendable {
        var location: String?
        var zones: [String]?
    }

    var resourceType: String?
    var name: String?
    var family: String?
    var locationInfo: [Place]?
    var capabilities: [Capability]?
    var restrictions: [Restriction]?

    func has(_ capability: String) -> Bool {
        capabilities?.contains { $0.name == capability && $0.value?.lowercased() == "true" } ?? false
    }
}
