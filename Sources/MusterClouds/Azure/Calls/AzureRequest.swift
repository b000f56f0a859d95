import MusterCore
import MusterHTTP

/// A call of the resource manager.
struct AzureRequest: Sendable {
    /// What is counted together, as Microsoft does.
    enum Kind: String, Sendable {
        case change = "virtual-machine-changes"
        case get = "virtual-machine-gets"
        case list = "virtual-machine-lists"
        case operation = "operations"
        case query = "resource-graph"
        case parts = "parts"
        case read = "reads"

        var rate: CallRate {
            switch self {
            case .change: CloudPolicy.azureChanges
            case .get: CloudPolicy.azureGets
            case .list: CloudPolicy.azureLists
            case .operation: CloudPolicy.azureOperations
            case .query: CloudPolicy.azureQueries
            case .parts, .read: CloudPolicy.azureReads
            }
        }
    }

    var kind: Kind
    var method: HTTPMethod
    /// With the version of the API, and below the resource manager's address.
    var url: String
    /// Where the bucket is; the resource manager's own where a call has no place.
    var location = "global"
    var headers: [(name: String, value: String)] = []
    var body: [UInt8]?
    var deadline: Duration = CloudPolicy.azureCallDeadline
    var isRepeatable = false
}

/// Where things are.
struct AzurePaths: Sendable {
    let configuration: AzureConfiguration

    static let resources = "2021-04-01"
    static let graph = "2022-10-01"
    static let permissions = "2022-04-01"
    static let network = "2023-09-01"
    static let disks = "2024-03-02"
    static let skus = "2021-07-01"

    private var base: String { configuration.endpoints.management }
    private var version: String { Self.version(configuration.computeVersion) }
    private static func version(_ version: String) -> String { "api-version=\(version)" }
    private var subscriptionPath: String { "/subscriptions/\(AzureText.encoded(configuration.subscription))" }
    /// The resource group, as ids have it.
    var groupPath: String {
        "\(subscriptionPath)/resourceGroups/\(AzureText.encoded(configuration.resourceGroup))"
    }

    var subscription: String { "\(base)\(subscriptionPath)?api-version=2022-12-01" }
    var group: String { "\(base)\(groupPath)?api-version=\(Self.resources)" }
    var groupPermissions: String {
        "\(base)\(groupPath)/providers/Microsoft.Authorization/permissions?api-version=\(Self.permissions)"
    }
    var machines: String { "\(base)\(groupPath)/providers/Microsoft.Compute/virtualMachines?\(version)" }
    var graph: String { "\(base)/providers/Microsoft.ResourceGraph/resources?api-version=\(Self.graph)" }

    func machine(
        _ name: String, suffix: String = "", query: String = "", version: String? = nil
    ) -> String {
        let place =
            "\(base)\(groupPath)/providers/Microsoft.Compute/virtualMachines/\(AzureText.encoded(name))"
        return "\(place)\(suffix)?\(Self.version(version ?? configuration.computeVersion))\(query)"
    }

    /// Everything in the resource group. Not by a filter of the tag's name and value: of what that finds Azure
    /// shows no tags, and so not whose it is.
    var everything: String { "\(base)\(groupPath)/resources?\(Self.version(Self.resources))" }

    /// A resource by its id.
    func resource(_ id: String, version: String) -> String { "\(base)\(id)?api-version=\(version)" }

    func usages(_ location: String) -> String {
        "\(base)\(subscriptionPath)/providers/Microsoft.Compute/locations/\(location)/usages?\(version)"
    }
    func sizes(_ location: String) -> String {
        let filter = AzureText.encoded("location eq '\(location)'")
        return
            "\(base)\(subscriptionPath)/providers/Microsoft.Compute/skus?$filter=\(filter)&api-version=\(Self.skus)"
    }
    func image(_ publisher: String, _ offer: String, _ sku: String, in location: String) -> String {
        let parts = [publisher, "artifacttypes/vmimage/offers", offer, "skus", sku, "versions"]
        let path = parts.map { $0.contains("/") ? $0 : AzureText.encoded($0) }.joined(separator: "/")
        return
            "\(base)\(subscriptionPath)/providers/Microsoft.Compute/locations/\(location)/publishers/\(path)?$top=1&\(version)"
    }
}
