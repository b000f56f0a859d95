import MusterCore
import MusterHTTP
public import MusterRuntime

/// What task sources may reach, as muster.yaml says: nothing, unless it is named.
public struct SourceRules: Sendable {
    /// Hosts, each `name` or `name:port`.
    public var hosts: Set<String>
    /// Absolute folders, at any depth.
    public var folders: [String]
    /// The credentials that headers may name.
    public var secrets: SecretPlaces

    /// Makes rules.
    public init(
        hosts: Set<String> = [], folders: [String] = [],
        secrets: SecretPlaces = SecretPlaces()
    ) {
        self.hosts = hosts
        self.folders = folders
        self.secrets = secrets
    }

    /// What is wrong with a source; fields are paths within it.
    func problems(in source: ExternalSource) -> [Problem] {
        switch source.place {
        case .file(let path):
            return allows(file: path)
                ? []
                : [
                    Problem(
                        .notPermitted, "is not below one of sources.folders in muster.yaml", field: "path")
                ]
        case .http(let url, let headers, _):
            do throws(Problem) {
                let target = try HTTPTarget(url: url)
                return problems(at: target) + headers.compactMap { problem(with: $0, at: target) }
            } catch {
                return [error]
            }
        }
    }

    /// Whether a file, by its absolute path, is in one of the folders.
    func allows(file path: String) -> Bool {
        folders.contains { path.hasPrefix($0 == "/" ? "/" : $0 + "/") }
    }

    private func problems(at target: HTTPTarget) -> [Problem] {
        guard !hosts.contains(target.host), !hosts.contains("\(target.host):\(target.port)") else {
            return []
        }
        return [
            Problem(
                .notPermitted,
                "the host \(target.host):\(target.port) is not among sources.hosts in muster.yaml",
                field: "url")
        ]
    }

    private func problem(with header: ExternalSource.Header, at target: HTTPTarget) -> Problem? {
        let field = "headers.\(header.name)"
        switch header.value {
        case .text(let text):
            return HeaderRules.fault(name: header.name, value: text).map {
                Problem(.inputInvalid, $0, field: field)
            }
        case .secret(let name, _):
            guard secrets.has(name) else {
                return Problem(.inputInvalid, "there is no secret \(name) in muster.yaml", field: field)
            }
            guard target.isSecure || target.isLoopback else {
                return Problem(
                    .notPermitted, "a secret is sent over https only, or to this machine", field: field)
            }
            return HeaderRules.fault(name: header.name, value: "").map {
                Problem(.inputInvalid, $0, field: field)
            }
        }
    }

    /// What a header says, its secret read.
    func text(of value: ExternalSource.Header.Value) throws(Problem) -> String {
        switch value {
        case .text(let text): return text
        case .secret(let name, let prefix):
            return prefix + (try secrets.read(name).reveal())
        }
    }
}
