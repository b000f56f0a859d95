import MusterCore

/// The content of a docker launch config: what a container is made of.
struct DockerContent: Codable, Hashable, Sendable {
    /// When an image is fetched.
    enum Pull: String, CaseIterable, Codable, Sendable {
        /// When the engine has none of that name.
        case missing
        /// Before each launch.
        case always
        /// Not at all.
        case never
    }

    /// The image, as `docker run` takes it.
    var image = ""
    /// What runs instead of the image's entry point.
    var entrypoint: [String]?
    /// What runs instead of the image's command.
    var command: [String]?
    /// Variables for the worker beyond the few that every worker has.
    var environment: [String: String] = [:]
    /// Whom it runs as in the container; nil for whom the image says.
    var user: String?
    /// How many processors' time it may use.
    var cpus: Double?
    /// How much memory it may use, swap included.
    var memoryMiB: Int?
    /// How much of that processes may share.
    var sharedMemoryMiB: Int?
    /// How many processes it may have.
    var processes: Int?
    /// The network; nil for the provider's.
    var network: String?
    /// The folder in the container for the worker's tasks.
    var folder = DockerContent.usualFolder
    /// What is mounted.
    var mounts: [DockerMount] = []
    /// When the image is fetched.
    var pull = Pull.missing

    /// Whoever the image runs as may write there.
    static let usualFolder = "/tmp/muster"

    /// Reads a launch config's content and says all that is wrong with it.
    static func read(
        _ content: Document, rules: DockerRules
    ) -> (content: DockerContent, problems: [Problem]) {
        read(DocumentReader(content), rules: rules)
    }

    /// The same from a reader that has been made.
    static func read(
        _ reader: DocumentReader, rules: DockerRules
    ) -> (content: DockerContent, problems: [Problem]) {
        var result = DockerContent()
        result.image = image(of: reader, rules)
        result.entrypoint = words("entrypoint", of: reader)
        result.command = words("command", of: reader)
        result.environment = reader.stringMap("environment") ?? [:]
        for (name, value) in result.environment.sorted(by: { $0.key < $1.key }) {
            if let problem = VariableRules.problem(of: name, value) { reader.refuse("environment", problem) }
        }
        result.user = reader.string("user", limit: 256)
        if let user = result.user, user.isEmpty || !user.utf8.allSatisfy({ (33...126).contains($0) }) {
            reader.refuse("user", "must be a user, or a user and a group such as 1000:1000")
        }
        result.cpus = reader.number("cpus", 0.01...4_096)
        // The engine refuses less than 6 MiB.
        result.memoryMiB = reader.integer("memoryMiB", 6...67_108_864)
        result.sharedMemoryMiB = reader.integer("sharedMemoryMiB", 1...67_108_864)
        result.processes = reader.integer("processes", 1...4_194_304)
        result.network = reader.string("network", limit: 255)
        if let network = result.network, !rules.networks.contains(network) {
            reader.refuse(
                "network",
                "\(JSONText.quoted(String(network.prefix(80)))) is not one of the networks that this provider allows"
            )
        }
        result.folder = reader.string("folder", limit: 4_095) ?? result.folder
        if !DockerMount.isPath(result.folder) {
            reader.refuse("folder", "must be an absolute path without ..")
        }
        result.mounts = (reader.list("mounts", limit: 100) ?? []).map {
            DockerMount(reader.element($0), rules)
        }
        result.pull = reader.choice("pull", Pull.self) ?? result.pull
        if let settings = reader.document("workerConfig"), settings.kind != "an object" {
            reader.refuse("workerConfig", "must be an object, not \(settings.kind)")
        }
        reader.refuseUnknown()
        return (result, reader.found)
    }

    private static func image(of reader: DocumentReader, _ rules: DockerRules) -> String {
        guard let image = reader.string("image", limit: 1_024) else {
            if !reader.has("image") { reader.refuse("image", "is missing") }
            return ""
        }
        if ImageName(image) == nil {
            reader.refuse("image", "must be an image such as registry.example/team/worker:1.2")
        } else if !rules.allows(image: image) {
            reader.refuse(
                "image",
                "\(JSONText.quoted(String(image.prefix(80)))) is not one of the images that this provider allows"
            )
        }
        return image
    }

    private static func words(_ name: String, of reader: DocumentReader) -> [String]? {
        let words = reader.strings(name, limit: 1_000)
        if words?.first == "" || words?.contains(where: { $0.utf8.contains(0) }) == true {
            reader.refuse(name, "must begin with a program, and hold no zero bytes")
        }
        return words
    }
}
