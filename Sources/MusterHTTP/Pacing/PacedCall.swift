import MusterCore
import MusterRuntime

/// One call on its way through its attempts. Used by the task that makes it alone.
struct PacedCall {
    private let policy: CallPolicy
    private let cost: Double
    private let lane: CallLane
    private let client: PacedClient
    private let deadline: Duration

    private var attempts = 0
    /// How the last attempt ended, when that was not for good.
    private var last: Ending?
    /// The problem of an attempt that may have been carried out.
    private var unclear: Problem?
    /// Whether any attempt may have been carried out that no final answer told of.
    private var isOpen = false
    /// What the answer that is returned has failed of; nil for a success.
    private(set) var failure: String?

    private enum Ending {
        case answer(HTTPResponse, label: String)
        case problem(Problem)
    }

    private enum Step {
        case finished(HTTPResponse)
        case again(after: Duration)
        /// The bucket says when.
        case whenAdmitted
    }

    init(_ policy: CallPolicy, cost: Double, lane: CallLane, client: PacedClient) {
        self.policy = policy
        self.cost = cost
        self.lane = lane
        self.client = client
        deadline = client.clock.uptime() + policy.deadline
    }

    mutating func run(
        _ request: @Sendable () async throws(Problem) -> HTTPRequest,
        _ judge: @Sendable (HTTPResponse) -> CallVerdict
    ) async throws(CallFailure) -> CallAnswer {
        do throws(Problem) {
            let response = try await lastAnswer(request, judge)
            return CallAnswer(response: response, hadUnclearAttempt: isOpen)
        } catch {
            throw CallFailure(problem: error, mayHaveArrived: isOpen)
        }
    }

    private mutating func lastAnswer(
        _ request: @Sendable () async throws(Problem) -> HTTPRequest,
        _ judge: @Sendable (HTTPResponse) -> CallVerdict
    ) async throws(Problem) -> HTTPResponse {
        while true {
            if let refusal = try await turn() { return try giveUp(refusal) }
            let step = try await attempt(request, judge)
            if case .finished(let response) = step { return response }
            guard attempts < policy.attempts else { return try giveUp("it was sent \(attempts) times") }
            guard case .again(let wait) = step else { continue }
            guard client.clock.uptime() + wait < deadline else {
                return try giveUp("the next attempt would be \(wait) away, after the deadline")
            }
            do {
                try await client.clock.sleep(for: wait)
            } catch {
                throw cancelled
            }
        }
    }

    /// Waits for tokens; what is returned is why there will be none in time.
    private func turn() async throws(Problem) -> String? {
        let begun = client.clock.uptime()
        let admission = await lane.gate.enter(cost, until: deadline)
        let waited = client.clock.uptime() - begun
        switch admission {
        case .admitted:
            lane.count { $0.wait.add(waited) }
            return nil
        case .cancelled: throw cancelled
        case .tooLate(let wait): return "its turn would be \(wait) away, after the deadline"
        }
    }

    private mutating func attempt(
        _ request: @Sendable () async throws(Problem) -> HTTPRequest,
        _ judge: @Sendable (HTTPResponse) -> CallVerdict
    ) async throws(Problem) -> Step {
        var message: HTTPRequest
        do throws(Problem) {
            message = try await request()
        } catch {
            throw unclear ?? error
        }
        let sentAt = client.clock.uptime()
        guard sentAt < deadline else { return .finished(try giveUp("its deadline passed")) }
        message.timeout = min(message.timeout, deadline - sentAt)
        message.lane = message.lane ?? lane.kind.description
        let isRetry = attempts > 0
        attempts += 1
        lane.count { figures in
            figures.attempts += 1
            figures.retries += isRetry ? 1 : 0
            figures.inFlight += 1
        }
        let outcome: Result<HTTPResponse, Problem>
        do throws(Problem) {
            outcome = .success(try await client.client.send(message))
        } catch {
            outcome = .failure(error)
        }
        let latency = client.clock.uptime() - sentAt
        lane.count { figures in
            figures.inFlight -= 1
            figures.latency.add(latency)
        }
        switch outcome {
        case .success(let response):
            if response.sendings > 1 { isOpen = true }
            return judged(response, judge(response), sentAt: sentAt)
        case .failure(let problem): return try failed(problem, of: message.method)
        }
    }

    private mutating func judged(_ response: HTTPResponse, _ verdict: CallVerdict, sentAt: Duration) -> Step {
        let asked = RetryAfter.wait(response, now: client.clock.now())
        let backoff = Backoff()
        switch verdict {
        case .done:
            lane.gate.succeed()
            failure = response.status < 400 ? nil : "status-\(response.status)"
            return .finished(response)
        case .failed(let label):
            lane.gate.succeed()
            failure = label
            return .finished(response)
        case .again(let after):
            last = .answer(response, label: "status-\(response.status)")
            if response.leavesOpen { isOpen = true }
            let attempts = attempts
            return .again(
                after: client.draw { chance in
                    (after ?? asked).map { backoff.wait(atLeast: $0, using: &chance) }
                        ?? backoff.wait(after: attempts, using: &chance)
                })
        case .throttled(let after):
            last = .answer(response, label: "throttled")
            lane.count { $0.throttled += 1 }
            lane.gate.refuse(sentAt: sentAt) { refusals in
                client.draw { chance in
                    (after ?? asked).map { backoff.wait(atLeast: $0, using: &chance) }
                        ?? backoff.wait(after: refusals, using: &chance)
                }
            }
            return .whenAdmitted
        }
    }

    private mutating func failed(_ problem: Problem, of method: HTTPMethod) throws(Problem) -> Step {
        if problem.mayHaveArrived { isOpen = true }
        switch problem.code {
        case .networkRefused: break
        case .networkTimeout, .networkFailed:
            unclear = problem
            guard policy.isRepeatable || method.isIdempotent else { throw problem }
        // Another attempt would end the same way, or is not wanted.
        default: throw problem
        }
        last = .problem(problem)
        let attempts = attempts
        return .again(after: client.draw { Backoff().wait(after: attempts, using: &$0) })
    }

    /// Ends the call with what is known of it.
    private mutating func giveUp(_ reason: String) throws(Problem) -> HTTPResponse {
        if let unclear { throw unclear.given(up: reason) }
        switch last {
        case .problem(let problem): throw problem.given(up: reason)
        case .answer(let response, let label):
            failure = label
            return response
        case nil:
            throw Problem(.callHeld, "the call \(lane.kind) was not sent: \(reason)")
        }
    }

    private var cancelled: Problem {
        Problem(.cancelled, "the call \(lane.kind) was cancelled by the caller")
    }
}

extension HTTPResponse {
    /// Whether it is a fault that may have come after the server's work was done, such as a gateway's that gave up.
    fileprivate var leavesOpen: Bool { status >= 500 || status == 408 }
}

extension Problem {
    /// Whether a call that ended with it may have been carried out.
    fileprivate var mayHaveArrived: Bool {
        switch code {
        case .networkRefused, .inputInvalid, .internalError: false
        default: true
        }
    }

    fileprivate func given(up reason: String) -> Problem {
        var problem = self
        problem.message += "; given up, since \(reason)"
        return problem
    }
}
