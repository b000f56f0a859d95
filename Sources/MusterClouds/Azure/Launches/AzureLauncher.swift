import MusterCore
import MusterHTTP
import MusterRuntime

/// Sends the calls of a launch, one for each machine.
struct AzureLauncher: Sendable {
    let api: AzureAPI
    let memory: AzureMemory

    /// What became of the call for one machine.
    enum Answer: Sendable {
        /// It was taken; the URL tells how it goes on.
        case arrived(operation: String?)
        /// There is one of this name: an earlier sending arrived.
        case exists
        case refused(CloudError)
        case unclear(CloudError)
    }

    func launch(_ call: AzureCall, token: @escaping @Sendable (WorkerID) -> Secret<String>) async
        -> LaunchOutcome
    {
        let answers = await withTaskGroup(of: (WorkerID, Answer).self) { group in
            for name in call.names {
                group.addTask { (name, await send(name, of: call, token: token)) }
            }
            return await group.reduce(into: [(WorkerID, Answer)]()) { $0.append($1) }
        }
        return outcome(answers, of: call.launch)
    }

    /// Remembers what only these answers tell, and sums them up.
    func outcome(_ answers: [(WorkerID, Answer)], of launch: LaunchID) -> LaunchOutcome {
        var refusals: [CloudError: Int] = [:]
        var unclear: CloudError?
        var hasArrived = false
        for (name, answer) in answers {
            switch answer {
            case .arrived(let operation):
                hasArrived = true
                memory.change(name, of: launch) {
                    ($0.refusal, $0.operation) = (nil, operation ?? $0.operation)
                }
            case .exists:
                hasArrived = true
                memory.change(name, of: launch) { $0.refusal = nil }
            case .refused(let error):
                refusals[error, default: 0] += 1
                memory.change(name, of: launch) { $0.refusal = error }
            case .unclear(let error): unclear = unclear ?? error
            }
        }
        if hasArrived { return .accepted }
        if let unclear { return .unclear(unclear) }
        // Nothing is left to look up.
        memory.forget(launch)
        let sorted = refusals.sorted { ($0.value, $0.key.cloudCode) > ($1.value, $1.key.cloudCode) }
        return .answered(
            instances: [], refusals: sorted.map { LaunchRefusal(count: $0.value, error: $0.key) })
    }

    private func send(
        _ name: WorkerID, of call: AzureCall, token: @Sendable (WorkerID) -> Secret<String>
    ) async -> Answer {
        let body = AzureMachine.body(name, of: call, api.configuration, token: token)
        var request = AzureRequest(
            kind: .change, method: .put, url: api.paths.machine(name.rawValue), location: call.location)
        request.headers = [("If-None-Match", "*")]
        request.body = body.reveal()
        request.deadline = CloudPolicy.azureChangeDeadline
        // What a fault left open, no later "too many calls" settles.
        let isOpen = Locked(false)
        do throws(Problem) {
            let response = try await api.answer(request) { isOpen.withLock { $0 = true } }
            let answer = Self.judge(response, of: call, api: api)
            if case .refused(let error) = answer, isOpen.withLock({ $0 }),
                [401, 403, 429].contains(response.status)
            {
                return .unclear(error)
            }
            return answer
        } catch {
            guard !isOpen.withLock({ $0 }) else { return .unclear(AzureErrorTable.error(error)) }
            switch error.code {
            case .networkTimeout, .networkFailed, .answerTooLarge, .cancelled, .shuttingDown:
                return .unclear(AzureErrorTable.error(error))
            default: return .refused(AzureErrorTable.error(error))
            }
        }
    }

    /// What an answer says of whether there is, or will be, a machine.
    static func judge(_ response: HTTPResponse, of call: AzureCall, api: AzureAPI) -> Answer {
        switch response.status {
        case 200..<300:
            let operation = response.header("Azure-AsyncOperation") ?? response.header("Location")
            return .arrived(
                operation: operation.flatMap { api.configuration.endpoints.isManagement($0) ? $0 : nil })
        // No other machine of this name is made, nor is one changed: the first sending's is there.
        case 412: return .exists
        default: break
        }
        let subject = AzureErrorTable.Subject(offering: call.offering, scopes: call.scopes)
        let error = api.error(response, of: subject)
        let code = error.cloudCode.lowercased()
        if response.status == 409, AzureErrorTable.exists.contains(code) { return .exists }
        switch response.status {
        case 408, 500...: return .unclear(error)
        default: return .refused(error)
        }
    }
}
