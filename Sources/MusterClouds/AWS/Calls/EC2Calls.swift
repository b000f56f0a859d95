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
    private let buckets: InstanceBuckets

    init(
        _ client: PacedClient, _ configuration: AWSConfiguration,
        _ credentials: ExpiringValue<AWSCredentials>,
        clock: any WallClock
    ) {
        self.client = client
        self.configuration = configuration
        self.credentials = credentials
        self.clock = clock
        buckets = InstanceBuckets(configuration.instanceRates, clock: clock)
    }

    /// The figures of this provider's calls.
    var figures: [CallFigures] {
        client.figures.filter { $0.kind.provider == configuration.id.rawValue }
    }

    /// Sends a form.
    func send(
        _ form: QueryForm, in region: String, about instances: Int = 0,
        deadline: Duration = CloudPolicy.awsCallDeadline
    ) async throws(EC2Failure) -> EC2Answer {
        try await send(form.action, body: form.text, in: region, about: instances, deadline: deadline)
    }

    /// Sends a form that was written before.
    ///
    /// - Parameter instances: how many it is about, for the actions whose instances EC2 counts too.
    func send(
        _ action: String, body: String, in region: String, about instances: Int = 0,
        deadline: Duration = CloudPolicy.awsCallDeadline
    ) async throws(EC2Failure) -> EC2Answer {
        let end = clock.uptime() + deadline
        do throws(Problem) {
            try await buckets.take(instances, for: action, in: region, until: end)
        } catch {
            throw EC2Failure(code: error.code.rawValue, message: error.message, mayHaveArrived: false)
        }
        let lane = EC2Rates.lane(action)
        let kind = CallKind(provider: configuration.id.rawValue, region: region, name: lane)
        let policy = CallPolicy(
            rate: configuration.rates[lane] ?? EC2Rates.rate(lane), deadline: end - clock.uptime(),
            isRepeatable: true)
        let bytes = Array(body.utf8)
        let redaction = Locked(Redaction())
        let answer: CallAnswer
        do throws(CallFailure) {
            answer = try await client.exchange(
                kind, policy,
                request: { () async throws(Problem) in try await self.request(bytes, in: region, redaction) },
                judge: { self.judge($0) })
        } catch {
            throw EC2Failure(
                code: error.problem.code.rawValue, message: error.problem.message,
                mayHaveArrived: error.mayHaveArrived)
        }
        let response = answer.response
        let secrets = redaction.withLock { $0 }
        guard response.status != 200 else {
            return EC2Answer(
                action: action, body: response.body, mayBeRepeated: answer.hadUnclearAttempt,
                redaction: secrets)
        }
        let fault =
            AWSFault(response)
            ?? AWSFault(
                code: "status-\(response.status)", message: "EC2 answered with status \(response.status)")
        throw EC2Failure(
            code: fault.code, message: fault.sentence(without: secrets),
            mayHaveArrived: answer.hadUnclearAttempt || AWSErrorTable.isUnclear(response.status, fault.code))
    }

    private func request(
        _ body: [UInt8], in region: String, _ redaction: Locked<Redaction>
    ) async throws(Problem) -> HTTPRequest {
        let url = configuration.ec2(region)
        let address = try AWSEndpoint(url)
        let found: AWSCredentials
        do throws(Problem) {
            found = try await credentials.current()
        } catch {
            throw Self.withoutCredentials(error)
        }
        let signer = RequestSigner(credentials: found, region: region, service: "ec2")
        let headers = signer.headers(
            host: address.host, path: address.path, body: body,
            contentType: "application/x-www-form-urlencoded; charset=utf-8", at: clock.now())
        redaction.withLock { $0.add(found, headers) }
        return HTTPRequest(
            .post, url, headers: headers, body: body, timeout: CloudPolicy.awsAttemptTimeout,
            bodyLimit: CloudPolicy.largestAWSAnswer)
    }

    /// What it means that there are no credentials: a network that fails is no fault of theirs, and whatever it was,
    /// nothing was asked of EC2.
    private static func withoutCredentials(_ problem: Problem) -> Problem {
        if problem.code == .cancelled { return problem }
        return problem.isOfTheNetwork
            ? Problem(.networkRefused, "the credentials cannot be fetched: \(problem.message)")
            : Problem(.notAuthenticated, problem.message)
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
}
