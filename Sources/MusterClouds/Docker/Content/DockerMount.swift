import MusterCore

/// Something that a container sees in its file system beside its image.
struct DockerMount: Codable, Hashable, Sendable {
    /// What is mounted; the raw values are Docker's words.
    enum Kind: String, CaseIterable, Codable, Sendable {
        /// A volume of the engine, by its name.
        case volume
        /// A folder of the host.
        case bind
        /// Memory, empty at first.
        case tmpfs
    }

    var kind = Kind.volume
    /// The volume's name or the folder's path; empty for memory.
    var source = ""
    /// The path in the container.
    var target = ""
    var isReadOnly = false

    /// Reads an element of `mounts`; what is wrong is noted in `reader`.
    init(_ reader: DocumentReader, _ rules: DockerRules) {
        kind = reader.choice("type", Kind.self) ?? kind
        if !reader.has("type") { reader.refuse("type", "is missing") }
        source = reader.string("source", limit: 4_095) ?? ""
        target = reader.string("target", limit: 4_095) ?? ""
        isReadOnly = reader.boolean("readOnly") ?? false
        if !Self.isPath(target) {
            reader.refuse("target", "must be an absolute path without ..")
        } else if Self.isOfToken(target) {
            reader.refuse(
                "target", "is where the worker's one-time token is: others could read it in what is mounted")
        }
        let quoted = JSONText.quoted(String(source.prefix(80)))
        switch kind {
        case .volume where !rules.volumes.contains(source):
            reader.refuse("source", "\(quoted) is not one of the volumes that this provider allows")
        case .bind where !rules.allows(folder: source, forWriting: !isReadOnly):
            let way = isReadOnly ? "mounted" : "mounted for writing"
            reader.refuse(
                "source", "\(quoted) is not below one of the folders that this provider lets be \(way)")
        case .tmpfs where !source.isEmpty: reader.refuse("source", "memory has no source")
        default: break
        }
        reader.refuseUnknown()
    }

    /// Whether a path means one place in a container.
    static func isPath(_ path: String) -> Bool {
        path.hasPrefix("/") && !path.utf8.contains(0) && !names(path).isEmpty && !names(path).contains("..")
    }

    /// Whether it is the folder of the registration token, or within it.
    private static func isOfToken(_ path: String) -> Bool {
        names(path).starts(with: names(TokenArchive.folder))
    }

    private static func names(_ path: String) -> [Substring] {
        path.split(separator: "/").filter { $0 != "." }
    }
}
