import FoundationEssentials
import MusterCore
import MusterHTTP
import MusterRuntime

/// Fetches one token.
struct AzureTokenFetch: Sendable {
    let configuration: AzureConfiguration
    let client: PacedClient
    let clock: any WallClock

    func run() async throws(Problem) -> (Secret<String>, expiresAt: Timestamp?) {
        let kind = CallKind(provider: configuration.id.rawValue, region: "global", name: "token")
        let policy = CallPolicy(deadline: CloudPolicy.azureTokenDeadline, attempts: 4, isRepeatable: true)
        let response = try await client.send(kind, policy) {
            () async throws(Problem) in
            try request()
        } judge: { response in
            switch response.status {
            case 429: .throttled(after: nil)
            // The metadata service says 404 and 410 while it is being renewed.
            case 408, 410, 500...: .again(after: nil)
            case 404 where isManaged: .again(after: nil)
            default: .done
            }
        }
        return try read(response)
    }

    private var isManaged: Bool {
        if case .managedIdentity = configuration.credential { return true }
        return false
    }

    /// The token and its end; `internal` for tests.
    func read(_ response: HTTPResponse) throws(Problem) -> (Secret<String>, expiresAt: Timestamp?) {
        guard response.status == 200 else {
            // The description may quote what was sent, such as a wrong secret's id: only its code is shown.
            let refusal = try? JSON.decode(AzureTokenRefusal.self, from: response.body)
            let reason = refusal?.summary ?? "status \(response.status)"
            let code: ProblemCode = (400...403).contains(response.status) ? .notAuthenticated : .unavailable
            throw Problem(code, "Azure gives no token to \(configuration.credential.words): \(reason)")
        }
        guard let answer = try? JSON.decode(AzureTokenAnswer.self, from: response.body),
            !answer.token.isEmpty, HeaderRules.fault(name: "Authorization", value: answer.token) == nil
        else { throw Problem(.answerUnexpected, "what Azure gave as a token is none") }
        return (Secret(answer.token), expiresAt: answer.end(from: clock.now()))
    }
}

/// What token endpoints answer; numbers come as such or in quotes.
struct AzureTokenAnswer: Decodable {
    var token: String
    private var lifetime: Int64?
    private var moment: Int64?

    private enum CodingKeys: String, CodingKey {
        case token = "access_token"
        case lifetime = "expires_in"
        case moment = "expires_on"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        token = try container.decode(String.self, forKey: .token)
        lifetime = Self.number(container, .lifetime)
        moment = Self.number(container, .moment)
    }

    /// When it ends; the lifetime is taken where it is told, since it does not depend on equal clocks.
    func end(from now: Timestamp) -> Timestamp? {
        if let lifetime { return now + .seconds(min(max(lifetime, 0), CloudPolicy.azureLongestToken)) }
        // Without either an hour is what tokens have always had.
        guard let moment else { return now + .seconds(3_600) }
        let latest = now + .seconds(CloudPolicy.azureLongestToken)
        return min(
            Timestamp(milliseconds: moment.multipliedReportingOverflow(by: 1_000).partialValue), latest)
    }

    private static func number(
        _ container: KeyedDecodingContainer<CodingKeys>, _ key: CodingKeys
    ) -> Int64? {
        if let number = try? container.decode(Int64.self, forKey: key) { return number }
        return (try? container.decode(String.self, forKey: key)).flatMap(Int64.init)
    }
}

/// What they answer instead; nothing of it but codes is shown.
struct AzureTokenRefusal: Decodable {
    var error: String?
    var codes: [Int]?

    private enum CodingKeys: String, CodingKey {
        case error
        case codes = "error_codes"
    }

    var summary: String? {
        guard let error, error.utf8.count <= 64,
            AzureConfiguration.isIdentifier(String(error.filter { $0 != "_" }))
        else { return nil }
        let numbers = (codes ?? []).prefix(3).map { "AADSTS\($0)" }
        return numbers.isEmpty ? error : "\(error) (\(numbers.joined(separator: ", ")))"
    }
}
