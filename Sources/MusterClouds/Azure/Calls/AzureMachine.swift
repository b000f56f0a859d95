import MusterCore
import MusterCrypto
import MusterRuntime

/// A virtual machine as the body of the call that makes it, with all its parts.
enum AzureMachine {
    /// The API of the network that makes the interface.
    private static let networkVersion = "2022-11-01"
    private static let delete = Document.string("Delete")

    /// What all machines of a launch have in common.
    static func template(_ content: AzureContent) -> Document {
        var properties = Document(.object(content.properties))
        if content.isSpot {
            properties = properties.with([
                "priority": .string(content.priority.rawValue),
                // One that is only halted would hold its disk and its quota for nothing.
                "evictionPolicy": properties["evictionPolicy"] ?? delete,
            ])
        }
        let storage = properties["storageProfile"] ?? .object([:])
        let disk = storage["osDisk"] ?? .object([:])
        let disks = storage["dataDisks"]?.asList ?? []
        properties = properties.with([
            "storageProfile": storage.with([
                "osDisk": disk.with([
                    "createOption": disk["createOption"] ?? .string("FromImage"), "deleteOption": delete,
                ]),
                "dataDisks": disks.isEmpty
                    ? nil
                    : .list(
                        disks.map {
                            $0.with([
                                "createOption": $0["createOption"] ?? .string("Empty"),
                                "deleteOption": delete,
                            ])
                        }),
            ]),
            "networkProfile": network(content),
        ])
        return Document(.object(content.members)).with([
            "location": .string(content.location),
            "zones": content.zone.map { .list([.string($0)]) },
            "properties": properties,
        ])
    }

    private static func network(_ content: AzureContent) -> Document {
        let address: Document? =
            content.hasPublicIP
            ? .object([
                "sku": .object(["name": .string("Standard")]),
                "properties": .object([
                    "deleteOption": delete, "publicIPAllocationMethod": .string("Static"),
                ]),
            ]) : nil
        let interface: Document = .object([
            "primary": .flag(true), "deleteOption": delete,
            "enableAcceleratedNetworking": content.hasAcceleratedNetworking.map(Document.flag),
            "networkSecurityGroup": content.networkSecurityGroup.map { .object(["id": .string($0)]) },
            "ipConfigurations": .list([
                .object([
                    "name": .string("primary"),
                    "properties": .object([
                        "primary": .flag(true), "subnet": .object(["id": .string(content.subnetID)]),
                        "publicIPAddressConfiguration": address,
                    ]),
                ])
            ]),
        ])
        return .object([
            "networkApiVersion": .string(networkVersion),
            "networkInterfaceConfigurations": .list([.object(["properties": interface])]),
        ])
    }

    /// The body that makes one machine, with what is secret.
    static func body(
        _ name: WorkerID, of call: AzureCall, _ configuration: AzureConfiguration,
        token: @Sendable (WorkerID) -> Secret<String>
    ) -> Secret<[UInt8]> {
        let properties = call.machine["properties"] ?? .object([:])
        let tags = AzureTags.joined(
            call.tags, [AzureTags.worker: name.rawValue, AzureTags.name: name.rawValue])
        let document = Document(
            .object(tags.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) }))
        let filled = properties.with([
            "storageProfile": named(properties["storageProfile"], name),
            "networkProfile": named(
                properties["networkProfile"], name,
                tags: AzureComputeVersion.tagsParts(call.version) ? document : nil),
            "osProfile": system(properties["osProfile"], name, of: call, configuration, token: token),
        ])
        let machine = call.machine.with(["properties": filled, "tags": document])
        return Secret(Array(machine.canonicalJSON.utf8))
    }

    private static func named(_ storage: Document?, _ name: WorkerID) -> Document? {
        guard let storage, let disk = storage["osDisk"] else { return storage }
        let disks = storage["dataDisks"]?.asList ?? []
        return storage.with([
            "osDisk": disk.with(["name": .string(AzurePartName.systemDisk(name))]),
            "dataDisks": disks.isEmpty
                ? nil
                : .list(
                    disks.enumerated().map { $1.with(["name": .string(AzurePartName.dataDisk(name, $0))]) }),
        ])
    }

    private static func named(_ network: Document?, _ name: WorkerID, tags: Document?) -> Document? {
        guard let network, let interface = network["networkInterfaceConfigurations"]?.asList.first else {
            return network
        }
        var properties = interface["properties"] ?? .object([:])
        if let ip = properties["ipConfigurations"]?.asList.first, let inner = ip["properties"],
            let address = inner["publicIPAddressConfiguration"]
        {
            let named = address.with(["name": .string(AzurePartName.address(name)), "tags": tags])
            let configuration = ip.with(["properties": inner.with(["publicIPAddressConfiguration": named])])
            properties = properties.with(["ipConfigurations": .list([configuration])])
        }
        let filled = interface.with([
            "name": .string(AzurePartName.interface(name)), "properties": properties, "tags": tags,
        ])
        return network.with(["networkInterfaceConfigurations": .list([filled])])
    }

    private static func system(
        _ profile: Document?, _ name: WorkerID, of call: AzureCall, _ configuration: AzureConfiguration,
        token: @Sendable (WorkerID) -> Secret<String>
    ) -> Document {
        let profile = profile ?? .object([:])
        let settings = AzureCustomData(call, name, configuration)
        return profile.with([
            "computerName": .string(computerName(name, isWindows: call.isWindows)),
            "adminUsername": profile["adminUsername"] ?? .string("muster"),
            "adminPassword": call.needsPassword ? .string(password(name, token: token).reveal()) : nil,
            "customData": .string(settings.encoded),
        ])
    }

    /// Windows takes 15 characters, which must tell machines of one network apart: a hash of the name does.
    static func computerName(_ name: WorkerID, isWindows: Bool) -> String {
        guard isWindows else { return name.rawValue.replacing("_", with: "-") }
        return "m" + SHA256.hex(name.rawValue).prefix(14)
    }

    /// A password that nobody is told, so that nobody can enter with one.
    ///
    /// Derived like a registration token, so that a repeat sends the same and none is stored, but from a name that
    /// no worker has. The first characters are of each kind that Azure wants.
    static func password(_ name: WorkerID, token: @Sendable (WorkerID) -> Secret<String>) -> Secret<String> {
        Secret("Aa1-" + token(WorkerID(rawValue: "\(name)-admin")).reveal().prefix(48))
    }
}
