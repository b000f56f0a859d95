import MusterCore
import MusterRuntime

/// A profile of the shared credentials and config files, with roles that are taken on from other profiles.
struct ProfileCredentials: AWSCredentialSource {
    let environment: [String: String]
    /// The profile that settings name; nil is that of the environment, or the default one.
    let named: String?
    let tokenService: SecurityTokenService
    /// What `credential_source` names.
    let others: [String: any AWSCredentialSource]

    func fetch() async throws(Problem) -> AWSCredentials? {
        let name = named ?? environment["AWS_PROFILE"] ?? "default"
        let isAskedFor = named != nil || environment["AWS_PROFILE"] != nil
        let files = try Files(environment)
        guard files.profile(name) != nil else {
            guard isAskedFor else { return nil }
            throw Problem(.unavailable, "the shared AWS files have no profile \(name)")
        }
        return try await credentials(name, files, through: [], isAskedFor: isAskedFor)
    }

    /// - Parameter through: the profiles that led here.
    private func credentials(
        _ name: String, _ files: Files, through: [String], isAskedFor: Bool
    ) async throws(Problem) -> AWSCredentials? {
        guard let profile = files.profile(name) else {
            throw Problem(
                .unavailable, "the shared AWS files have no profile \(name), which another one names")
        }
        // A profile that is its own source has keys for it.
        if let arn = profile["role_arn"], through.last != name {
            return try await assume(arn, profile, name, files, through: through)
        }
        if let id = profile["aws_access_key_id"] {
            guard let key = profile["aws_secret_access_key"] else {
                throw Problem(.unavailable, "the profile \(name) has aws_access_key_id and no secret key")
            }
            return AWSCredentials(
                accessKeyID: id, secretAccessKey: Secret(key),
                sessionToken: profile["aws_session_token"].map { Secret($0) }, origin: "the profile \(name)")
        }
        for (setting, what) in Self.unsupported where profile[setting] != nil {
            throw Problem(
                .unavailable,
                "the profile \(name) uses \(setting): \(what); use keys, a role or a web identity")
        }
        guard isAskedFor else { return nil }
        throw Problem(.unavailable, "the profile \(name) of the shared AWS files has no credentials")
    }

    private static let unsupported = [
        ("credential_process", "Muster runs no other programs for credentials"),
        ("sso_session", "a sign-in in a browser is nothing for a service"),
        ("sso_start_url", "a sign-in in a browser is nothing for a service"),
    ]

    private func assume(
        _ arn: String, _ profile: [String: String], _ name: String, _ files: Files, through: [String]
    ) async throws(Problem) -> AWSCredentials {
        let role = AWSCredentialSettings.Role(
            arn: arn, externalID: profile["external_id"], sessionName: profile["role_session_name"])
        if let file = profile["web_identity_token_file"] {
            return try await tokenService.assume(role, webIdentityFile: file)
        }
        let base: AWSCredentials?
        if let source = profile["source_profile"] {
            guard source == name || !through.contains(source), through.count < CloudPolicy.longestRoleChain
            else {
                throw Problem(
                    .unavailable, "the profiles of the shared AWS files lead in a circle at \(name)")
            }
            base = try await credentials(source, files, through: through + [name], isAskedFor: true)
        } else if let source = profile["credential_source"] {
            guard let other = others[source] else {
                throw Problem(.unavailable, "the profile \(name) has an unknown credential_source")
            }
            base = try await other.fetch()
        } else {
            throw Problem(
                .unavailable,
                "the profile \(name) has a role_arn and neither source_profile nor credential_source")
        }
        guard let base else {
            throw Problem(
                .unavailable, "there are no credentials with which to take on the role of profile \(name)")
        }
        return try await tokenService.assume(role, with: base)
    }

    /// Both files; one that is not there is empty.
    private struct Files {
        let credentials: SharedFile
        let config: SharedFile

        init(_ environment: [String: String]) throws(Problem) {
            credentials = try Self.read(
                environment["AWS_SHARED_CREDENTIALS_FILE"], "credentials", environment, isConfig: false)
            config = try Self.read(environment["AWS_CONFIG_FILE"], "config", environment, isConfig: true)
        }

        /// What both say of a profile; the credentials file has the last word.
        func profile(_ name: String) -> [String: String]? {
            guard let first = config.profile(name) else { return credentials.profile(name) }
            return first.merging(credentials.profile(name) ?? [:]) { $1 }
        }

        private static func read(
            _ path: String?, _ name: String, _ environment: [String: String], isConfig: Bool
        ) throws(Problem) -> SharedFile {
            guard let path = path ?? environment["HOME"].map({ "\($0)/.aws/\(name)" }),
                FilePresence.isThere(path)
            else { return SharedFile("", isConfig: isConfig) }
            let bytes = try TextFile.read(path, limit: CloudPolicy.largestCredentialsFile)
            return SharedFile(String(decoding: bytes, as: UTF8.self), isConfig: isConfig)
        }
    }
}
