import MusterCore
import MusterHTTP

/// A launch as the docker provider writes it down.
struct DockerCall: StoredCall, Hashable {
    var launch: LaunchID
    var pool: PoolID
    var launchConfig: LaunchConfigID
    var capacity: Int
    /// Where the containers reach the service.
    var serviceURL: String
    var network: String
    /// The containers' names, which are those of their workers.
    var instances: [WorkerID]
    var content: DockerContent

    /// The name by which containers know the host that they run on.
    static let host = "host.docker.internal"

    /// Makes the call for an order.
    ///
    /// - Throws: the first problem with the order's content.
    init(_ order: LaunchOrder, _ configuration: DockerProviderConfiguration) throws(Problem) {
        let (content, problems) = DockerContent.read(order.content, rules: configuration.rules)
        if let problem = problems.first { throw problem }
        launch = order.launchID
        pool = order.poolID
        launchConfig = order.launchConfigID
        capacity = order.capacityPerInstance
        network = content.network ?? configuration.network
        serviceURL = configuration.serviceURL ?? Self.reachable(order.serviceURL, from: network)
        instances = (0..<max(0, order.count)).map(order.workerID)
        self.content = content
    }

    /// The service's address as a container of a network sees it: what is this machine to the service is the
    /// container itself to a container, unless it has the host's own network.
    static func reachable(_ url: String, from network: String) -> String {
        guard network != "host", let target = try? HTTPTarget(url: url), target.isLoopback else { return url }
        return "\(target.isSecure ? "https" : "http")://\(host):\(target.port)"
    }
}
