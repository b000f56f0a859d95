import Glibc
import MusterCore
import MusterRuntime

extension FakeAzure {
    /// What becomes of a request: the answer, or what goes wrong with it.
    func reply(to request: ReceivedRequest) -> Reply {
        let question = AzureQuestion(request)
        let date = date()
        let delay = state.withLock { $0.settings.delay }
        if delay > 0 { usleep(delay) }
        guard !question.path.hasPrefix("/metadata"), !question.path.hasSuffix("/token"),
            question.path != "/identity"
        else {
            return token(question).reply(date: date)
        }
        enum Fault { case lost, half, late(UInt32), none }
        let (answer, fault) = state.withLock { state -> (AzureAnswer, Fault) in
            let faults = state.settings.faults
            if let refusal = before(question, &state) {
                if refusal.status == 429 { state.dealt.note(.throttled, isLaunch: question.isLaunch) }
                return (refusal, .none)
            }
            var answer = self.answer(question, &state)
            if chance(faults.duplicates, &state) {
                answer = self.answer(question, &state)
                state.dealt.note(.twice, isLaunch: question.isLaunch)
            }
            let isLost = chance(faults.lostAnswers, &state)
            let isHalf = !isLost && chance(faults.halfAnswers, &state)
            if isLost || isHalf { state.dealt.note(.lost, isLaunch: question.isLaunch) }
            if isLost { return (answer, .lost) }
            if isHalf { return (answer, .half) }
            if chance(faults.lateAnswers, &state) { return (answer, .late(faults.lateness)) }
            return (answer, .none)
        }
        switch fault {
        case .lost: return .hangUp
        case .half: return answer.half(date: date)
        case .late(let time):
            usleep(time)
            return answer.reply(date: date)
        case .none: return answer.reply(date: date)
        }
    }

    /// What keeps a request from being carried out.
    private func before(_ question: AzureQuestion, _ state: inout State) -> AzureAnswer? {
        let word = (question.headers["authorization"] ?? "").split(separator: " ")
        guard word.count == 2, word[0] == "Bearer", let end = state.tokens[String(word[1])], end > clock.now()
        else {
            return .error(
                401, "ExpiredAuthenticationToken", "The access token expiry UTC time is earlier than now.")
        }
        guard question.query["api-version"] != nil else {
            return .error(400, "MissingApiVersionParameter", "The api-version query parameter is required.")
        }
        let faults = state.settings.faults
        if state.settings.throttleNext > 0 || chance(faults.throttled, &state) {
            state.settings.throttleNext = max(0, state.settings.throttleNext - 1)
            return .error(
                429, "TooManyRequests", "The request is being throttled as the limit has been reached.",
                headers: [
                    ("Retry-After", "\(state.settings.retryAfter)"),
                    ("x-ms-ratelimit-remaining-resource", "Microsoft.Compute/PutVM3Min;0"),
                ])
        }
        if chance(faults.outages, &state) { return .error(503, "ServiceUnavailable", "Try again later.") }
        return nil
    }

    private func answer(_ question: AzureQuestion, _ state: inout State) -> AzureAnswer {
        advance(&state)
        let parts = question.parts
        if parts == ["providers", "microsoft.resourcegraph", "resources"] { return graph(question, &state) }
        guard parts.count >= 2, parts[0] == "subscriptions", parts[1] == Self.subscription else {
            return .error(404, "SubscriptionNotFound", "The subscription could not be found.")
        }
        let rest = Array(parts.dropFirst(2))
        if rest.first == "resourcegroups" {
            guard rest.count >= 2, rest[1] == Self.resourceGroup else {
                return .error(404, "ResourceGroupNotFound", "Resource group could not be found.")
            }
            return inGroup(Array(rest.dropFirst(2)), question, &state)
        }
        return ofSubscription(rest, question, &state)
    }

    private func inGroup(_ rest: [String], _ question: AzureQuestion, _ state: inout State) -> AzureAnswer {
        if rest.isEmpty {
            return AzureAnswer(
                200,
                .object([
                    "id": .string(Self.groupPath), "name": .string(Self.resourceGroup),
                    "location": .string("eastus"),
                    "properties": .object(["provisioningState": .string("Succeeded")]),
                ]))
        }
        if rest == ["resources"] { return resources(question, &state) }
        guard rest.count >= 3, rest[0] == "providers" else {
            return .error(404, "NotFound", "There is no such thing.")
        }
        switch (rest[1], rest[2]) {
        case ("microsoft.compute", "virtualmachines"):
            return machines(Array(rest.dropFirst(3)), question, &state)
        case ("microsoft.compute", "disks"), ("microsoft.network", "networkinterfaces"),
            ("microsoft.network", "publicipaddresses"):
            return part(question, &state)
        case ("microsoft.network", "virtualnetworks"):
            guard question.path.hasSuffix("/workers") else {
                return .error(404, "ResourceNotFound", "No such subnet.")
            }
            return AzureAnswer(
                200, .object(["properties": .object(["addressPrefix": .string("10.0.0.0/16")])]))
        case ("microsoft.authorization", "permissions"):
            let actions = state.settings.actions.map(Document.string)
            return AzureAnswer(
                200,
                .object([
                    "value": Document(
                        .array([
                            .object([
                                "actions": Document(.array(actions)), "notActions": Document(.array([])),
                            ])
                        ]))
                ]))
        default: return .error(404, "NotFound", "There is no such thing.")
        }
    }
}
