import MusterCore
import MusterHTTP
import MusterRuntime

/// Sends the calls of a launch, one for each machine.
struct AzureLauncher: Sendable {
    let api: AzureAPI
    let memory: AzureMemory
    let parts: AzureParts

    /// What became of the call for one machine.
    enum Answer: Sendable {
        /// It was taken; the URL tells how it goes on.
        case arrived(operation: String?)
        /// There is one of this name: an earlier sending arrived.
        case exists
        /// It met something else that is being done, or an earlier attempt of it: there may be a machine or not.
        case contested(CloudError)
        case refused(CloudError)
        /// It was not sent.
        case held(CloudError)
        case unclear(CloudError)
    }

    func launch(_ call: AzureCall, token: @escaping @Sendable (WorkerID) -> Secret<String>) async
        -> LaunchOutcome
    {
        let round = AzureRound(api.clock)
        let answers = await Concurrently.map(call.names, atOnce: CloudPolicy.azureCallsAtOnce) { name in
            (name, await send(name, of: call, token: token, within: round))
        }
        for (name, answer) in answers { note(answer, name, of: call.launch) }
        var unclear: CloudError?
        var refusals: [CloudError] = []
        for (_, answer) in answers {
            switch answer {
            case .arrived, .exists: return .accepted
            case .contested(let error), .unclear(let error): unclear = unclear ?? error
            case .refused(let error), .held(let error): refusals.append(error)
            }
        }
        if let unclear { return .unclear(unclear) }
        // What is left of any of them is removed before anything is said to be over.
        guard await isNothingLeft(answers, within: round) else { return .accepted }
        memory.forget(call.launch)
        return .answered(instances: [], refusals: LaunchRefusal.counted(refusals))
    }

    /// Remembers what only this answer tells.
    private func note(_ answer: Answer, _ name: WorkerID, of launch: LaunchID) {
        let now = api.clock.uptime()
        memory.change(name, of: launch) { entry in
            entry = AzureMemory.Entry(sentAt: now, operation: entry.operation)
            switch answer {
            case .arrived(let operation): entry.operation = operation ?? entry.operation
            case .exists: break
            case .contested(let error): entry.contest = error
            case .refused(let error): entry.refusal = error
            case .held(let error): (entry.refusal, entry.isClear) = (error, true)
            case .unclear(let error): entry.loss = error
            }
        }
    }

    /// One list tells of all. Where it cannot be had, the sweep finds what there may be.
    private func isNothingLeft(_ answers: [(WorkerID, Answer)], within round: AzureRound) async -> Bool {
        var areClear = true
        for case (let name, .refused) in answers {
            guard let left = try? await parts.listed(of: name) else { return true }
            areClear = await parts.remove(left, within: round) && areClear
        }
        return areClear
    }

    private func send(
        _ name: WorkerID, of call: AzureCall, token: @Sendable (WorkerID) -> Secret<String>,
        within round: AzureRound
    ) async -> Answer {
        let body = AzureMachine.body(name, of: call, api.configuration, token: token)
        var request = AzureRequest(
            kind: .change, method: .put, url: api.paths.machine(name.rawValue, version: call.version),
            location: call.location)
        request.headers = [("If-None-Match", "*")]
        request.body = body.reveal()
        do throws(CloudError) {
            request.deadline = try round.time()
        } catch {
            return .held(error)
        }
        do throws(CallFailure) {
            let answer = try await api.exchange(request)
            return Self.judge(answer.response, isOpen: answer.hadUnclearAttempt, of: call, api: api)
        } catch {
            let found = AzureErrorTable.error(error.problem)
            return error.mayHaveArrived ? .unclear(found) : .held(found)
        }
    }

    /// What an answer says of whether there is, or will be, a machine.
    ///
    /// - Parameter isOpen: whether an attempt before it may have been carried out.
    static func judge(
        _ response: HTTPResponse, isOpen: Bool, of call: AzureCall, api: AzureAPI
    ) -> Answer {
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
        switch response.status {
        case 409 where AzureErrorTable.exists.contains(code): return .exists
        case 409 where AzureErrorTable.contested.contains(code): return .contested(error)
        case 408, 500...: return .unclear(error)
        case _ where isOpen: return .contested(error)
        // Turned away before anything was looked at.
        case 429: return .held(error)
        default: return .refused(error)
        }
    }
}
