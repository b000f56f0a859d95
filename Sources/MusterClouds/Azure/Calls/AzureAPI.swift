import MusterCore
import MusterHTTP
import MusterRuntime

/// Sends calls of the resource manager: with a token, at Azure's pace, and noting what it says is left.
final class AzureAPI: Sendable {
    let configuration: AzureConfiguration
    let paths: AzurePaths
    let client: PacedClient
    let clock: any WallClock
    let token: AzureToken

    init(_ configuration: AzureConfiguration, client: PacedClient, clock: any WallClock) {
        self.configuration = configuration
        self.client = client
        self.clock = clock
        paths = AzurePaths(configuration: configuration)
        token = AzureToken(configuration, client: client, clock: clock)
    }

    /// The answer, whatever its status, of a call of which it does not matter whether it has been carried out.
    func answer(_ request: AzureRequest) async throws(Problem) -> HTTPResponse {
        do throws(CallFailure) {
            return try await exchange(request).response
        } catch {
            throw error.problem
        }
    }

    /// The answer, whatever its status, with what it does not tell.
    ///
    /// - Throws: what reading the credential or the network threw.
    func exchange(_ request: AzureRequest) async throws(CallFailure) -> CallAnswer {
        let kind = CallKind(
            provider: configuration.id.rawValue, region: request.location, name: request.kind.rawValue)
        let policy = CallPolicy(
            rate: request.kind.rate, deadline: request.deadline, isRepeatable: request.isRepeatable)
        let answer = try await client.exchange(kind, policy) {
            [token, configuration] () async throws(Problem) in
            guard configuration.endpoints.isManagement(request.url) else {
                throw Problem(
                    .answerUnexpected, "the resource manager named an address that is not its own")
            }
            let credential = try await token.current()
            var headers = request.headers
            headers.append(("Authorization", "Bearer \(credential.reveal())"))
            headers.append(("Accept", "application/json"))
            if request.body != nil { headers.append(("Content-Type", "application/json")) }
            return HTTPRequest(
                request.method, request.url, headers: headers, body: request.body,
                bodyLimit: CloudPolicy.azurePageBytes)
        } judge: { [token] response in
            switch response.status {
            case 401:
                // Another token is tried at once; the same one is given again when it is too young to be blamed.
                token.refused()
                return .again(after: .zero)
            case 429: return .throttled(after: nil)
            case 408, 500...: return .again(after: nil)
            default: return .done
            }
        }
        note(answer.response, kind)
        return answer
    }

    /// The answer of a call that must succeed.
    func success(_ request: AzureRequest) async throws(CloudError) -> HTTPResponse {
        let response: HTTPResponse
        do throws(Problem) {
            response = try await answer(request)
        } catch {
            throw AzureErrorTable.error(error)
        }
        guard (200..<300).contains(response.status) else { throw error(response) }
        return response
    }

    func error(_ response: HTTPResponse, of subject: AzureErrorTable.Subject = .none) -> CloudError {
        AzureErrorTable.error(
            AzureErrorBody(response.body), status: response.status,
            retryAfter: RetryAfter.wait(response, now: clock.now()), of: subject)
    }

    /// Reads what an answer says.
    func read<Value: Decodable>(_ type: Value.Type, _ response: HTTPResponse) throws(CloudError) -> Value {
        do throws(Problem) {
            return try JSON.decode(type, from: response.body)
        } catch {
            throw CloudError(
                .transient, cloudCode: error.code.rawValue,
                message: "what Azure answered cannot be read: \(error.message)")
        }
    }

    /// All elements of a list, its pages followed to the end.
    ///
    /// - Throws: when any page fails: what is missing is unknown, not gone.
    func pages<Element: Decodable & Sendable>(
        _ type: Element.Type, _ request: AzureRequest
    ) async throws(CloudError) -> [Element] {
        var elements: [Element] = []
        var request = request
        var seen: Set<String> = [request.url]
        for _ in 0..<CloudPolicy.azurePages {
            let page = try read(AzurePage<Element>.self, try await success(request))
            elements += page.value
            guard let next = page.nextLink, !next.isEmpty else { return elements }
            guard seen.insert(next).inserted else { break }
            request.url = next
        }
        throw CloudError(.transient, cloudCode: "nextLink", message: "the pages of a list have no end")
    }

    /// `x-ms-ratelimit-remaining-resource: Microsoft.Compute/PutVM3Min;11,Microsoft.Compute/PutVM30Min;107`, and the
    /// resource manager's own, a header for each.
    private func note(_ response: HTTPResponse, _ kind: CallKind) {
        for (name, value) in response.headers {
            let name = name.lowercased()
            guard name.hasPrefix(Self.remaining) else { continue }
            if name == Self.remaining + "resource" {
                for (limit, left) in Self.limits(value) { client.note(limit, left, for: kind) }
            } else if let left = Double(value) {
                client.note(String(name.dropFirst(Self.remaining.count)), left, for: kind)
            }
        }
    }

    private static let remaining = "x-ms-ratelimit-remaining-"

    /// The limits of a header; what cannot be read is left out.
    static func limits(_ header: String) -> [(name: String, left: Double)] {
        header.split(separator: ",").prefix(16).compactMap { part in
            let words = part.split(separator: ";")
            guard words.count == 2, let left = Double(words[1].filter { $0 != " " }), left.isFinite else {
                return nil
            }
            let name = words[0].filter { $0 != " " }
            return (1...100).contains(name.utf8.count) ? (name, left) : nil
        }
    }
}

/// A page of a list.
struct AzurePage<Element: Decodable & Sendable>: Decodable, Sendable {
    var value: [Element]
    var nextLink: String?
}
