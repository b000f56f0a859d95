import MusterCore
import MusterHTTP
import MusterRuntime

/// The instance's role, by version 2 of the instance metadata service. Version 1 is never asked.
struct InstanceMetadataCredentials: AWSCredentialSource {
    let environment: [String: String]
    let client: HTTPClient
    /// Whether it has ever answered: this is an instance then, and silence a fault that passes.
    private let isKnown = Locked(false)

    init(environment: [String: String], client: HTTPClient) {
        self.environment = environment
        self.client = client
    }

    func fetch() async throws(Problem) -> AWSCredentials? {
        guard environment["AWS_EC2_METADATA_DISABLED"]?.lowercased() != "true" else { return nil }
        let token: HTTPResponse
        do throws(Problem) {
            token = try await client.send(
                request(
                    .put, "/latest/api/token",
                    headers: [("X-aws-ec2-metadata-token-ttl-seconds", "21600")]))
        } catch {
            // No such service: this is no instance.
            if error.code == .networkRefused || error.code == .networkTimeout, !isKnown.withLock({ $0 }) {
                return nil
            }
            throw error
        }
        isKnown.withLock { $0 = true }
        guard token.status == 200, let secret = String(validating: token.body, as: UTF8.self) else {
            throw Problem(
                token.status >= 500 ? .networkFailed : .unavailable,
                "\(Self.origin) gave no session token (status \(token.status))")
        }
        let headers = [(name: "X-aws-ec2-metadata-token", value: secret)]
        let path = "/latest/meta-data/iam/security-credentials/"
        let roles = try await client.send(request(.get, path, headers: headers))
        if roles.status == 404 { return nil }
        guard roles.status == 200,
            let role = String(decoding: roles.body, as: UTF8.self).split(whereSeparator: \.isNewline).first
        else { throw Problem(.unavailable, "\(Self.origin) names no role (status \(roles.status))") }
        let answer = try await client.send(
            request(.get, path + PercentEncoding.encode(String(role)), headers: headers))
        return try MetadataAnswer.credentials(answer, origin: Self.origin)
    }

    private static let origin = "the instance metadata service"

    private func request(
        _ method: HTTPMethod, _ path: String, headers: [(name: String, value: String)]
    ) -> HTTPRequest {
        let base = environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] ?? "http://169.254.169.254"
        let root = base.hasSuffix("/") ? String(base.dropLast()) : base
        return HTTPRequest(
            method, root + path, headers: headers, timeout: CloudPolicy.metadataTimeout,
            connectTimeout: CloudPolicy.metadataConnectTimeout, bodyLimit: CloudPolicy.largestCredentialsFile)
    }
}
