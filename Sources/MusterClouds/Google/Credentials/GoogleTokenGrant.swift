import FoundationEssentials
import MusterCore
import MusterHTTP
import MusterRuntime

/// The calls by which a token is had. No answer of theirs is ever quoted but an error's code.
struct GoogleTokenGrant: Sendable {
    typealias Token = (Secret<String>, expiresAt: Timestamp?)

    private let credentials: GoogleCredentials
    private let endpoints: GoogleEndpoints
    private let client: PacedClient
    private let kind: CallKind
    private let clock: any WallClock

    init(_ configuration: GoogleProviderConfiguration, client: PacedClient, clock: any WallClock) {
        credentials = configuration.credentials
        endpoints = configuration.endpoints
        self.client = client
        self.clock = clock
        kind = CallKind(provider: configuration.id.rawValue, region: "global", name: "token")
    }

    func fetch() async throws(Problem) -> Token {
        switch credentials {
        case .metadataServer: return try await ask()
        case .file(let source):
            switch try GoogleCredentialsFile(try source().reveal()) {
            case .key(let key): return try await exchange(key)
            case .external(let account): return try await exchange(account)
            }
        }
    }

    private func exchange(_ key: GoogleServiceAccountKey) async throws(Problem) -> Token {
        let response = try await call { () throws(Problem) in
            let assertion = try key.assertion(scope: GoogleTokens.scope, at: clock.now())
            return Self.form(
                endpoints.token ?? key.tokenAddress,
                [
                    ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
                    ("assertion", assertion.reveal()),
                ])
        }
        return try granted(response, by: "the token endpoint of \(key.email)")
    }

    private func ask() async throws(Problem) -> Token {
        let response = try await call { () throws(Problem) in
            HTTPRequest(
                .get,
                "\(endpoints.metadata)/computeMetadata/v1/instance/service-accounts/default/token",
                headers: [("Metadata-Flavor", "Google")], timeout: GooglePolicy.tokenDeadline)
        }
        // Whatever else listens at that address must not be taken for Google.
        guard response.header("Metadata-Flavor") == "Google" else {
            throw Problem(
                .notAuthenticated, "what answers at \(endpoints.metadata) is no metadata server of Google's")
        }
        return try granted(response, by: "the metadata server")
    }

    private func exchange(_ account: GoogleExternalAccount) async throws(Problem) -> Token {
        let subject = try await subjectToken(account)
        let response = try await call { () throws(Problem) in
            Self.form(
                endpoints.token ?? account.tokenAddress,
                [
                    ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
                    ("audience", account.audience), ("scope", GoogleTokens.scope),
                    ("requested_token_type", "urn:ietf:params:oauth:token-type:access_token"),
                    ("subject_token_type", account.subjectTokenType), ("subject_token", subject.reveal()),
                ])
        }
        let exchanged = try granted(response, by: "the token exchange")
        guard let (address, lifetime) = account.impersonation else { return exchanged }
        let impersonated = try await call { () throws(Problem) in
            HTTPRequest(
                .post, endpoints.impersonation ?? address,
                headers: [
                    ("Authorization", "Bearer \(exchanged.0.reveal())"), ("Content-Type", "application/json"),
                ],
                body: JSON.encode(Impersonation(scope: [GoogleTokens.scope], lifetime: "\(lifetime)s")),
                timeout: GooglePolicy.tokenDeadline)
        }
        return try self.impersonated(impersonated)
    }

    private func subjectToken(_ account: GoogleExternalAccount) async throws(Problem) -> Secret<String> {
        switch account.source {
        case .file(let path):
            return try account.subjectToken(in: TextFile.read(path, limit: GooglePolicy.credentialBytes))
        case .address(let address, let headers):
            let response = try await call { () throws(Problem) in
                HTTPRequest(
                    .get, address,
                    headers: headers.sorted { $0.key < $1.key }.map { ($0.key, $0.value.reveal()) },
                    timeout: GooglePolicy.tokenDeadline, bodyLimit: GooglePolicy.credentialBytes)
            }
            guard response.status == 200 else {
                throw Problem(
                    .notAuthenticated,
                    "the source of the subject token answers with status \(response.status)")
            }
            return try account.subjectToken(in: response.body)
        }
    }

    /// Every such call may be repeated: each of them only makes another token.
    private func call(_ request: @Sendable () throws(Problem) -> HTTPRequest) async throws(Problem)
        -> HTTPResponse
    {
        try await client.send(
            kind, CallPolicy(deadline: GooglePolicy.tokenDeadline, isRepeatable: true),
            request: { () async throws(Problem) in try request() },
            judge: { response in
                switch response.status {
                case 429: .throttled(after: nil)
                case 500...: .again(after: nil)
                default: .done
                }
            })
    }

    private func granted(_ response: HTTPResponse, by whom: String) throws(Problem) -> Token {
        guard response.status == 200 else { throw Self.refusal(response, by: whom) }
        guard let answer = try? JSONDecoder().decode(Granted.self, from: Data(response.body)),
            Self.isToken(answer.accessToken), answer.expiresIn > 0
        else { throw Problem(.answerUnexpected, "\(whom) answered with something that is no token") }
        return (
            Secret(answer.accessToken), clock.now() + .seconds(min(answer.expiresIn, 86_400))
        )
    }

    private func impersonated(_ response: HTTPResponse) throws(Problem) -> Token {
        let whom = "the impersonation of the service account"
        guard response.status == 200 else { throw Self.refusal(response, by: whom) }
        guard let answer = try? JSONDecoder().decode(Impersonated.self, from: Data(response.body)),
            Self.isToken(answer.accessToken), let end = Timestamp(answer.expireTime)
        else { throw Problem(.answerUnexpected, "\(whom) answered with something that is no token") }
        return (Secret(answer.accessToken), end)
    }

    /// Says what was refused with the answer's code, of which nothing but a word is taken.
    private static func refusal(_ response: HTTPResponse, by whom: String) -> Problem {
        let code = (try? JSON.document(response.body)).flatMap { document -> String? in
            let error = document["error"]
            for place in [error, error?["status"]] {
                if case .string(let word)? = place?.value, isWord(word) { return word }
            }
            return nil
        }
        let reason = code.map { " (\($0))" } ?? ""
        return Problem(
            response.status >= 500 ? .unavailable : .notAuthenticated,
            "\(whom) gave no token: status \(response.status)\(reason)")
    }

    private static func isWord(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { $0 == 95 || (65...90).contains($0) || (97...122).contains($0) }
    }

    /// What may stand in a header.
    private static func isToken(_ text: String) -> Bool {
        (1...GooglePolicy.credentialBytes).contains(text.utf8.count)
            && text.utf8.allSatisfy { (33...126).contains($0) }
    }

    private static func form(_ address: String, _ fields: [(String, String)]) -> HTTPRequest {
        let body = fields.map { "\(GoogleAddress.escaped($0))=\(GoogleAddress.escaped($1))" }.joined(
            separator: "&")
        return HTTPRequest(
            .post, address, headers: [("Content-Type", "application/x-www-form-urlencoded")],
            body: Array(body.utf8), timeout: GooglePolicy.tokenDeadline,
            bodyLimit: GooglePolicy.credentialBytes)
    }

    private struct Granted: Decodable {
        var accessToken: String
        var expiresIn: Int

        enum CodingKeys: String, CodingKey {
            case accessToken = "access_token"
            case expiresIn = "expires_in"
        }
    }

    private struct Impersonation: Encodable {
        var scope: [String]
        var lifetime: String
    }

    private struct Impersonated: Decodable {
        var accessToken: String
        var expireTime: String
    }
}
