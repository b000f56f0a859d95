import MusterCore

/// The content of a local launch config: how the worker's process is run.
struct LocalContent: Codable, Hashable, Sendable {
    /// What a process may use; nil leaves it as it is for Muster.
    struct Limits: Codable, Hashable, Sendable {
        var openFiles: Int?
        var memoryMiB: Int?
        var processes: Int?
        var cpuSeconds: Int?
        var fileSizeMiB: Int?
    }

    /// Variables for the worker beyond the few that every worker has.
    var environment: [String: String] = [:]
    /// The working folder; nil is the instance's own.
    var folder: String?
    /// Whom it runs as; nil is whom Muster runs as.
    var user: String?
    /// What runs instead of Muster's own worker; empty for that one.
    var command: [String] = []
    /// Words put before the worker's command.
    var wrapper: [String] = []
    /// What the process may use.
    var limits = Limits()

    /// Reads a launch config's content and says all that is wrong with it.
    static func read(_ content: Document, users: AllowedUsers) -> (content: LocalContent, problems: [Problem])
    {
        read(DocumentReader(content), users: users)
    }

    /// The same from a reader that has been made.
    static func read(
        _ reader: DocumentReader, users: AllowedUsers
    ) -> (content: LocalContent, problems: [Problem]) {
        var result = LocalContent()
        result.environment = reader.stringMap("environment") ?? [:]
        for (name, value) in result.environment.sorted(by: { $0.key < $1.key }) {
            if let problem = VariableRules.problem(of: name, value) { reader.refuse("environment", problem) }
        }
        result.folder = reader.string("folder", limit: 4_095)
        if let folder = result.folder, !folder.hasPrefix("/") || folder.utf8.contains(0) {
            reader.refuse("folder", "must be an absolute path")
        }
        result.user = reader.string("user", limit: 256)
        if let user = result.user, let problem = users.problem(with: user) { reader.refuse("user", problem) }
        result.command = words("command", of: reader)
        result.wrapper = words("wrapper", of: reader)
        let limits = reader.object("limits")
        result.limits = Limits(
            openFiles: limits.integer("openFiles", 16...1_048_576),
            memoryMiB: limits.integer("memoryMiB", 16...67_108_864),
            processes: limits.integer("processes", 1...4_194_304),
            cpuSeconds: limits.integer("cpuSeconds", 1...1_000_000_000),
            fileSizeMiB: limits.integer("fileSizeMiB", 1...1_073_741_824))
        limits.refuseUnknown()
        if let settings = reader.document("workerConfig"), settings.kind != "an object" {
            reader.refuse("workerConfig", "must be an object, not \(settings.kind)")
        }
        reader.refuseUnknown()
        return (result, reader.found)
    }

    private static func words(_ name: String, of reader: DocumentReader) -> [String] {
        let words = reader.strings(name, limit: 1_000) ?? []
        if words.first == "" || words.contains(where: { $0.utf8.contains(0) }) {
            reader.refuse(name, "must begin with a program, and hold no zero bytes")
        }
        return words
    }
}
