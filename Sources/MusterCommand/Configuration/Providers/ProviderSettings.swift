import MusterCore
import MusterRuntime

/// A provider that is enabled.
struct ProviderSettings: Hashable, Sendable {
    /// The name that pool definitions use.
    var id: ProviderID
    /// What runs the workers, and how that is set up.
    var kind: Kind

    /// What runs the workers, with what muster.yaml says of it.
    enum Kind: Hashable, Sendable {
        /// Processes on this machine.
        case local(LocalSettings)
        /// Containers of a Docker Engine.
        case docker(DockerSettings)
        /// People: each worker is made by hand.
        case `static`
        /// Amazon's EC2.
        case aws(AWSSettings)
        /// Google's Compute Engine.
        case google(GoogleSettings)
        /// Azure's virtual machines.
        case azure(AzureSettings)
    }

    /// The words for the kinds.
    enum KindName: String, CaseIterable, Sendable {
        case local
        case docker
        case `static`
        case aws
        case google
        case azure
    }
}

/// What the settings of providers refer to.
struct ProviderSurroundings {
    /// The folder that relative paths are relative to.
    let folder: String
    /// The credentials that may be named.
    let secrets: [String: SecretPlaces.Place]
}

extension DocumentReader {
    /// Reads the key `providers`.
    func providers(in surroundings: ProviderSurroundings) -> [ProviderSettings] {
        guard let found = document("providers") else { return [] }
        guard case .object(let members) = found.value else {
            refuse("providers", "must be an object of providers by their ids, not \(found.kind)")
            return []
        }
        let reader = object("providers")
        return members.compactMap { member -> ProviderSettings? in
            let provider = reader.object(member.name)
            let kind = provider.providerKind(member.document, in: surroundings)
            do throws(Problem) {
                let id = try ProviderID(validating: member.name)
                return kind.map { ProviderSettings(id: id, kind: $0) }
            } catch {
                reader.refuse(member.name, error.message)
                return nil
            }
        }
    }

    /// Reads one provider; nil when its kind is not known, which is a problem then.
    private func providerKind(
        _ document: Document, in surroundings: ProviderSurroundings
    ) -> ProviderSettings.Kind? {
        let name = choice("kind", ProviderSettings.KindName.self)
        if !has("kind") { refuse("kind", "is missing") }
        // Which fields there are is for the kind to say.
        guard let name else { return nil }
        defer { refuseUnknown() }
        return switch name {
        case .local: .local(LocalSettings(self, in: surroundings))
        case .docker: .docker(DockerSettings(self, in: surroundings))
        case .static: .static
        case .aws: .aws(AWSSettings(self, document))
        case .google: .google(GoogleSettings(self, in: surroundings))
        case .azure: .azure(AzureSettings(self, in: surroundings))
        }
    }

    /// The name of a secret that is defined under `secrets`.
    func secretName(_ name: String, in surroundings: ProviderSurroundings) -> String? {
        guard let secret = string(name) else { return nil }
        guard surroundings.secrets[secret] != nil else {
            // What stands here may be the secret itself.
            refuse(name, "must be the name of a secret that is defined under secrets")
            return nil
        }
        return secret
    }

    /// Absolute paths, of those that are written.
    func paths(_ name: String, in surroundings: ProviderSurroundings) -> [String] {
        let written = strings(name, limit: 1_000) ?? []
        if written.contains(where: { $0.isEmpty || $0.split(separator: "/").contains("..") }) {
            refuse(name, "must hold paths without ..")
        }
        return written.map { ConfigurationFile.absolute($0, in: surroundings.folder) }
    }
}
