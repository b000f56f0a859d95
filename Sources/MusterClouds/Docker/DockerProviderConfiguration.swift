public import MusterCore

/// How the docker provider is set up.
public struct DockerProviderConfiguration: Sendable {
    /// Where Docker listens unless it is told otherwise.
    public static let usualSocket = "/var/run/docker.sock"
    /// The network that every engine has.
    public static let usualNetwork = "bridge"

    /// The name that pools use.
    public var id: ProviderID
    /// The unique id of this Muster's store: two on one engine never see each other's containers.
    public var fleet: String
    /// The engine's unix socket.
    public var socket: String
    /// Where containers reach the service; nil when that follows from their network.
    public var serviceURL: String?
    /// The network of launch configs that name none.
    public var network: String
    /// What launch configs may ask for.
    public var rules: DockerRules
    /// How long a container has to end after it was asked to.
    public var stopTime: Duration
    /// How long a container that has ended is kept, with what it wrote. A repeated launch is recognised for as long.
    public var retention: Duration

    /// Makes a configuration.
    public init(
        id: ProviderID, fleet: String, socket: String = usualSocket, serviceURL: String? = nil,
        network: String = usualNetwork, rules: DockerRules = DockerRules(),
        stopTime: Duration = CloudPolicy.dockerStopTime,
        retention: Duration = CloudPolicy.dockerRetention
    ) {
        self.id = id
        self.fleet = fleet
        self.socket = socket
        self.serviceURL = serviceURL
        self.network = network
        self.rules = rules
        self.stopTime = stopTime
        self.retention = retention
    }
}

/// What launch configs may ask of Docker: whoever may name any folder of the host is root on it.
public struct DockerRules: Hashable, Sendable {
    /// The images, as launch configs write them; a `*` at the end stands for any rest. Nil for all.
    public var images: [String]?
    /// The networks.
    public var networks: Set<String>
    /// The named volumes.
    public var volumes: Set<String>
    /// The folders of the host that may be mounted for reading, each with what is below it.
    public var readableFolders: [String]
    /// The folders of the host that may be mounted for writing too.
    public var writableFolders: [String]

    /// Makes rules.
    public init(
        images: [String]? = nil, networks: Set<String> = [DockerProviderConfiguration.usualNetwork],
        volumes: Set<String> = [], readableFolders: [String] = [], writableFolders: [String] = []
    ) {
        self.images = images
        self.networks = networks
        self.volumes = volumes
        self.readableFolders = readableFolders
        self.writableFolders = writableFolders
    }

    /// Whether an image may be used.
    func allows(image: String) -> Bool {
        guard let images else { return true }
        return images.contains { pattern in
            pattern.hasSuffix("*") ? image.hasPrefix(pattern.dropLast()) : image == pattern
        }
    }

    /// Whether a folder of the host may be mounted.
    func allows(folder: String, forWriting writes: Bool) -> Bool {
        guard folder.hasPrefix("/"), !folder.split(separator: "/").contains("..") else { return false }
        return (writes ? writableFolders : writableFolders + readableFolders).contains { allowed in
            folder == allowed || folder.hasPrefix(allowed == "/" ? "/" : allowed + "/")
        }
    }
}
