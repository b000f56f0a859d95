import MusterCore

/// A virtual machine as lists and gets show it; whatever else they say is left alone.
struct ListedMachine: Decodable, Hashable, Sendable {
    struct Properties: Decodable, Hashable, Sendable {
        struct Hardware: Decodable, Hashable, Sendable {
            var vmSize: String?
        }

        var vmId: String?
        var provisioningState: String?
        var timeCreated: String?
        var priority: String?
        var hardwareProfile: Hardware?
        var instanceView: InstanceView?
    }

    var id: String
    var name: String
    var location: String
    var tags: [String: String]?
    var zones: [String]?
    var properties: Properties?

    /// What the resource manager is doing with it.
    enum Provisioning: Hashable, Sendable {
        case creating, updating, succeeded, failed, deleting
    }

    var provisioning: Provisioning {
        switch properties?.provisioningState?.lowercased() ?? "" {
        case "creating", "accepted": .creating
        case "failed", "canceled": .failed
        case "deleting": .deleting
        case "updating", "migrating": .updating
        default: .succeeded
        }
    }

    func tag(_ name: String) -> String? { AzureTags.value(name, in: tags) }

    var createdAt: Timestamp? { AzureText.moment(properties?.timeCreated) }

    var isSpot: Bool {
        let priority = properties?.priority?.lowercased()
        return priority == "spot" || priority == "low"
    }

    var offering: String? {
        properties?.hardwareProfile?.vmSize.map {
            AzureOffering.name(isSpot: isSpot, size: $0, location: location, zone: zones?.first)
        }
    }
}

/// What a machine does.
struct InstanceView: Decodable, Hashable, Sendable {
    struct Status: Decodable, Hashable, Sendable {
        var code: String?
        var message: String?
        var displayStatus: String?
        var time: String?
    }

    var statuses: [Status]?

    /// "running", "deallocated" and the like.
    var power: String? {
        statuses?.compactMap(\.code).first { $0.lowercased().hasPrefix("powerstate/") }.map {
            String($0.dropFirst(11)).lowercased()
        }
    }

    /// The error of a machine that was not made, from `ProvisioningState/failed/CODE`.
    var failure: AzureErrorBody? {
        for status in statuses ?? [] {
            let parts = (status.code ?? "").split(separator: "/")
            guard parts.count >= 2, parts[0].lowercased() == "provisioningstate",
                parts[1].lowercased() == "failed"
            else {
                continue
            }
            return AzureErrorBody(
                code: parts.count > 2 ? String(parts[2]) : "ProvisioningFailed",
                message: status.message ?? status.displayStatus ?? "")
        }
        return nil
    }
}
