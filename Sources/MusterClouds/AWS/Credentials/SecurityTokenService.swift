import MusterCore
import MusterHTTP
import MusterRuntime

/// AWS's Security Token Service: roles that are taken on, and who a caller is.
struct SecurityTokenService: Sendable {
    let client: HTTPClient
    let clock: any WallClock
    let region: String
    /// The service's address.
    let endpoint: String

    /// Takes on a role with credentials.
    func assume(
        _ role: AWSCredentialSettings.Role, with credentials: AWSCredentials
    ) async throws(Problem) -> AWSCredentials {
        var parameters = named("AssumeRole", role)
        if let externalID = role.externalID { parameters.append(("ExternalId", externalID)) }
        let response = try await send(parameters, with: credentials)
        return try Self.credentials(response, "AssumeRole", origin: "the role \(role.arn)")
    }

    /// Takes on a role with the token that stands in a file now: such files are renewed.
    func assume(
        _ role: AWSCredentialSettings.Role, webIdentityFile file: String
    ) async throws(Problem) -> AWSCredentials {
        let bytes = try TextFile.read(file, limit: CloudPolicy.largestCredentialsFile)
        let text = String(decoding: bytes, as: UTF8.self)
        let token = String(text.reversed().drop(while: \.isWhitespace).reversed())
        let parameters = named("AssumeRoleWithWebIdentity", role) + [("WebIdentityToken", token)]
        let response = try await send(parameters, with: nil)
        return try Self.credentials(
            response, "AssumeRoleWithWebIdentity", origin: "the role \(role.arn) by web identity")
    }

    /// Sends a call, signed where there are credentials.
    func send(
        _ parameters: [(name: String, value: String)], with credentials: AWSCredentials?
    ) async throws(Problem) -> HTTPResponse {
        let body = Array(PercentEncoding.form(parameters).utf8)
        let type = "application/x-www-form-urlencoded; charset=utf-8"
        var headers = [(name: "Content-Type", value: type)]
        let address = try AWSEndpoint(endpoint)
        if let credentials {
            let signer = RequestSigner(credentials: credentials, region: region, service: "sts")
            headers = signer.headers(
                host: address.host, path: address.path, body: body, contentType: type, at: clock.now())
        }
        return try await client.send(
            HTTPRequest(
                .post, endpoint, headers: headers, body: body, timeout: CloudPolicy.tokenServiceTimeout,
                bodyLimit: CloudPolicy.largestCredentialsFile))
    }

    private func named(
        _ action: String, _ role: AWSCredentialSettings.Role
    ) -> [(name: String, value: String)] {
        [
            ("Action", action), ("Version", "2011-06-15"), ("RoleArn", role.arn),
            ("RoleSessionName", role.sessionName ?? "muster"),
        ]
    }

    /// The credentials in an answer; of one that has none, the service's code alone is told.
    private static func credentials(
        _ response: HTTPResponse, _ action: String, origin: String
    ) throws(Problem) -> AWSCredentials {
        guard response.status == 200 else {
            let code = AWSFault(response)?.code ?? "status \(response.status)"
            throw Problem(.unavailable, "\(origin) cannot be taken on: \(action) was answered with \(code)")
        }
        let found = try XML.elements(at: "\(action)Result/Credentials", in: response.body).first
        guard let found, let id = found.text("AccessKeyId"), let key = found.text("SecretAccessKey"),
            let token = found.text("SessionToken"),
            let end = found.text("Expiration").flatMap({ Timestamp($0) })
        else { throw Problem(.unavailable, "\(origin): the answer to \(action) has no credentials") }
        return AWSCredentials(
            accessKeyID: id, secretAccessKey: Secret(key), sessionToken: Secret(token), expiresAt: end,
            origin: origin)
    }
}
