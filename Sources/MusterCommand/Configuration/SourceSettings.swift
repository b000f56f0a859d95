import MusterCore
import MusterEngine
import MusterRuntime

/// What task sources of pool definitions may reach, and the credentials that they may name.
struct SourceSettings: Hashable, Sendable {
    /// Hosts of http sources, each `name` or `name:port`, in lower case.
    var hosts: [String] = []
    /// Absolute folders of file sources.
    var folders: [String] = []
    /// Credentials by name.
    var secrets: [String: SecretPlaces.Place] = [:]

    /// Reads the keys `sources` and `secrets`; what is wrong is noted in `reader`.
    init(_ reader: DocumentReader, folder: String) {
        let sources = reader.object("sources")
        hosts = (sources.strings("hosts", limit: 1_000) ?? []).map { $0.lowercased() }
        if hosts.contains(where: { $0.isEmpty || $0.contains("/") || $0.contains("@") }) {
            sources.refuse("hosts", "must hold hosts such as ci.example.com or ci.example.com:8443")
        }
        let written = sources.strings("folders", limit: 1_000) ?? []
        folders = written.map { ConfigurationFile.absolute($0, in: folder) }
        if folders.contains(where: { $0.split(separator: "/").contains("..") }) {
            sources.refuse("folders", "must hold folders without ..")
        }
        sources.refuseUnknown()
        secrets = Self.secrets(reader, folder: folder)
    }

    private static func secrets(_ reader: DocumentReader, folder: String) -> [String: SecretPlaces.Place] {
        guard case .object(let members)? = reader.document("secrets")?.value else {
            _ = reader.object("secrets")
            return [:]
        }
        let secrets = reader.object("secrets")
        var places: [String: SecretPlaces.Place] = [:]
        for member in members {
            let place = secrets.object(member.name)
            let file = place.string("file")
            let variable = place.string("environment")
            place.refuseUnknown()
            switch (file, variable) {
            case (let file?, nil):
                places[member.name] = .file(ConfigurationFile.absolute(file, in: folder))
            case (nil, let variable?): places[member.name] = .variable(variable)
            default: secrets.refuse(member.name, "must have either file or environment")
            }
        }
        return places
    }
}

extension SourceRules {
    /// The rules that the configuration makes.
    init(_ settings: SourceSettings, environment: [String: String]) {
        self.init(
            hosts: Set(settings.hosts), folders: settings.folders,
            secrets: SecretPlaces(settings.secrets, environment: environment))
    }
}
