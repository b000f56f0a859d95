import MusterCore
import MusterRuntime

/// A launch as it is written down: one machine's description, and the names of all.
///
/// What differs from machine to machine follows from its name; what is secret is added when it is sent.
struct AzureCall: Codable, Hashable, Sendable {
    /// The provider, and the subscription and resource group that it is sent to; nil in what was written by a
    /// Muster that did not write them.
    var provider: ProviderID?
    var place: String?
    var launch: LaunchID
    var pool: PoolID
    var launchConfig: LaunchConfigID
    var capacity: Int
    var serviceURL: String
    var location: String
    /// The machines' names, which are those of their workers.
    var names: [WorkerID]
    var offering: String
    /// The scopes that errors of quota name.
    var scopes: AzureScopes
    var dataDisks: Int
    var isWindows: Bool
    var needsPassword: Bool
    /// The version of the compute API that the machine is written for.
    var version: String
    /// The machine without its name and without secrets.
    var machine: Document
    var tags: [String: String]

    /// Makes the call for an order.
    ///
    /// - Throws: the first problem with the order's content.
    init(_ order: LaunchOrder, _ configuration: AzureConfiguration) throws(Problem) {
        let (content, problems) = AzureContent.read(order.content)
        if let problem = problems.first { throw problem }
        (provider, place) = (configuration.id, configuration.place)
        launch = order.launchID
        pool = order.poolID
        launchConfig = order.launchConfigID
        capacity = order.capacityPerInstance
        serviceURL = order.serviceURL
        location = content.location
        names = (0..<max(0, order.count)).map(order.workerID)
        offering = content.offering.name
        scopes = AzureScopes(content)
        dataDisks = content.dataDisks
        isWindows = content.isWindows
        needsPassword = content.needsPassword
        version = configuration.computeVersion
        machine = AzureMachine.template(content)
        tags = AzureTags.joined(
            content.tags,
            [
                AzureTags.deployment: configuration.fleet, AzureTags.launch: order.launchID.rawValue,
                AzureTags.pool: order.poolID.rawValue, AzureTags.launchConfig: order.launchConfigID.rawValue,
            ])
    }

    /// Reads what `text` wrote; nil when this is no such call.
    init?(text: String) {
        guard let call = try? JSON.decode(AzureCall.self, from: Array(text.utf8)) else { return nil }
        self = call
    }

    /// The call as JSON with sorted names: equal calls give equal bytes.
    var text: String { String(decoding: JSON.encode(self), as: UTF8.self) }

    /// Why nothing can be sent or looked up for it here: what was sent to one place is in no other.
    func misplaced(at configuration: AzureConfiguration) -> CloudError? {
        guard let place, place != configuration.place else { return nil }
        return CloudError(
            .invalidConfig, cloudCode: "other-place",
            message: "the launch was written for \(place), and the provider is set to \(configuration.place)")
    }
}

/// What errors of quota may speak of.
struct AzureScopes: Codable, Hashable, Sendable {
    var family: String
    var cores: String
    var spot: String
    var addresses: String
    /// The subnet, where it is known.
    var subnet: String?

    init(_ content: AzureContent) {
        self.init(size: content.size, location: content.location)
        subnet = AzureOffering.subnet(content.subnetID)
    }

    /// Those that a machine shows by itself.
    init(size: String, location: String) {
        family = AzureOffering.family(size, location)
        cores = AzureOffering.cores(location)
        spot = AzureOffering.spot(location)
        addresses = AzureOffering.addresses(location)
    }
}
