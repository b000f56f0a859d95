import MusterClouds
import MusterCore
import MusterRuntime

/// How Google's Compute Engine is reached.
struct GoogleSettings: Hashable, Sendable {
    /// The project.
    var project = ""
    /// The credentials file; nil for the metadata server of the machine.
    var credentials: String?
    /// The service account that instances run as.
    var workerServiceAccount: String?
    /// Where Google's APIs are.
    var endpoints = GoogleEndpoints()
    /// The metadata server of the machine; nil for what `GCE_METADATA_HOST` or Google says.
    var metadata: String?
    /// How many calls a minute are for Muster.
    var rates = GoogleRates()
}

extension GoogleSettings {
    /// Reads a provider of this kind; what is wrong is noted in `reader`.
    init(_ reader: DocumentReader, in surroundings: ProviderSurroundings) {
        project = reader.string("project", limit: 100) ?? ""
        if project.isEmpty { reader.refuse("project", "must be the id of a project") }
        credentials = reader.path("credentials").map {
            ConfigurationFile.absolute($0, in: surroundings.folder)
        }
        workerServiceAccount = reader.string("workerServiceAccount", limit: 320)
        let addresses = reader.object("endpoints")
        endpoints.compute = addresses.address("compute") ?? endpoints.compute
        endpoints.resourceManager = addresses.address("resourceManager") ?? endpoints.resourceManager
        endpoints.identityKeys = addresses.address("identityKeys") ?? endpoints.identityKeys
        endpoints.token = addresses.address("token")
        endpoints.impersonation = addresses.address("impersonation")
        metadata = addresses.address("metadataServer")
        addresses.refuseUnknown()
        let numbers = reader.object("rates")
        rates = GoogleRates(
            mutations: numbers.integer("mutations", ConfigurationPolicy.callsPerMinute) ?? rates.mutations,
            reads: numbers.integer("reads", ConfigurationPolicy.callsPerMinute) ?? rates.reads,
            bulkInsertions: numbers.integer("bulkInsertions", ConfigurationPolicy.callsPerMinute)
                ?? rates.bulkInsertions)
        numbers.refuseUnknown()
    }

    /// What the provider is made with. The credentials file is read when it is needed.
    func configuration(
        _ id: ProviderID, fleet: String, environment: [String: String]
    ) -> GoogleProviderConfiguration {
        var credentials = GoogleCredentials.metadataServer
        if let path = self.credentials {
            credentials = .file { () throws(Problem) in
                Secret(try TextFile.read(path, limit: ConfigurationPolicy.largestFile))
            }
        }
        var endpoints = endpoints
        let host = environment["GCE_METADATA_HOST"].map { "http://\($0)" }
        endpoints.metadata = metadata ?? host ?? endpoints.metadata
        return GoogleProviderConfiguration(
            id: id, project: project, fleet: fleet, credentials: credentials, endpoints: endpoints,
            workerServiceAccount: workerServiceAccount, rates: rates)
    }
}
