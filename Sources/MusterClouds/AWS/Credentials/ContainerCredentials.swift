import MusterCore
import MusterHTTP
import MusterRuntime

/// The metadata service of ECS tasks and EKS pods.
struct ContainerCredentials: AWSCredentialSource {
    let environment: [String: String]
    let client: HTTPClient

    func fetch() async throws(Problem) -> AWSCredentials? {
        guard let url = try url() else { return nil }
        var headers = [(name: "Accept", value: "application/json")]
        if let token = try token() { headers.append(("Authorization", token.reveal())) }
        let response = try await client.send(
            HTTPRequest(
                .get, url, headers: headers, timeout: CloudPolicy.metadataTimeout,
                connectTimeout: CloudPolicy.metadataConnectTimeout,
                bodyLimit: CloudPolicy.largestCredentialsFile))
        return try MetadataAnswer.credentials(response, origin: "the container's credentials service")
    }

    private func url() throws(Problem) -> String? {
        if let path = environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"], !path.isEmpty {
            // Anything else would become part of the host's name.
            guard path.hasPrefix("/") else {
                throw Problem(
                    .unavailable, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI must begin with a slash")
            }
            return "http://169.254.170.2\(path)"
        }
        guard let url = environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"], !url.isEmpty else { return nil }
        guard let target = try? HTTPTarget(url: url, unixSocketPath: nil),
            target.isSecure || target.isLoopback || Self.services.contains(target.host)
        else {
            throw Problem(
                .unavailable,
                "AWS_CONTAINER_CREDENTIALS_FULL_URI must be https, or of this machine or its metadata services"
            )
        }
        return url
    }

    /// The metadata services: a token must not be sent in the clear to just any host.
    private static let services = ["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"]

    private func token() throws(Problem) -> Secret<String>? {
        if let path = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"], !path.isEmpty {
            let bytes = try TextFile.read(path, limit: CloudPolicy.largestCredentialsFile)
            let text = String(decoding: bytes, as: UTF8.self)
            return Secret(String(text.reversed().drop(while: \.isNewline).reversed()))
        }
        return environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"].flatMap { $0.isEmpty ? nil : Secret($0) }
    }
}
