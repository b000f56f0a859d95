import FoundationEssentials
import MusterCore
import MusterHTTP
import MusterRuntime

/// Calls to Google: with a token, at the pace of the quotas, again where that helps.
final class GoogleAPI: Sendable {
    let project: String
    private let provider: ProviderID
    private let endpoints: GoogleEndpoints
    private let rates: GoogleRates
    private let client: PacedClient
    private let tokens: GoogleTokens
    private let clock: any WallClock

    init(_ configuration: GoogleProviderConfiguration, client: PacedClient, clock: any WallClock) {
        project = configuration.project
        provider = configuration.id
        endpoints = configuration.endpoints
        rates = configuration.rates
        self.client = client
        self.clock = clock
        tokens = GoogleTokens(configuration, client: client, clock: clock)
    }

    /// The address of something of the project's in Compute Engine.
    func compute(_ path: String) -> String {
        "\(endpoints.compute)/projects/\(GoogleAddress.escaped(project))" + (path.isEmpty ? "" : "/\(path)")
    }

    /// The address of something in Compute Engine that may be another project's: `projects/debian-cloud/...`.
    func anywhere(_ path: String) -> String { "\(endpoints.compute)/\(path)" }

    /// The address of a question about the project itself.
    func projectQuestion(_ verb: String) -> String {
        "\(endpoints.resourceManager)/projects/\(GoogleAddress.escaped(project)):\(verb)"
    }

    /// How long until there may be calls again after one that was one too many.
    var window: Duration { QuotaWindow.rest(at: clock.now()) }

    /// Makes a call and reads its answer.
    func value<Answer: Decodable & Sendable>(
        _ call: GoogleCall, as type: Answer.Type
    ) async throws(GoogleFailure) -> Answer {
        try await answer(call, as: type).value
    }

    /// The same with the answer's headers.
    func answer<Answer: Decodable & Sendable>(
        _ call: GoogleCall, as type: Answer.Type
    ) async throws(GoogleFailure) -> (value: Answer, response: HTTPResponse) {
        let response = try await response(call)
        do {
            return (try JSONDecoder().decode(type, from: Data(response.body)), response)
        } catch {
            throw .problem(
                Problem(.answerUnexpected, "Google's answer to \(call.kind.rawValue) cannot be read"),
                mayHaveArrived: true)
        }
    }

    /// Makes a call; an answer of another status than success is a failure.
    private func response(_ call: GoogleCall) async throws(GoogleFailure) -> HTTPResponse {
        let end = clock.uptime() + call.deadline
        var answer = try await send(call, isOpen: false)
        var again = call
        again.deadline = end - clock.uptime()
        if answer.response.status == 401, again.deadline >= GooglePolicy.shortestCall {
            // The token may have been withdrawn before its end; another one tells.
            tokens.invalidate()
            answer = try await send(again, isOpen: answer.isOpen)
        }
        let response = answer.response
        guard (200..<300).contains(response.status) else {
            throw .refused(
                status: response.status,
                GoogleFault.faults(inAnswer: response.body, status: response.status),
                retryAfter: RetryAfter.wait(response, now: clock.now()), mayHaveArrived: answer.isOpen)
        }
        return response
    }

    /// - Parameter isOpen: whether it may have been carried out before.
    private func send(
        _ call: GoogleCall, isOpen: Bool
    ) async throws(GoogleFailure) -> (response: HTTPResponse, isOpen: Bool) {
        let kind = CallKind(provider: provider.rawValue, region: call.region, name: call.kind.rawValue)
        do throws(CallFailure) {
            let answer = try await client.exchange(
                kind,
                // Launches have request ids and names: sending one twice does what sending it once does.
                CallPolicy(rate: rates.rate(call.kind), deadline: call.deadline, isRepeatable: true),
                request: { () async throws(Problem) in
                    var headers = [try await tokens.header()]
                    if call.body != nil { headers.append(("Content-Type", "application/json")) }
                    return HTTPRequest(
                        call.method, call.url, headers: headers, body: call.body, timeout: call.deadline)
                },
                judge: { self.verdict($0) })
            return (answer.response, isOpen || answer.hadUnclearAttempt)
        } catch {
            throw .problem(error.problem, mayHaveArrived: isOpen || error.mayHaveArrived)
        }
    }

    private func verdict(_ response: HTTPResponse) -> CallVerdict {
        guard response.status >= 400 else { return .done }
        let faults = GoogleFault.faults(inAnswer: response.body, status: response.status)
        let meanings = faults.map(GoogleErrorTable.meaning)
        if meanings.contains(.throttled) {
            return .throttled(after: response.header("Retry-After") == nil ? window : nil)
        }
        if meanings.contains(.capacity) { return .failed(label: "capacity") }
        if response.status >= 500 || response.status == 408 { return .again(after: nil) }
        return .failed(label: faults.first.map(Self.label) ?? "unknown")
    }

    private static func label(_ fault: GoogleFault) -> String {
        switch GoogleErrorTable.meaning(fault) {
        case .capacity: "capacity"
        case .quota, .addresses: "quota"
        case .throttled: "throttled"
        case .invalid: "invalid-config"
        case .auth: "auth"
        case .notFound: "not-found"
        case .exists: "exists"
        case .transient: "transient"
        case .unknown: "unknown"
        }
    }
}
