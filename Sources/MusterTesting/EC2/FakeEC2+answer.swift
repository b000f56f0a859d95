import Glibc
import MusterCore
import MusterRuntime

extension FakeEC2 {
    /// What a call came to: a good answer's content, or an error.
    enum Outcome {
        case good(String)
        case bad(status: Int, code: String, message: String)

        static func invalid(_ code: String, _ message: String) -> Outcome {
            .bad(status: 400, code: code, message: message)
        }
    }

    /// Answers a request; on a thread of the server's own.
    func answer(_ request: ReceivedRequest) -> Reply {
        let form = FormParameters(request.body)
        let action = form["Action"] ?? ""
        let fault = state.withLock { state in
            state.calls[action, default: 0] += 1
            let fault = state.fault(action)
            state.dealt.note(fault, of: action)
            return fault
        }
        switch fault {
        case .throttled:
            return reply(
                action, .bad(status: 503, code: "RequestLimitExceeded", message: "Request limit exceeded."))
        case .internalError:
            return reply(
                action, .bad(status: 500, code: "InternalError", message: "An internal error has occurred"))
        case .error(let status, let code, let message):
            return reply(action, .bad(status: status, code: code, message: message))
        case .echo(let status, let code):
            let headers = request.headers.map { "\($0.name):\($0.value)" }.joined(separator: "\n")
            return reply(
                action,
                .bad(status: status, code: code, message: "The Canonical String should have been\n\(headers)")
            )
        case .text(let text): return .text(text)
        case .lostBefore: return .hangUp
        default: break
        }
        let region: String
        switch self.region(of: request) {
        case .success(let found): region = found
        case .failure(let fault):
            state.withLock { $0.badSignatures += 1 }
            return reply(
                action, .bad(status: fault.status, code: fault.code, message: "the signature is not good"))
        }
        if fault == .noTemplate {
            return reply(action, state.withLock { $0.refuseTemplate(form, request.body, clock.now()) })
        }
        var outcome = perform(action, form, request.body, region, hasCapacity: fault != .noCapacity)
        if fault == .doneTwice { outcome = perform(action, form, request.body, region, hasCapacity: true) }
        let answer = reply(action, outcome)
        switch fault {
        case .lostAfter: return .hangUp
        case .errorAfter(let status, let code):
            return reply(action, .bad(status: status, code: code, message: "after all"))
        case .halfAnswer, .answersTwice:
            guard case .answer(let status, let headers, let body) = answer else { return answer }
            var bytes = Array("HTTP/1.1 \(status) Said\r\n".utf8)
            for (name, value) in headers { bytes += Array("\(name): \(value)\r\n".utf8) }
            bytes += Array("Content-Length: \(body.count)\r\n\r\n".utf8)
            if fault == .halfAnswer { return .raw(bytes + body.prefix(body.count / 2)) }
            return .raw(bytes + body + bytes + body)
        case .late(let milliseconds):
            usleep(UInt32(milliseconds) * 1_000)
            return answer
        default: return answer
        }
    }

    private func reply(_ action: String, _ outcome: Outcome) -> Reply {
        let request = XMLText.leaf("requestId", "59dbff89-35bd-4eac-99ed-be587EXAMPLE")
        switch outcome {
        case .good(let content):
            let xml =
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<\(action)Response"
                + " xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">\(request)\(content)</\(action)Response>"
            return .answer(headers: [("Content-Type", "text/xml;charset=UTF-8")], body: Array(xml.utf8))
        case .bad(let status, let code, let message):
            let error = XMLText.element("Error", XMLText.leaf("Code", code), XMLText.leaf("Message", message))
            let xml =
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                + XMLText.element(
                    "Response", XMLText.element("Errors", error), XMLText.leaf("RequestID", "r"))
            return .answer(
                status: status, headers: [("Content-Type", "text/xml;charset=UTF-8")], body: Array(xml.utf8))
        }
    }

    private func perform(
        _ action: String, _ form: FormParameters, _ body: [UInt8], _ region: String, hasCapacity: Bool
    ) -> Outcome {
        let now = clock.now()
        return state.withLock { state in
            if state.denied.contains(action) {
                return .bad(
                    status: 403, code: "UnauthorizedOperation",
                    message: "You are not authorized to perform this operation.")
            }
            state.boot(now)
            if form["DryRun"] == "true" {
                return .bad(
                    status: 412, code: "DryRunOperation",
                    message: "Request would have succeeded, but DryRun flag is set.")
            }
            switch action {
            case "RunInstances": return state.run(form, body, region, now, hasCapacity)
            case "CreateFleet": return state.createFleet(form, body, region, now, hasCapacity)
            case "CreateLaunchTemplate": return state.createTemplate(form, region, now)
            case "DescribeLaunchTemplates": return state.describeTemplates(form, region)
            case "DeleteLaunchTemplate": return state.deleteTemplate(form, region)
            case "CreateTags": return state.tagTemplates(form, region)
            case "DescribeInstances": return state.describe(form, region, now)
            case "DescribeInstanceStatus": return state.describeStatus(form, region)
            case "TerminateInstances": return state.terminate(form, region)
            case "GetCallerIdentity":
                return .good(
                    XMLText.element(
                        "GetCallerIdentityResult", XMLText.leaf("Account", state.account),
                        XMLText.leaf("Arn", "arn:aws:iam::\(state.account):user/fake")))
            default:
                return .invalid("InvalidAction", "The action \(action) is not valid for this web service.")
            }
        }
    }
}
