import MusterCore

/// The content of an Azure launch config: what a virtual machine is made of.
///
/// The members are those of worker-manager's launch configs that make resources one by one. Those that Muster
/// sets itself are read here; all others are handed on as they are.
struct AzureContent: Hashable, Sendable {
    /// What Azure charges and when it takes machines back.
    enum Priority: String, Hashable, Sendable {
        case regular = "Regular"
        case low = "Low"
        case spot = "Spot"
    }

    var location = ""
    var subnetID = ""
    var size = ""
    var priority: Priority = .regular
    /// The only zone that its machines may be in.
    var zone: String?
    /// Whether machines have an address of their own.
    var hasPublicIP = false
    var networkSecurityGroup: String?
    var hasAcceleratedNetworking: Bool?
    var tags: [String: String] = [:]
    var isWindows = false
    /// Whether Azure wants a password, since there is no key.
    var needsPassword = false
    var dataDisks = 0
    /// What the machine has beside its properties: plan, identity and the like.
    var members: [Document.Member] = []
    /// What goes into the machine's properties as it is written.
    var properties: [Document.Member] = []

    /// Low is the old word for Spot, which Azure still takes.
    var isSpot: Bool { priority != .regular }
}

extension AzureContent {
    /// Members of the machine itself.
    private static let ofMachine = ["plan", "identity", "extendedLocation"]
    /// Members of its properties that are handed on.
    private static let ofProperties = [
        "additionalCapabilities", "applicationProfile", "availabilitySet", "billingProfile",
        "capacityReservation",
        "diagnosticsProfile", "evictionPolicy", "extensionsTimeBudget", "hardwareProfile", "host",
        "hostGroup",
        "licenseType", "osProfile", "platformFaultDomain", "proximityPlacementGroup", "scheduledEventsPolicy",
        "scheduledEventsProfile", "securityProfile", "storageProfile", "userData", "virtualMachineScaleSet",
    ]

    /// Reads a launch config's content and says all that is wrong with it.
    static func read(_ document: Document) -> (content: AzureContent, problems: [Problem]) {
        let reader = DocumentReader(document)
        var content = AzureContent()
        guard refuseTemplates(reader) else { return (content, reader.found) }
        content.location = content.required("location", of: reader) { isLocation($0) } ?? ""
        content.subnetID = content.required("subnetId", of: reader) { isResource($0, type: "subnets") } ?? ""
        content.readSize(reader)
        content.readMarket(reader)
        content.readStorage(reader.object("storageProfile"), of: reader)
        content.readSystem(reader.object("osProfile"))
        content.readNetwork(reader)
        content.readTags(reader)
        for name in ["workerConfig"] {
            if let found = reader.document(name), found.kind != "an object" {
                reader.refuse(name, "must be an object, not \(found.kind)")
            }
        }
        // worker-manager's old place of what workerManager says now.
        reader.ignore("capacityPerInstance")
        content.members = ofMachine.compactMap { name in reader.document(name).map { .init(name, $0) } }
        content.properties = ofProperties.compactMap { name in reader.document(name).map { .init(name, $0) } }
        reader.refuseUnknown()
        return (content, reader.found)
    }

    /// Whether it is a config of a machine; says what to write instead where it is one of a template.
    private static func refuseTemplates(_ reader: DocumentReader) -> Bool {
        guard reader.has("armDeployment") else {
            if reader.has("armDeploymentResourceGroup") {
                reader.refuse(
                    "armDeploymentResourceGroup", "belongs to ARM templates, which Muster does not deploy")
            }
            return true
        }
        reader.refuse(
            "armDeployment",
            "Muster deploys no ARM templates, since each leaves parts behind that nothing removes in one call: "
                + "write the machine itself, with location, subnetId, hardwareProfile, storageProfile and "
                + "osProfile, as docs/operating/azure.md shows")
        return false
    }

    private func required(_ name: String, of reader: DocumentReader, _ isRight: (String) -> Bool) -> String? {
        guard let text = reader.string(name, limit: 1_024) else {
            if !reader.has(name) { reader.refuse(name, "is missing") }
            return nil
        }
        guard isRight(text) else {
            reader.refuse(name, "is not one: \(JSONText.quoted(String(text.prefix(80))))")
            return nil
        }
        return text
    }

    private mutating func readSize(_ reader: DocumentReader) {
        let profile = reader.object("hardwareProfile")
        size = required("vmSize", of: profile) { AzureSize.isName($0) } ?? ""
    }

    private mutating func readMarket(_ reader: DocumentReader) {
        if let text = reader.string("priority") {
            guard let known = Priority(rawValue: text) else {
                reader.refuse("priority", "must be one of Regular, Low, Spot")
                return
            }
            priority = known
        }
        if let policy = reader.string("evictionPolicy") {
            if !["Deallocate", "Delete"].contains(policy) {
                reader.refuse("evictionPolicy", "must be one of Deallocate, Delete")
            }
            if !isSpot { reader.refuse("evictionPolicy", "is for machines with the priority Spot") }
        }
        let billing = reader.object("billingProfile")
        if billing.has("maxPrice"), !isSpot {
            reader.refuse("billingProfile", "maxPrice is for machines with the priority Spot")
        }
        let zones = reader.strings("zones", limit: 16) ?? []
        if zones.count > 1 {
            reader.refuse("zones", "a machine is in one zone: write a launch config for each")
        }
        if let first = zones.first {
            if AzureConfiguration.isIdentifier(first) {
                zone = first
            } else {
                reader.refuse("zones", "must be numbers, in quotes")
            }
        }
    }

    private mutating func readTags(_ reader: DocumentReader) {
        tags = reader.stringMap("tags") ?? [:]
        let room = CloudPolicy.azureTags - AzureTags.count
        if tags.count > room {
            reader.refuse(
                "tags", "must be at most \(room): Azure takes \(CloudPolicy.azureTags), some are Muster's")
        }
        if Set(tags.keys.map { $0.lowercased() }).count < tags.count {
            reader.refuse("tags", "names that differ in case alone are the same for Azure")
        }
        for (name, value) in tags.sorted(by: { $0.key < $1.key }) {
            if let fault = AzureTags.fault(name: name, value: value) { reader.refuse("tags", fault) }
        }
    }

    private mutating func readNetwork(_ reader: DocumentReader) {
        // What is in it worker-manager replaces too: a machine has one interface, made with it.
        _ = reader.object("networkProfile")
        hasPublicIP = reader.boolean("publicIp") ?? false
        // Where worker-manager's launch configs have it.
        let manager = reader.object("workerManager")
        if let flag = manager.boolean("publicIp") { hasPublicIP = flag }
        // What the machine runs in spite of is found out by itself, and there are no deployments to keep.
        manager.ignore("ignoreFailedProvisioningStates", "keepDeployment")
        manager.refuseUnknown()
        hasAcceleratedNetworking = reader.boolean("acceleratedNetworking")
        networkSecurityGroup = reader.string("networkSecurityGroupId", limit: 1_024)
        if let group = networkSecurityGroup, !Self.isResource(group, type: "networkSecurityGroups") {
            reader.refuse("networkSecurityGroupId", "is no id of a network security group")
        }
    }

    /// Small letters and digits: "eastus2".
    static func isLocation(_ text: String) -> Bool {
        (1...38).contains(text.utf8.count)
            && text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) }
    }

    /// An id of the resource manager's, without anything that would change a path.
    static func isResource(_ id: String, type: String) -> Bool {
        let parts = id.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count >= 9 && parts[0].isEmpty && parts[1].lowercased() == "subscriptions"
            && parts[parts.count - 2].lowercased() == type.lowercased()
            && parts.dropFirst().allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
            && id.utf8.allSatisfy { $0 > 32 && $0 < 127 && !"?#%\\\"<>".utf8.contains($0) }
    }
}
