import MusterClouds
import MusterCore
import MusterHTTP

/// How containers are had as workers.
struct DockerSettings: Hashable, Sendable {
    /// The engine's unix socket.
    var socket = DockerProviderConfiguration.usualSocket
    /// Where containers reach the service; nil when that follows from their network.
    var serviceURL: String?
    /// The network of launch configs that name none.
    var network = DockerProviderConfiguration.usualNetwork
    /// What launch configs may ask for.
    var rules = DockerRules()
    /// How long a container has to end after it was asked to.
    var stopTime = CloudPolicy.dockerStopTime
    /// How long a container that has ended is kept, with what it wrote.
    var retention = CloudPolicy.dockerRetention
}

extension DockerSettings {
    /// Reads a provider of this kind; what is wrong is noted in `reader`.
    init(_ reader: DocumentReader, in surroundings: ProviderSurroundings) {
        if let path = reader.path("socket") {
            socket = ConfigurationFile.absolute(path, in: surroundings.folder)
            if socket.utf8.count > ConfigurationPolicy.longestSocketPath {
                reader.refuse(
                    "socket", "must be at most \(ConfigurationPolicy.longestSocketPath) bytes long")
            }
        }
        serviceURL = reader.string("serviceURL", limit: 1_000)
        if let serviceURL {
            do throws(Problem) {
                _ = try HTTPTarget(url: serviceURL)
            } catch {
                reader.refuse("serviceURL", error.message)
            }
        }
        network = reader.string("network", limit: 255) ?? network
        rules.images = reader.strings("images", limit: 1_000)
        rules.networks = Set(reader.strings("networks", limit: 1_000) ?? []).union([network])
        rules.volumes = Set(reader.strings("volumes", limit: 1_000) ?? [])
        rules.readableFolders = reader.paths("readableFolders", in: surroundings)
        rules.writableFolders = reader.paths("writableFolders", in: surroundings)
        stopTime = reader.seconds("stopTime", ConfigurationPolicy.dockerStopTimes) ?? stopTime
        retention = reader.seconds("retention", ConfigurationPolicy.dockerRetentions) ?? retention
    }

    /// What the provider is made with.
    func configuration(_ id: ProviderID, fleet: String) -> DockerProviderConfiguration {
        DockerProviderConfiguration(
            id: id, fleet: fleet, socket: socket, serviceURL: serviceURL, network: network, rules: rules,
            stopTime: stopTime, retention: retention)
    }
}
