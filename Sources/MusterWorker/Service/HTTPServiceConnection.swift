import MusterAPI
import MusterCore
import MusterHTTP
import MusterRuntime

/// The service, spoken to over HTTP.
final class HTTPServiceConnection: ServiceConnection {
    private let address: ServiceAddress
    private let worker: WorkerKey
    private let client: HTTPClient
    private let clock: any WallClock
    private let accessToken = Locked<Secret<String>?>(nil)

    init(to address: ServiceAddress, as worker: WorkerKey, client: HTTPClient, clock: any WallClock) {
        self.address = address
        self.worker = worker
        self.client = client
        self.clock = clock
    }

    func register(_ request: RegisterWorkerRequest) async throws(ServiceFailure) -> Timestamp {
        let (answer, _) = try await call(
            .post, APIPath.register, request, RegisterWorkerResponse.self)
        accessToken.withLock { $0 = Secret(answer.credentials.accessToken) }
        return answer.expires
    }

    func claim(_ request: ClaimRequest) async throws(ServiceFailure) -> ClaimAnswer {
        let wait = Duration.milliseconds(Int64(request.waitSeconds * 1_000))
        var (answer, skew) = try await call(
            .post, APIPath.claims(worker.poolID), request, ClaimAnswer.self,
            timeout: wait + WorkerPolicy.callTimeout)
        for index in answer.tasks.indices {
            answer.tasks[index].takenUntil = answer.tasks[index].takenUntil + skew
        }
        return answer
    }

    func renew(_ run: RunReference, within time: Duration) async throws(ServiceFailure) -> Timestamp {
        let (answer, skew) = try await call(
            .post, APIPath.renew(run), NoBody(), RenewAnswer.self, timeout: time)
        return answer.takenUntil + skew
    }

    func report(_ run: RunReference, _ report: RunReport) async throws(ServiceFailure) {
        _ = try await call(.post, APIPath.report(run), report, ReportAnswer.self)
    }

    func shouldTerminate() async throws(ServiceFailure) -> ShouldTerminateResponse {
        try await call(
            .get, APIPath.shouldTerminate(worker), NoBody?.none, ShouldTerminateResponse.self
        ).answer
    }

    private struct NoBody: Encodable {}

    /// Makes one call; gives the answer, and what to add to the service's times to have them by our clock.
    private func call<Answer: Decodable>(
        _ method: HTTPMethod, _ path: String, _ body: (some Encodable)?, _ type: Answer.Type,
        timeout: Duration = WorkerPolicy.callTimeout
    ) async throws(ServiceFailure) -> (answer: Answer, skew: Duration) {
        var headers = [(name: "Accept", value: "application/json")]
        if let token = accessToken.withLock({ $0 }) {
            headers.append(("Authorization", "Bearer \(token.reveal())"))
        }
        var bytes: [UInt8]?
        if let body {
            bytes = JSON.encode(body)
            headers.append(("Content-Type", "application/json"))
        }
        let response: HTTPResponse
        do {
            response = try await client.send(
                HTTPRequest(
                    method, address.base + path, unixSocketPath: address.unixSocketPath, headers: headers,
                    body: bytes, timeout: timeout))
        } catch {
            throw ServiceFailure(calling: error)
        }
        guard (200..<300).contains(response.status) else {
            throw ServiceFailure(
                status: response.status, body: response.body, retryAfter: response.header("Retry-After"))
        }
        let answer: Answer
        do {
            answer = try JSON.decode(type, from: response.body)
        } catch {
            throw .noAnswer(
                Problem(
                    .answerUnexpected,
                    "the answer to \(method.rawValue) \(path) is not understood: \(error.message)",
                    field: error.field))
        }
        return (answer, ServiceTime.skew(date: response.header("Date"), now: clock.now()))
    }
}
