import MusterCore
import MusterHTTP
import MusterRuntime

/// Makes calls to EC2: signed, paced, and repeated where that helps.
///
/// Everything that is sent through it may be sent twice: questions, terminations, and launches with a token.
final class EC2Calls: Sendable {
    private let client: PacedClient
    private let configuration: AWSConfiguration
    private let credentials: ExpiringValue<AWSCredentials>
    private let clock: any WallClock

    init(
        _ client: PacedClient, _ configuration: AWSConfiguration,
        _ credentials: ExpiringValue<AWSCredentials>,
        clock: any WallClock
    ) {
        self.client = client
        self.configuration = configuration
        self.credentials = credentials
        self.clock = clock
    }

    /// The figures of this provider's calls.
    var figures: [CallFigures] {
        client.figures.filter { $0.kind.provider == configuration.id.rawValue }
    }

    /// Sends a form; the body of a good answer.
    func send(
        _ form: QueryForm, in region: String, deadline: Duration = CloudPolicy.awsCallDeadline
    ) async throws(EC2Failure) -> [UInt8] {
        try await send(form.action, body: form.text, in: region, deadline: deadline)
    }

    /// Sends a form that was written before.
    func send(
        _ action: String, body: String, in region: String, deadline: Duration = CloudPolicy.awsCallDeadline
    ) async throws(EC2Failure) -> [UInt8] {
        try await exchange(action, body: body, in: region, deadline: deadline).body
    }

    /// Sends a form; the whole answer, for those who look at its head.
    func exchange(
        _ action: String, body: String, in region: String, deadline: Duration = CloudPolicy.awsCallDeadline
    ) async throws(EC2Failure) -> HTTPResponse {
        let kind = CallKind(provider: configuration.id.rawValue, region: region, name: action)
        let policy = CallPolicy(
            rate: configuration.rates[action] ?? EC2Rates.rate(action), deadline: deadline,
            isRepeatable: true)
        let bytes = Array(body.utf8)
        // Whether an answer on the way left it open what came of the call: a later "too many calls" does not change
        // that.
        let isOpen = Locked(false)
        let response: HTTPResponse
        do throws(Problem) {
            response = try await client.send(
                kind, policy,
                request: { () async throws(Problem) in try await self.request(bytes, in: region) },
                judge: { answer in
                    let verdict = self.judge(answer)
                    if case .again = verdict, answer.status >= 500 { isOpen.withLock { $0 = true } }
                    return verdict
                })
        } catch {
            throw EC2Failure(
                code: error.code.rawValue, message: error.message,
                mayHaveArrived: isOpen.withLock { $0 } || Self.mayHaveArrived(error.code))
        }
        guard response.status != 200 else { return response }
        let fault =
            AWSFault(response)
            ?? AWSFault(
                code: "status-\(response.status)", message: "EC2 answered with status \(response.status)")
        throw EC2Failure(
            code: fault.code, message: fault.message,
            mayHaveArrived: AWSErrorTable.isUnclear(response.status, fault.code)
                || (AWSErrorTable.isThrottling(fault.code) && isOpen.withLock { $0 }))
    }

    private func request(_ body: [UInt8], in region: String) async throws(Problem) -> HTTPRequest {
        let url = configuration.ec2(region)
        let address = try AWSEndpoint(url)
        let found: AWSCredentials
        do throws(Problem) {
            found = try await credentials.current()
        } catch {
            // Whatever it was that failed, nothing was asked of EC2.
            throw error.code == .cancelled ? error : Problem(.notAuthenticated, error.message)
        }
        let signer = RequestSigner(credentials: found, region: region, service: "ec2")
        let headers = signer.headers(
            host: address.host, path: address.path, body: body,
            contentType: "application/x-www-form-urlencoded; charset=utf-8", at: clock.now())
        return HTTPRequest(
            .post, url, headers: headers, body: body, timeout: CloudPolicy.awsAttemptTimeout,
            bodyLimit: CloudPolicy.largestAWSAnswer)
    }

    private func judge(_ response: HTTPResponse) -> CallVerdict {
        guard response.status != 200 else { return .done }
        let code = AWSFault(response)?.code ?? "status-\(response.status)"
        if AWSErrorTable.isThrottling(code) { return .throttled(after: nil) }
        if AWSErrorTable.isStaleCredentials(code) {
            credentials.invalidate()
            return .again(after: nil)
        }
        if AWSErrorTable.isUnclear(response.status, code) { return .again(after: nil) }
        // What a dry run answers with when it would have worked.
        if code == AWSErrorTable.dryRun { return .done }
        return .failed(label: AWSErrorTable.error(code, "", .init()).label)
    }

    private static func mayHaveArrived(_ code: ProblemCode) -> Bool {
        switch code {
        case .inputInvalid, .networkRefused, .notAuthenticated, .callHeld: false
        default: true
        }
    }
}
