import MusterCore
import MusterCrypto
import MusterHTTP
import MusterRuntime

extension AzureTokenFetch {
    /// The request, with what is secret read now.
    func request() throws(Problem) -> HTTPRequest {
        switch configuration.credential {
        case .clientSecret(let tenant, let client, let secret):
            return form(tenant, client, ["client_secret": try secret().reveal()])
        case .clientCertificate(let tenant, let client, let pem):
            let assertion = try assertion(tenant, client, pem: try pem())
            return form(tenant, client, Self.assertion(assertion))
        case .workloadIdentity(let tenant, let client, let file):
            let tenant = try given(tenant, "AZURE_TENANT_ID")
            let client = try given(client, "AZURE_CLIENT_ID")
            let path = try given(file, "AZURE_FEDERATED_TOKEN_FILE")
            let bytes = try TextFile.read(path, limit: CloudPolicy.azureTokenBytes)
            let token = String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace }
            return form(tenant, client, Self.assertion(token))
        case .managedIdentity(let client): return managed(client)
        }
    }

    private static func assertion(_ token: String) -> [String: String] {
        [
            "client_assertion": token,
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        ]
    }

    private func tokenURL(_ tenant: String) -> String {
        "\(configuration.endpoints.login)/\(tenant)/oauth2/v2.0/token"
    }

    private func form(_ tenant: String, _ client: String, _ proof: [String: String]) -> HTTPRequest {
        var fields = proof
        fields["grant_type"] = "client_credentials"
        fields["client_id"] = client
        fields["scope"] = "\(configuration.endpoints.audience)/.default"
        let body = fields.sorted { $0.key < $1.key }
            .map { "\($0.key)=\(AzureText.encoded($0.value))" }.joined(separator: "&")
        return HTTPRequest(
            .post, tokenURL(tenant), headers: [("Content-Type", "application/x-www-form-urlencoded")],
            body: Array(body.utf8), bodyLimit: CloudPolicy.azureTokenBytes)
    }

    /// The token with which an application proves that it has the key of its certificate.
    private func assertion(
        _ tenant: String, _ client: String, pem: Secret<String>
    ) throws(Problem) -> String {
        do {
            let certificate = try Certificate(pem: pem.reveal())
            let key = try RSAPrivateKey(pem: pem.reveal())
            let now = clock.now().milliseconds / 1_000
            let id = Base64URL.text(SHA256.hash(Array("\(client) \(clock.now().milliseconds)".utf8)))
            return try JSONWebToken.signed(
                [
                    "aud": .text(tokenURL(tenant)), "iss": .text(client), "sub": .text(client),
                    "jti": .text(id),
                    "nbf": .number(now), "iat": .number(now),
                    "exp": .number(now + CloudPolicy.azureAssertionLife),
                ],
                header: ["x5t#S256": .text(Base64URL.text(certificate.thumbprintSHA256))], key: key)
        } catch {
            throw Problem(.inputInvalid, "the client certificate cannot be used: \(error)")
        }
    }

    /// Apps have an endpoint of their own, machines the metadata service.
    private func managed(_ client: String?) -> HTTPRequest {
        let resource = AzureText.encoded(configuration.endpoints.audience)
        let chosen = client.map { "&client_id=\(AzureText.encoded($0))" } ?? ""
        let environment = configuration.environment.reveal()
        if let endpoint = environment["IDENTITY_ENDPOINT"], let header = environment["IDENTITY_HEADER"] {
            return HTTPRequest(
                .get, "\(endpoint)?api-version=2019-08-01&resource=\(resource)\(chosen)",
                headers: [("X-IDENTITY-HEADER", header)], connectTimeout: CloudPolicy.azureMetadataConnect,
                bodyLimit: CloudPolicy.azureTokenBytes)
        }
        let path = "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=\(resource)\(chosen)"
        return HTTPRequest(
            .get, configuration.endpoints.metadata + path, headers: [("Metadata", "true")],
            connectTimeout: CloudPolicy.azureMetadataConnect, bodyLimit: CloudPolicy.azureTokenBytes)
    }

    private func given(_ value: String?, _ variable: String) throws(Problem) -> String {
        guard let found = value ?? configuration.environment.reveal()[variable], !found.isEmpty else {
            throw Problem(
                .unavailable,
                "neither the configuration nor \(variable) says what the workload identity needs")
        }
        return found
    }
}
