import MusterCore
import MusterHTTP
import MusterRuntime

/// Who AWS takes credentials for.
struct CallerIdentity: Hashable, Sendable {
    var account: String
    var arn: String?
}

extension SecurityTokenService {
    /// Asks who credentials are; the whole answer besides, for those who look at its head.
    func callerIdentity(
        of credentials: AWSCredentials
    ) async throws(Problem) -> (identity: Result<CallerIdentity, CloudError>, answer: HTTPResponse) {
        let form = [(name: "Action", value: "GetCallerIdentity"), (name: "Version", value: "2011-06-15")]
        let answer = try await send(form, with: credentials)
        guard answer.status == 200 else {
            let code = AWSFault(answer)?.code ?? "status-\(answer.status)"
            let message = "AWS does not say whose the credentials of \(credentials.origin) are"
            return (.failure(AWSErrorTable.error(code, message, .init())), answer)
        }
        let found = try XML.elements(
            [XMLWish("GetCallerIdentityResult")],
            shape: XMLShape(root: "GetCallerIdentityResponse", requiring: ["GetCallerIdentityResult"]),
            in: answer.body
        ).first?.element
        guard let account = found?.text("Account") else {
            throw Problem(.answerUnexpected, "the answer to GetCallerIdentity names no account")
        }
        return (.success(CallerIdentity(account: account, arn: found?.text("Arn"))), answer)
    }
}
