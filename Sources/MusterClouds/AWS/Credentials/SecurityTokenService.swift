import MusterCore
import MusterHTTP
import MusterRuntime

/// AWS's Security Token Service: roles that are taken on, and who a caller is.
///
/// Each region has one of its own, and what one gives holds in all regions of the partition: where one does not answer,
/// the next is asked.
struct SecurityTokenService: Sendable {
    /// The service of a region.
    struct Place: Hashable, Sendable {
        var region: String
        /// The service's address.
        var endpoint: String
    }

    let client: HTTPClient
    let clock: any WallClock
    private let places: [Place]
    /// The one that answered last.
    private let preferred = Locked(0)

    /// - Parameter places: the first of those that have one address is asked.
    init(client: HTTPClient, clock: any WallClock, places: [Place]) {
        self.client = client
        self.clock = clock
        var seen: Set<String> = []
        self.places = places.filter { seen.insert($0.endpoint).inserted }
    }

    /// The services of a provider's regions.
    init(_ configuration: AWSConfiguration, client: HTTPClient, clock: any WallClock) {
        let places = configuration.regions.map { Place(region: $0, endpoint: configuration.sts($0)) }
        self.init(client: client, clock: clock, places: places)
    }

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

    /// Sends a call, signed where there are credentials, to one region after the other until one answers.
    ///
    /// - Throws: `network-failed`, or the problem of the last one, when none does.
    func send(
        _ parameters: [(name: String, value: String)], with credentials: AWSCredentials?
    ) async throws(Problem) -> HTTPResponse {
        let body = Array(PercentEncoding.form(parameters).utf8)
        let first = preferred.withLock { $0 }
        var failure = Problem(.inputInvalid, "the provider has no region whose token service could be asked")
        for step in places.indices {
            let index = (first + step) % places.count
            let region = places[index].region
            do throws(Problem) {
                let response = try await send(body, to: places[index], with: credentials)
                let fault = AWSFault(response)?.code ?? "status-\(response.status)"
                guard response.status >= 500 || AWSErrorTable.isThrottling(fault) else {
                    preferred.withLock { $0 = index }
                    return response
                }
                failure = Problem(.networkFailed, "the token service of \(region) answered with \(fault)")
            } catch {
                guard error.isOfTheNetwork else { throw error }
                failure = error
            }
        }
        throw failure
    }

    private func send(
        _ body: [UInt8], to place: Place, with credentials: AWSCredentials?
    ) async throws(Problem) -> HTTPResponse {
        let type = "application/x-www-form-urlencoded; charset=utf-8"
        var headers = [(name: "Content-Type", value: type)]
        let address = try AWSEndpoint(place.endpoint)
        if let credentials {
            let signer = RequestSigner(credentials: credentials, region: place.region, service: "sts")
            headers = signer.headers(
                host: address.host, path: address.path, body: body, contentType: type, at: clock.now())
        }
        return try await client.send(
            HTTPRequest(
                .post, place.endpoint, headers: headers, body: body, timeout: CloudPolicy.tokenServiceTimeout,
                connectTimeout: CloudPolicy.tokenServiceConnectTimeout,
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
