public import MusterCore
public import MusterRuntime

/// How an Azure provider is set up.
public struct AzureConfiguration: Sendable {
    /// The name that pools use.
    public var id: ProviderID
    /// Which Muster the machines are of: the tag without which none is touched.
    public var fleet: String
    /// The subscription's id.
    public var subscription: String
    /// The resource group that has the machines and all their parts.
    public var resourceGroup: String
    /// How Muster proves who it is.
    public var credential: AzureCredential
    /// Where the cloud is.
    public var endpoints: AzureEndpoints
    /// The version of the compute API.
    public var computeVersion: String
    /// Whether deletions do not wait for the machine to be shut down.
    public var forceDeletion: Bool
    /// What the environment says of managed and workload identities; hidden, since a header in it is a secret.
    public var environment: Secret<[String: String]>

    /// Makes a configuration.
    public init(
        id: ProviderID, fleet: String, subscription: String, resourceGroup: String,
        credential: AzureCredential,
        endpoints: AzureEndpoints = AzureEndpoints(),
        computeVersion: String = AzureComputeVersion.taggingParts,
        forceDeletion: Bool = false, environment: [String: String] = [:]
    ) {
        self.id = id
        self.fleet = fleet
        self.subscription = subscription
        self.resourceGroup = resourceGroup
        self.credential = credential
        self.endpoints = endpoints
        self.computeVersion = computeVersion
        self.forceDeletion = forceDeletion
        self.environment = Secret(environment)
    }

    /// What cannot be in a path, or is no setting at all; empty when all is well.
    public var problems: [Problem] {
        var found: [Problem] = []
        func refuse(_ field: String, _ message: String) {
            found.append(Problem(.inputInvalid, message, field: field))
        }
        if !Self.isIdentifier(subscription) { refuse("subscription", "must be a subscription's id") }
        let group = resourceGroup.unicodeScalars
        if !(1...90).contains(group.count) || resourceGroup.hasSuffix(".")
            || !group.allSatisfy({
                $0.properties.isAlphabetic || ("0"..."9").contains($0) || "-_.()".unicodeScalars.contains($0)
            })
        {
            refuse("resourceGroup", "must be 1 to 90 letters, digits or any of -_.() with no full stop last")
        }
        if !(1...256).contains(fleet.utf8.count) { refuse("fleet", "must be 1 to 256 bytes long") }
        for (field, url) in [
            ("management", endpoints.management), ("login", endpoints.login),
            ("audience", endpoints.audience),
            ("metadata", endpoints.metadata),
        ]
        where !(url.hasPrefix("https://") || url.hasPrefix("http://"))
            || url.hasSuffix("/") && field != "audience"
        {
            refuse("endpoints.\(field)", "must be a URL with no slash at its end")
        }
        if !endpoints.attestation.allSatisfy(Self.isHost) || endpoints.attestation.isEmpty {
            refuse("endpoints.attestation", "must be names of hosts, such as metadata.azure.com")
        }
        if !AzureComputeVersion.isOne(computeVersion) {
            refuse(
                "computeVersion",
                "must be a version of the compute API, \(AzureComputeVersion.oldest) or later")
        }
        if let problem = credential.problem { found.append(problem) }
        return found
    }

    /// The place that a launch is stored with: what is sent there is never looked for elsewhere.
    var place: String { "\(subscription)/\(resourceGroup)".lowercased() }

    /// Labels with full stops between them.
    static func isHost(_ text: String) -> Bool {
        (1...253).contains(text.utf8.count)
            && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy {
                isIdentifier(String($0))
            }
    }

    /// Letters, digits and hyphens: what ids of the directory consist of.
    static func isIdentifier(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.unicodeScalars.allSatisfy {
                $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "-")
            }
    }
}
