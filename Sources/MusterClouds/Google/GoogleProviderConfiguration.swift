public import MusterCore

/// Where Google's APIs are; others for private clouds, restricted networks and tests.
public struct GoogleEndpoints: Hashable, Sendable {
    /// Compute Engine, with its version.
    public var compute: String
    /// The Resource Manager, with its version: which permissions an account has.
    public var resourceManager: String
    /// The keys that instances' identity tokens are signed with.
    public var identityKeys: String
    /// The metadata server of the machine that Muster runs on.
    public var metadata: String
    /// Where assertions and subject tokens are exchanged; nil where the credentials file says.
    public var token: String?
    /// Where a service account's token is had in exchange for another's; nil where the credentials file says.
    public var impersonation: String?

    /// Makes endpoints; the defaults are Google's public ones.
    public init(
        compute: String = "https://compute.googleapis.com/compute/v1",
        resourceManager: String = "https://cloudresourcemanager.googleapis.com/v1",
        identityKeys: String = GoogleIdentity.keysURL,
        metadata: String = "http://metadata.google.internal", token: String? = nil,
        impersonation: String? = nil
    ) {
        self.compute = compute
        self.resourceManager = resourceManager
        self.identityKeys = identityKeys
        self.metadata = metadata
        self.token = token
        self.impersonation = impersonation
    }
}

/// What a Google provider is made from.
public struct GoogleProviderConfiguration: Sendable {
    /// The name that pools use.
    public var id: ProviderID
    /// The project whose instances these are.
    public var project: String
    /// The name of this Muster's fleet: instances of another one are never touched.
    public var fleet: String
    /// What is shown to Google.
    public var credentials: GoogleCredentials
    /// Where Google's APIs are.
    public var endpoints: GoogleEndpoints
    /// The address of the service account that instances run as, and prove themselves with; nil leaves it to
    /// launch configs.
    public var workerServiceAccount: String?
    /// How many calls it may make.
    public var rates: GoogleRates

    /// Makes a configuration.
    public init(
        id: ProviderID, project: String, fleet: String, credentials: GoogleCredentials,
        endpoints: GoogleEndpoints = .init(), workerServiceAccount: String? = nil,
        rates: GoogleRates = .init()
    ) {
        self.id = id
        self.project = project
        self.fleet = fleet
        self.credentials = credentials
        self.endpoints = endpoints
        self.workerServiceAccount = workerServiceAccount
        self.rates = rates
    }

    /// What cannot be, with the names of the fields in the settings.
    public var problems: [Problem] {
        var problems: [Problem] = []
        if !GoogleAddress.isProject(project) {
            problems.append(
                Problem(
                    .inputInvalid, "must be the id of a project, not its number or name", field: "project"))
        }
        for (name, address) in [("token", endpoints.token), ("impersonation", endpoints.impersonation)] {
            guard let reason = address.flatMap(GoogleAddress.reasonAgainstSecrets) else { continue }
            problems.append(Problem(.inputInvalid, reason, field: "endpoints.\(name)"))
        }
        for (name, rate) in [
            ("mutations", rates.mutations), ("reads", rates.reads), ("bulkInsertions", rates.bulkInsertions),
        ] where rate < 1 {
            problems.append(Problem(.inputInvalid, "must be 1 or more", field: "rates.\(name)"))
        }
        return problems
    }
}
