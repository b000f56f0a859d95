import MusterClouds
import MusterCore
import MusterRuntime

/// How Azure's virtual machines are reached.
struct AzureSettings: Hashable, Sendable {
    /// How Muster proves who it is.
    enum Credentials: String, CaseIterable, Hashable, Sendable {
        case managedIdentity = "managed-identity"
        case workloadIdentity = "workload-identity"
        case clientSecret = "client-secret"
        case clientCertificate = "client-certificate"
    }

    /// The subscription's id.
    var subscription = ""
    /// The resource group that has the machines.
    var resourceGroup = ""
    /// How Muster proves who it is.
    var credentials = Credentials.managedIdentity
    /// The directory, where the credentials do not tell.
    var tenant: String?
    /// The application, or one of several identities.
    var client: String?
    /// The name of the secret that has the application's secret, or its certificate and key.
    var secret: String?
    /// The file of the workload identity's token.
    var tokenFile: String?
    /// Where the cloud is.
    var endpoints = AzureEndpoints()
    /// The version of the compute API.
    var computeVersion = AzureComputeVersion.taggingParts
    /// Whether deletions do not wait for the machine to be shut down.
    var forceDeletion = false
}

extension AzureSettings {
    /// Reads a provider of this kind; what is wrong is noted in `reader`.
    init(_ reader: DocumentReader, in surroundings: ProviderSurroundings) {
        subscription = reader.string("subscription", limit: 64) ?? ""
        if subscription.isEmpty { reader.refuse("subscription", "must be a subscription's id") }
        resourceGroup = reader.string("resourceGroup", limit: 90) ?? ""
        if resourceGroup.isEmpty { reader.refuse("resourceGroup", "must be the name of a resource group") }
        readCredentials(reader.object("credentials"), in: surroundings)
        endpoints = AzureEndpoints(reader.choice("cloud", AzureEndpoints.Cloud.self) ?? .public)
        let addresses = reader.object("endpoints")
        if let management = addresses.address("management") {
            (endpoints.management, endpoints.audience) = (management, management)
        }
        endpoints.audience = addresses.address("audience", mayEndInSlash: true) ?? endpoints.audience
        endpoints.login = addresses.address("login") ?? endpoints.login
        endpoints.portal = addresses.address("portal") ?? endpoints.portal
        endpoints.metadata = addresses.address("metadata") ?? endpoints.metadata
        endpoints.attestation = addresses.strings("attestation", limit: 16) ?? endpoints.attestation
        addresses.refuseUnknown()
        computeVersion = reader.string("computeVersion", limit: 20) ?? computeVersion
        if !AzureComputeVersion.isOne(computeVersion) {
            reader.refuse(
                "computeVersion",
                "must be a version such as 2025-04-01, \(AzureComputeVersion.oldest) or later")
        }
        forceDeletion = reader.boolean("forceDeletion") ?? forceDeletion
    }

    private mutating func readCredentials(_ reader: DocumentReader, in surroundings: ProviderSurroundings) {
        credentials = reader.choice("kind", Credentials.self) ?? credentials
        tenant = reader.string("tenant", limit: 255)
        client = reader.string("client", limit: 64)
        secret = reader.secretName("secret", in: surroundings)
        tokenFile = reader.path("tokenFile").map { ConfigurationFile.absolute($0, in: surroundings.folder) }
        if [.clientSecret, .clientCertificate].contains(credentials) {
            for (field, value) in [("tenant", tenant), ("client", client), ("secret", secret)]
            where value == nil {
                reader.refuse(field, "is missing: \(credentials.rawValue) needs it")
            }
        }
        reader.refuseUnknown()
    }

    /// What the provider is made with.
    func configuration(
        _ id: ProviderID, fleet: String, secrets: SecretPlaces, environment: [String: String]
    ) -> AzureConfiguration {
        let name = secret ?? ""
        let read: AzureCredential.Source = { () throws(Problem) in try secrets.read(name) }
        let credential: AzureCredential =
            switch credentials {
            case .managedIdentity: .managedIdentity(client: client)
            case .workloadIdentity: .workloadIdentity(tenant: tenant, client: client, tokenFile: tokenFile)
            case .clientSecret: .clientSecret(tenant: tenant ?? "", client: client ?? "", secret: read)
            case .clientCertificate: .clientCertificate(tenant: tenant ?? "", client: client ?? "", pem: read)
            }
        return AzureConfiguration(
            id: id, fleet: fleet, subscription: subscription, resourceGroup: resourceGroup,
            credential: credential, endpoints: endpoints, computeVersion: computeVersion,
            forceDeletion: forceDeletion, environment: environment)
    }
}

extension DocumentReader {
    /// An address that begins with http:// or https:// and ends without a slash, unless it is only compared.
    func address(_ name: String, mayEndInSlash: Bool = false) -> String? {
        guard let address = string(name, limit: 2_048) else { return nil }
        guard address.hasPrefix("https://") || address.hasPrefix("http://"),
            mayEndInSlash || !address.hasSuffix("/")
        else {
            let end = mayEndInSlash ? "" : " and ends without a slash"
            refuse(name, "must be an address that begins with http:// or https://\(end)")
            return nil
        }
        return address
    }
}
